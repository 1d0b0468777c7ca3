// This phone and one pass: bound by a code, known again later, dropped when another phone takes over.
import { isBoundTo, makeKeys, publicJwk } from "./proof.js";
import { ask, Refused } from "./service.js";
import { forget, load, save } from "./store.js";

const LOST = new Set(["phone_replaced", "phone_unbound", "pass_ended", "pass_expired", "wallet_unknown"]);

/**
 * Bind this phone to a pass, and return what it now keeps.
 *
 * The key is kept before anything is asked, so that no other phone is cut off for a key that this
 * one could not store. Throws Refused (`binding_code_needed` without a code) or Unreachable.
 */
export async function bind(db, pass, { code = null, keepPaper = false } = {}) {
  const kept = (await load(db, pass)) ?? { pass, keys: await makeKeys(), token: null, skew: 0 };
  await save(db, kept);
  const asked = { jwk: await publicJwk(kept.keys), keep_paper: keepPaper, ...(code && { code }) };
  const { body, date } = await ask(`passes/${pass}/phone`, asked);
  const record = { ...kept, token: body.token, skew: skewOf(date) };
  await save(db, record);
  return record;
}

/**
 * Ask for the ticket that this phone has now, and return what it keeps; undefined when it has none.
 *
 * `isKnown`: this browser has the cookie of a phone that carries some pass. A key that was lost with the browser's data is made anew: the phone's cookie is enough. Throws
 * Refused when another phone carries the pass (`phone_replaced`), or Unreachable.
 */
export async function refresh(db, pass, isKnown) {
  const kept = await load(db, pass);
  if (!kept && !isKnown) return undefined;
  try {
    const { body, date } = await ask(`passes/${pass}/ticket`);
    if (!kept || !isBoundTo(body.token, await publicJwk(kept.keys))) return await bind(db, pass);
    const record = { ...kept, token: body.token, skew: skewOf(date) };
    await save(db, record);
    return record;
  } catch (error) {
    if (!(error instanceof Refused) || !LOST.has(error.code)) throw error;
    if (kept) await forget(db, pass);
    if (error.code === "phone_replaced" && kept?.token) throw error;
    return undefined;
  }
}

function skewOf(date) {
  return Number.isNaN(date) ? 0 : date - Date.now();
}
