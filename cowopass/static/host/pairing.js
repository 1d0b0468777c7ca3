// Goes on to the devices by itself once the code on this page has paired one; without this module,
// a link does.
const EVERY_MS = 2_000;
const CODE_LIVES_MS = 600_000;

const waiting = document.querySelector("[data-pairing]");
const { pairing, newest, then } = waiting.dataset;
const ends = Date.now() + CODE_LIVES_MS;

async function look() {
  if (Date.now() > ends) return giveUp();
  if (!document.hidden) await goOnWhenPaired().catch(() => {});
  setTimeout(look, EVERY_MS);
}

async function goOnWhenPaired() {
  const response = await fetch(pairing, { cache: "no-store" });
  if (!response.ok) return;
  const { device } = await response.json();
  if (device && device !== newest) location.assign(`${then}?new=${encodeURIComponent(device)}`);
}

function giveUp() {
  waiting.hidden = true;
  document.querySelector("[data-over]").hidden = false;
}

look();
