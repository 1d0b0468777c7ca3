// What is touched or typed on a slow phone before the scanner's modules have come: kept, and done then.
//
// A classic script at the head of the page: it listens before there is anything to touch. The
// modules say by the event `listening` that they do; when they can't be had, the page says so.
{
  const kept = [];
  const keyTyped = (event) => event.type === "keydown" && event.key.length === 1;

  function keep(event) {
    const button = event.type === "click" && event.target.closest("button");
    if (event.type === "click" && !button) return;
    // A scanner ends with Enter: it would press what has the focus.
    if (event.key === "Enter" && kept.some(keyTyped)) event.preventDefault();
    if (button) button.ariaBusy = "true";
    kept.push(event);
  }

  function doAll() {
    stop();
    for (const button of document.querySelectorAll("[aria-busy]")) button.ariaBusy = null;
    for (const event of kept) event.target.dispatchEvent(new event.constructor(event.type, event));
  }

  function tellOfFailure({ target }) {
    if (target.localName !== "script") return;
    stop();
    for (const part of document.querySelectorAll("[data-needs-modules]")) part.hidden = true;
    document.getElementById("no-modules").hidden = false;
  }

  function stop() {
    for (const type of ["click", "keydown"]) removeEventListener(type, keep, true);
    removeEventListener("error", tellOfFailure, true);
  }

  for (const type of ["click", "keydown"]) addEventListener(type, keep, true);
  addEventListener("error", tellOfFailure, true);
  addEventListener("listening", doAll, { once: true });
}
