// What a phone signs to show that a ticket is its own: a key-binding JWT, as wallet/proof.py reads it.
import { base64urlEncode } from "../ticket/encoding.js";
import { PROOF_TYP, sdHash } from "../ticket/proof.js";

const ES256 = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const NONCE_BYTES = 8;

/** Return a new key pair whose private half never leaves this phone. */
export function makeKeys() {
  return crypto.subtle.generateKey(ES256, false, ["sign", "verify"]);
}

/** Return the public half of a key pair as the service takes it. */
export async function publicJwk(keys) {
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", keys.publicKey);
  return { kty, crv, x, y };
}

/**
 * Return `ticket~proof`: the proof is signed now, counts once, and is stale after 90 seconds.
 *
 * `at` is in milliseconds since 1970; `audience` is `cowopass`, or the one space that may take it.
 */
export async function present(token, privateKey, at, audience = "cowopass") {
  const claims = {
    iat: Math.floor(at / 1000),
    aud: audience,
    nonce: base64urlEncode(crypto.getRandomValues(new Uint8Array(NONCE_BYTES))),
    sd_hash: await sdHash(token),
  };
  const signed = [{ alg: "ES256", typ: PROOF_TYP }, claims].map(encoded).join(".");
  const signature = await crypto.subtle.sign(ES256, privateKey, new TextEncoder().encode(signed));
  return `${token}~${signed}.${base64urlEncode(new Uint8Array(signature))}`;
}

/** Say whether a ticket is bound to this public key. */
export function isBoundTo(token, jwk) {
  const [, claims] = token.split(".");
  const { cnf } = JSON.parse(atob(claims.replaceAll("-", "+").replaceAll("_", "/")));
  return cnf?.jwk?.x === jwk.x && cnf?.jwk?.y === jwk.y;
}

function encoded(part) {
  return base64urlEncode(new TextEncoder().encode(JSON.stringify(part)));
}
