// Is this ticket genuine? As in wallet/verify.py: the order of the refusals is part of the protocol.
import { readClaims } from "./claims.js";
import { isSignedBy, payloadHash, readParts } from "./jws.js";
import { checkProof, readProof } from "./proof.js";
import { Refusal } from "./refusal.js";
import { tokenFromText } from "./text.js";

export const TYP = "cowopass+jwt";

/**
 * Return `{ticket, proof}`: the genuine ticket of a text, and its proof, if it has to have one.
 *
 * `trust` has `issuers`, `keys` of `{kid, iss, net, compromised, jwk}`, and `genuine`, pairs of a
 * `jti` and a payload hash. `at` is the scan's time in seconds since 1970; `used` the hashes of
 * proofs that have counted. `nbf` and `exp` are compared with no clock. `beforeProof`, if given,
 * is called with the ticket before its proof is looked at, and may throw. Throws a Refusal.
 */
export async function verifyPresentation(text, trust, { at, space, used = new Set(), beforeProof }) {
  const [token, proofText = null] = tokenFromText(text).split("~");
  const ticket = await genuine(token, trust);
  beforeProof?.(ticket);
  if (ticket.cnf === null) {
    if (proofText !== null) throw new Refusal("holder_proof_invalid");
    return { ticket, proof: null };
  }
  if (proofText === null) throw new Refusal("holder_proof_missing");
  const proof = await readProof(proofText, token, ticket.cnf);
  checkProof(proof, at, space);
  if (used.has(proof.hash)) throw new Refusal("holder_proof_replayed");
  return { ticket, proof };
}

async function genuine(token, trust) {
  const { header, claims } = readParts(token, TYP);
  const hash = await payloadHash(token);
  const keys = keysFor(header, claims, hash, trust);
  const signed = await Promise.all(keys.map((key) => isSignedBy(key.jwk, token)));
  if (!signed.includes(true)) throw new Refusal("bad_signature");
  return { ...(await readClaims(claims)), kid: header.kid, payload_hash: hash, token };
}

/** Return the keys, at least one, that may have signed this; throws why there are none. */
function keysFor({ kid }, { iss, net, jti }, hash, trust) {
  if (typeof iss !== "string" || !trust.issuers.includes(iss)) throw new Refusal("issuer_unknown");
  const named = trust.keys.filter((key) => key.kid === kid);
  if (!named.length) throw new Refusal("key_unknown");
  const isOurs = trust.genuine.some(([known, itsHash]) => known === jti && itsHash === hash);
  const vouching = named.filter((key) => isOurs || !key.compromised);
  if (!vouching.length) throw new Refusal("key_compromised");
  const entitled = vouching.filter((key) => key.iss === iss && key.net === net);
  if (!entitled.length) throw new Refusal("issuer_key_mismatch");
  return entitled;
}
