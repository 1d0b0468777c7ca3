// The pass on its page: shows the living code where this phone has one, and says when it has none.
import { showBinding } from "./binding.js";
import { keepAwake, showLive } from "./live.js";
import { refresh } from "./phone.js";
import { Refused, Unreachable } from "./service.js";
import { load, openStore } from "./store.js";

const STALE = 120_000;
const WRONG_CLOCK = 30_000;

const words = JSON.parse(document.getElementById("words").textContent);
const card = document.querySelector(".pass");
const parts = Object.fromEntries(
  ["code", "shuttle", "live", "clock", "next", "still", "seen", "offline", "offline-text", "trouble", "trouble-text"]
    .map((id) => [id, document.getElementById(id)]),
);
let stop = null;

function say(text) {
  parts["trouble-text"].textContent = text;
  parts.trouble.hidden = !text;
}

function showRecord(record) {
  stop?.();
  stop = showLive(record, card.dataset, parts, words);
  document.getElementById("no-code")?.remove();
  document.getElementById("bind").hidden = true;
  if (Math.abs(record.skew) > WRONG_CLOCK) say(words.clock);
  keepAwake();
}

/** Say that there is no network, how old the figures are, and what still works. */
function showOffline(isLive) {
  parts.offline.hidden = false;
  parts["offline-text"].textContent = isLive ? words.offlineLive : words.offlinePaper;
  const seen = new Date(card.dataset.asOf);
  const [lang, isToday] = [document.documentElement.lang, seen.toDateString() === new Date().toDateString()];
  const hour = seen.toLocaleTimeString(lang, { timeStyle: "short" });
  const day = seen.toLocaleDateString(lang, { day: "numeric", month: "long" });
  parts.seen.textContent = (isToday ? words.seen : words.seenBefore).replace("{hour}", hour).replace("{day}", day);
  const golden = document.getElementById("golden-sub");
  if (golden) golden.textContent = golden.dataset.offline;
  document.getElementById("golden-give")?.setAttribute("hidden", "");
}

/**
 * Say whether the figures are old. To a clock that is ahead they always are: a page that has just
 * come up anew is not looked at again at once.
 */
function isStale() {
  const [navigation] = performance.getEntriesByType("navigation");
  if (navigation?.type === "reload" && performance.now() < STALE) return false;
  return Date.now() - Date.parse(card.dataset.asOf) > STALE;
}

/** Ask the service whether this phone still carries the pass, and show what it has. */
async function synchronise(db) {
  try {
    const record = await refresh(db, card.dataset.pass, card.dataset.known === "yes");
    if (!parts.offline.hidden || isStale()) return location.reload();
    if (record) return showRecord(record);
    if (stop) return location.reload();
    return showBinding(db, card.dataset.pass, words);
  } catch (error) {
    if (error instanceof Unreachable) return showOffline(stop !== null);
    if (!(error instanceof Refused) || error.code !== "phone_replaced") throw error;
    stop?.();
    for (const part of [parts.shuttle, parts.live]) part.hidden = true;
    parts.code.replaceChildren();
    say(words.replaced);
    return showBinding(db, card.dataset.pass, words);
  }
}

async function start() {
  if (!globalThis.isSecureContext) return say(words.noCrypto);
  let db;
  try {
    db = await openStore();
    const kept = await load(db, card.dataset.pass);
    if (kept?.token) showRecord(kept);
  } catch {
    return say(words.noStorage);
  }
  await synchronise(db);
  globalThis.addEventListener("online", () => synchronise(db));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") synchronise(db);
  });
}

/** Let the phone keep the wallet, so that it opens without a network. */
function keepWallet() {
  navigator.serviceWorker?.register("/wallet/worker.js", { scope: "/wallet" }).catch(() => null);
}

keepWallet();
if (card.dataset.shows === "code") start();
