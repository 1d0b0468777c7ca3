// The living code: signed anew every 20 seconds, with a clock that runs, a shuttle and a beat.
import { tokenToText } from "../ticket/text.js";
import { present } from "./proof.js";
import { drawQr } from "./qr.js";

export const PERIOD_SECONDS = 20;

// The header `Date` has whole seconds, and an answer takes its time: below, a clock counts as right.
const TOLERANCE = 5_000;

/**
 * Show a living code in a card, and return a function that stops it.
 *
 * `record` is what the phone keeps: its clock is corrected by what the server's last said. `parts`
 * are the elements that show it, `words` what they say.
 */
export function showLive(record, { baseUrl, audience }, parts, words) {
  let signedAt = Number.NEGATIVE_INFINITY;
  const skew = Math.abs(record.skew) > TOLERANCE ? record.skew : 0;

  async function sign(now) {
    signedAt = now;
    const text = tokenToText(await present(record.token, record.keys.privateKey, now, audience), baseUrl);
    drawQr(parts.code, text);
    parts.code.dataset.text = text;
    for (const animation of parts.shuttle.getAnimations({ subtree: true })) animation.currentTime = 0;
  }

  async function tick() {
    const now = Date.now() + skew;
    const age = (now - signedAt) / 1000;
    if (age >= PERIOD_SECONDS || age < 0) await sign(now);
    const left = Math.ceil(PERIOD_SECONDS - (now - signedAt) / 1000);
    parts.clock.textContent = new Date(now).toLocaleTimeString("fr-FR");
    parts.next.textContent = words.next.replace("{seconds}", left);
  }

  for (const part of [parts.shuttle, parts.live]) part.hidden = false;
  if (parts.still) parts.still.hidden = true;
  parts.code.setAttribute("aria-label", words.liveLabel);
  tick();
  const timer = setInterval(tick, 1000);
  return () => clearInterval(timer);
}

/** Keep the screen on while the code is looked at; where that is not possible, it goes dark as ever. */
export async function keepAwake() {
  try {
    await navigator.wakeLock?.request("screen");
  } catch {
    return;
  }
}
