// The door's sign asks itself again every half minute, and says so when it can not.
import { takeOver } from "./fresh.js";

const EVERY = 30_000;
const PATIENCE = 10_000;

async function refresh() {
  try {
    await takeOver(location.href, ["now", "as-of"], AbortSignal.timeout(PATIENCE));
    document.getElementById("stale").hidden = true;
  } catch {
    document.getElementById("stale").hidden = false;
  }
  setTimeout(refresh, EVERY);
}

/** Keep a tablet's screen on, where the browser lets us; it is asked again when the page is back. */
async function stayOn() {
  if (document.visibilityState === "visible") await navigator.wakeLock?.request("screen").catch(() => {});
}

document.addEventListener("visibilitychange", stayOn);
stayOn();
setTimeout(refresh, EVERY);
