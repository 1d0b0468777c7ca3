// Only the fields that the chosen kind of plan has are shown; without this module all are.

const kind = document.querySelector("[name=kind]");

function show() {
  for (const field of document.querySelectorAll("[data-kinds]")) {
    field.hidden = !field.dataset.kinds.split(" ").includes(kind.value);
  }
}

kind.addEventListener("change", show);
show();
