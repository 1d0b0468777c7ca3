// The selling form says on its one button what is taken, and is sent once. Without this module it
// sells all the same: the button then says less, and the server recognises a second click.

const form = document.querySelector("[data-sale]");
const button = form?.querySelector("button[type=submit]");
const plain = button?.textContent;

/** Return what the button says for a formula: its price, or the volunteers' if that is ticked. */
export function label(button, choice, isVolunteer) {
  const { full, volunteer, monthly } = choice.dataset;
  const pattern = monthly === undefined ? button.dataset.taken : button.dataset.monthly;
  return pattern.replace("{price}", isVolunteer && volunteer ? volunteer : full);
}

function refresh() {
  const choice = form.querySelector("[name=plan]:checked");
  const isVolunteer = form.querySelector("[name=volunteer]")?.checked;
  button.textContent = choice ? label(button, choice, isVolunteer) : plain;
}

form?.addEventListener("change", refresh);
form?.addEventListener("submit", () => (button.disabled = true));
// A page that comes back from the history is as it was left: its button may be pressed again.
window.addEventListener("pageshow", () => {
  if (!form) return;
  button.disabled = false;
  refresh();
});
