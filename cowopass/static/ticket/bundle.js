// The signed, numbered list by which a desk decides without network: docs/reference/offline.md.
import { base64urlDecode } from "./encoding.js";
import { isSignedBy } from "./jws.js";
import { Refusal } from "./refusal.js";

const TYP = "cowopass-bundle+jwt";

/**
 * Return the claims of a bundle for a space, signed by one of `keys` (JWKs with `kid` and `net`).
 *
 * Throws a Refusal, bundle_invalid: what is no bundle of this space never replaces one that is.
 */
export async function readBundle(jws, keys, space) {
  const parts = jws.split(".");
  const [header, claims] = parts.length === 3 ? parts.slice(0, 2).map(jsonOf) : [];
  if (header?.alg !== "ES256" || header.typ !== TYP || claims?.space !== space) {
    throw new Refusal("bundle_invalid");
  }
  const named = keys.filter(({ kid, net, compromised }) => kid === header.kid && net === claims.net && !compromised);
  const signed = await Promise.all(named.map((key) => isSignedBy(key, jws)));
  if (!signed.includes(true)) throw new Refusal("bundle_invalid");
  return claims;
}

/** Say whether a bundle may take the place of the one that is kept: numbers never go back. */
export function isNewer(bundle, kept) {
  return !kept || bundle.number > kept.number;
}

/** Return whom a bundle trusts, as `verifyPresentation` takes it. */
export function trustOf(bundle) {
  const keys = bundle.keys.map(({ kid, iss, net, compromised, kty, crv, x, y }) => {
    return { kid, iss, net, compromised, jwk: { kty, crv, x, y } };
  });
  return {
    issuers: [...new Set(keys.map((key) => key.iss))],
    keys,
    genuine: bundle.keys.flatMap((key) => key.genuine),
  };
}

function jsonOf(part) {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(base64urlDecode(part)));
  } catch {
    return undefined;
  }
}
