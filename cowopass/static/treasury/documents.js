// Shows how far the documents are without a touch: asks for the page again, and takes over what
// changed. Without scripts, the link « Où en est-on ? » does the same.

const WAIT_MS = 2000;

async function refresh() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return true;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("documents");
  if (!fresh) return false;
  document.getElementById("documents").replaceWith(fresh);
  return fresh.querySelector("[data-running]") !== null;
}

async function watch() {
  try {
    if (!(await refresh())) return;
  } catch {
    // No network for a moment: the work goes on, and so does the question.
  }
  setTimeout(watch, WAIT_MS);
}

setTimeout(watch, WAIT_MS);
