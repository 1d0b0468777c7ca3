// The numbered, signed journal of what was shown without network: docs/reference/offline.md.
import { base64urlEncode } from "../ticket/encoding.js";

const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const SIGNING = { name: "ECDSA", hash: "SHA-256" };
const LARGEST_BATCH = 100;
const KEPT_DAYS = 40;
const OFFLINE_UNDO = "Annulé au comptoir";

/** Say that `work` is done by one tab at a time. */
function alone(space, what, work, options = {}) {
  return navigator.locks.request(`cowopass-${what}-${space}`, options, work);
}

/**
 * Write an entry down and return it; nothing green may be shown before. Throws when it can't.
 *
 * `scan` is `{id, text, unit, at}`, `at` in seconds; `refused` the code of the desk's own refusal,
 * else null, with `visit` what was let in; `told` is what the list of entries shows.
 */
export function append(db, space, { scan, bundle, refused, visit, told }) {
  return alone(space, "journal", async () => {
    const key = await deviceKey(db);
    const number = ((await db.get("known", "number")) ?? 0) + 1;
    const checkIn = {
      id: scan.id, token: scan.text, space, unit: scan.unit, offline: true,
      at: new Date(scan.at * 1_000).toISOString(),
    };
    const jws = await signEntry(key, { number, bundle, refused, check_in: checkIn });
    const entry = { number, id: scan.id, at: scan.at, jws, refused, told, state: "waiting", undone: false };
    const stores = db.transaction(["known", "entries", "visits"], "readwrite", { durability: "strict" });
    await Promise.all([
      stores.objectStore("known").put(number, "number"),
      stores.objectStore("entries").add(entry),
      visit && stores.objectStore("visits").put({ ...visit, id: scan.id, offline: true }),
      stores.done,
    ]);
    return entry;
  });
}

/** Return the device's key, made once; its private half can't leave the browser. */
async function deviceKey(db) {
  const kept = await db.get("known", "key");
  if (kept) return kept;
  const pair = await crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]);
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  const key = { privateKey: pair.privateKey, jwk: { kty, crv, x, y } };
  await db.put("known", key, "key");
  return key;
}

/** Return an entry of the journal, a compact JWS. */
export async function signEntry({ privateKey, jwk }, claims) {
  const part = (value) => base64urlEncode(new TextEncoder().encode(JSON.stringify(value)));
  const input = `${part({ alg: "ES256", typ: "cowopass-journal+jwt", jwk })}.${part(claims)}`;
  const signature = await crypto.subtle.sign(SIGNING, privateKey, new TextEncoder().encode(input));
  return `${input}.${base64urlEncode(new Uint8Array(signature))}`;
}

/** Return the entries that wait, and those whose result a host should look at, oldest first. */
export function entries(db) {
  return db.getAll("entries");
}

/** Return how many entries wait for the network. */
export async function countWaiting(db) {
  return (await entries(db)).filter(({ state }) => state === "waiting").length;
}

/**
 * Send what waits, in the order of the numbers, unless another tab is at it.
 *
 * `ask` is the server's; throws what it throws. An answer that is no list of results (the device
 * was cut off, say) is returned, and the entries stay.
 */
export function send(db, space, ask) {
  return alone(space, "send", (lock) => (lock ? sendAll(db, ask) : null), { ifAvailable: true });
}

async function sendAll(db, ask) {
  for (;;) {
    const waiting = (await entries(db)).filter(({ state }) => state === "waiting");
    const batch = waiting.slice(0, LARGEST_BATCH);
    if (!batch.length) return null;
    const body = { check_ins: batch.map(({ jws }) => ({ journal: jws })) };
    const answer = await ask("/api/v1/check-ins/batch", { body, signal: AbortSignal.timeout(30_000) });
    if (answer.status !== 200) return answer;
    for (const [place, result] of answer.body.results.entries()) {
      if (!(await settle(db, batch[place], result, ask))) return answer;
    }
  }
}

/** Take in the result of an entry; say whether it had one. */
async function settle(db, entry, result, ask) {
  if (result.status >= 500 || result.status === 429) return false;
  // Recorded before the network was lost, in other words than the journal's: that record counts.
  const isKnown = result.status === 409 && result.code === "idempotency_conflict";
  const told = isKnown ? (await ask(`/api/v1/check-ins/${entry.id}`)).body : result;
  if (entry.undone && told.state === "accepted") {
    await ask(`/api/v1/check-ins/${entry.id}/void`, { body: { reason: OFFLINE_UNDO } });
  }
  const trouble = entry.undone ? null : troubleOf(entry, told);
  if (trouble) await db.put("entries", { ...entry, state: "sent", trouble });
  else await db.delete("entries", entry.number);
  if (told.state === "refused") await db.delete("visits", entry.id);
  return true;
}

/** Return what a host should know of a result: it is not what the desk had said. */
export function troubleOf(entry, told) {
  if (!told.state) return { kind: "unreadable" };
  if (told.state === "refused") return entry.refused ? null : { kind: "refused", code: told.code };
  if (told.overused) return { kind: "overused" };
  const atZero = (told.notes ?? []).find((note) => note.startsWith("offline_"));
  return atZero ? { kind: "at_zero", note: atZero } : null;
}

/** Take an entry back: it is sent, and voided when it was recorded. */
export async function undo(db, id) {
  const entry = (await entries(db)).find((one) => one.id === id);
  const stores = db.transaction(["entries", "visits"], "readwrite", { durability: "strict" });
  await Promise.all([
    entry && stores.objectStore("entries").put({ ...entry, undone: true }),
    stores.objectStore("visits").delete(id),
    stores.done,
  ]);
  return entry?.state === "waiting";
}

/** Let go of an entry whose result was looked at. */
export function acknowledge(db, number) {
  return db.delete("entries", number);
}

/** Keep a visit that the server has let in, so that this desk knows it without network. */
export function noteVisit(db, visit) {
  return db.put("visits", { ...visit, offline: false });
}

/** Forget the visits that no rule looks at any more. `now` is in seconds. */
export async function forgetOldVisits(db, now) {
  const oldest = new Date((now - KEPT_DAYS * 86_400) * 1_000).toISOString().slice(0, 10);
  const old = (await db.getAll("visits")).filter(({ on }) => on < oldest);
  await Promise.all(old.map(({ id }) => db.delete("visits", id)));
}

/** Return the journal as a file that a host can keep or hand over: one entry a line. */
export async function journalFile(db) {
  const lines = (await entries(db)).map(({ jws }) => `${jws}\n`);
  return new Blob(lines, { type: "text/plain" });
}
