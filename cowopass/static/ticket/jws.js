// The form of a token, read strictly and without trusting a word of it, as in wallet/jws.py.
import { base64urlDecode, sha256 } from "./encoding.js";
import { Refusal } from "./refusal.js";

const HEADER = new Set(["alg", "typ", "kid"]);
const DEEPEST = 16;
const ES256 = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const SIGNATURE_BYTES = 64;

/**
 * Return header and claims of a compact JWS of three parts, unverified.
 *
 * Throws a Refusal: malformed, alg_not_allowed, or typ_not_allowed for another type than `typ`.
 */
export function readParts(token, typ) {
  const [headerPart, claimsPart, signaturePart] = token.split(".");
  const header = readObject(headerPart);
  const claims = readObject(claimsPart);
  if (!base64urlDecode(signaturePart)) throw new Refusal("malformed");
  if (!Object.keys(header).every((name) => HEADER.has(name))) throw new Refusal("malformed");
  if (header.alg !== "ES256") throw new Refusal("alg_not_allowed");
  if (header.typ !== typ) throw new Refusal("typ_not_allowed");
  return { header, claims };
}

/** Return the base64url SHA-256 of what was signed; the signature itself could be respelled. */
export function payloadHash(token) {
  return sha256(token.slice(0, token.lastIndexOf(".")));
}

/** Say whether the signature of a compact JWS is one of this P-256 public JWK. */
export async function isSignedBy(jwk, token) {
  const dot = token.lastIndexOf(".");
  const signature = base64urlDecode(token.slice(dot + 1));
  if (signature?.length !== SIGNATURE_BYTES) return false;
  const signed = new TextEncoder().encode(token.slice(0, dot));
  const key = await publicKey(jwk);
  return key !== null && crypto.subtle.verify(ES256, key, signature, signed);
}

/** Return the key of a P-256 public JWK, or null when it is of another kind or no point. */
export async function publicKey({ kty, crv, x, y }) {
  if (kty !== "EC" || crv !== "P-256" || !isCoordinate(x) || !isCoordinate(y)) return null;
  try {
    return await crypto.subtle.importKey("jwk", { kty, crv, x, y }, ES256, false, ["verify"]);
  } catch {
    return null;
  }
}

function isCoordinate(value) {
  return typeof value === "string" && base64urlDecode(value)?.length === 32;
}

/** Return the JSON object in a part: UTF-8, no name twice, no half of a character, no NUL. */
function readObject(part) {
  const bytes = base64urlDecode(part);
  if (!bytes) throw new Refusal("malformed");
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return objectOf(text);
  } catch {
    throw new Refusal("malformed");
  }
}

function objectOf(text) {
  if (text.split(/[[{]/).length - 1 > DEEPEST) throw new SyntaxError("nested too deep");
  if (text.includes("\\u0000")) throw new SyntaxError("a NUL");
  let members = 0;
  JSON.parse(text);
  const value = JSON.parse(withoutFractions(text), function count(name, member) {
    if (!Array.isArray(this)) members += 1;
    if (/\p{Cs}/u.test(name) || (typeof member === "string" && /\p{Cs}/u.test(member))) {
      throw new SyntaxError("half of a character");
    }
    return member;
  });
  // A name that stands twice is kept once: then there are more colons than members. What is read
  // whole counts as a member of its own, hence a colon for each member and one part more.
  const parts = text.replaceAll(/"(?:[^"\\]|\\.)*"/g, "").split(":").length;
  if (parts !== members) throw new SyntaxError("a name stands twice");
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new SyntaxError("no object");
  }
  return value;
}

/** Read fractions as null: JavaScript would take 1.0 for the whole number 1, which Python does not. */
function withoutFractions(text) {
  return text.replaceAll(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (found) =>
    found[0] !== '"' && /[.eE]/.test(found) ? "null" : found,
  );
}
