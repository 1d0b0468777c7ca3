// Scanners that are keyboards: they type what they read and end with Enter. So may a hand.

const PAUSE_MS = 2_000;
const SHORTEST = 6;

/** Call `onText` with what is typed while no field has the cursor. */
export function listenForScanner(target, onText) {
  let typed = "";
  let last = 0;
  target.addEventListener(
    "keydown",
    (event) => {
      if (event.target.matches?.("input:not([type=radio]), textarea") || event.ctrlKey || event.metaKey) return;
      if (event.timeStamp - last > PAUSE_MS) typed = "";
      last = event.timeStamp;
      if (event.key === "Enter" && typed.length >= SHORTEST) {
        // It would press the button that has the focus.
        event.preventDefault();
        onText(typed);
        typed = "";
      } else if (event.key.length === 1) {
        typed += event.key;
      }
    },
    { capture: true },
  );
}
