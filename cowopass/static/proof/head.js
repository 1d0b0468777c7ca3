// The signed head of a month: what it says, and whose key signed it.
import { base64urlDecode, sha256 } from "../ticket/encoding.js";
import { isSignedBy } from "../ticket/jws.js";
import {
  BALANCES,
  COUNT,
  HASH,
  HASHES,
  INTEGER,
  LIST,
  MONTH,
  TEXT,
  Unreadable,
  isObject,
  listOf,
  oneOf,
  optional,
  readFields,
  readJson,
} from "./shape.js";

const TYP = "cowopass-head+jwt";
const KID_LENGTH = 10;
const HEADER = new Set(["alg", "typ", "kid"]);
const HEAD = {
  iss: TEXT,
  net: TEXT,
  period: MONTH,
  count: COUNT,
  root: HASH,
  gross_cents: INTEGER,
  fund_cents: INTEGER,
  charges: INTEGER,
  positions: BALANCES,
  carried_in: BALANCES,
  agreements: listOf(TEXT),
  votes: HASHES,
  transfers: optional(BALANCES),
  carried: optional(BALANCES),
  previous_root: optional(HASH),
  iat: COUNT,
};

const KEY = { kty: oneOf("EC"), crv: oneOf("P-256"), x: TEXT, y: TEXT, net: TEXT };

/** Return the keys of a JWK Set, each with the network it signs for. Throws Unreadable. */
export function readKeys(document) {
  const { keys } = readFields("jwks", document, { keys: LIST });
  return keys.map((key, place) => readFields(`jwks.keys[${place}]`, key, KEY));
}

/** Return the payload of a head, a compact JWS whose signature is not verified. Throws Unreadable. */
export function readHead(token) {
  const parts = token.split(".");
  if (parts.length !== 3) throw new Unreadable("head");
  const payload = readPart(parts[1]);
  // The months of a network that never voted cite no votes; early heads sign no plan.
  const usual = { votes: {}, transfers: null, carried: null };
  return readFields("head", isObject(payload) ? { ...usual, ...payload } : payload, HEAD);
}

/**
 * Return the key that signed a head, one of some public JWKs, and what is wrong with the signature.
 *
 * ES256 alone, of the head's own type, by a key of the network it names: `{ key, code }`, one of
 * which is null. Throws Unreadable for what is no head.
 */
export async function verifyHead(token, keys) {
  const { net } = readHead(token);
  const header = readHeader(token);
  if (header === null) return wrong("bad_signature");
  if (header.alg !== "ES256") return wrong("alg_not_allowed");
  const isOdd = Object.keys(header).some((name) => !HEADER.has(name));
  if (header.typ !== TYP || isOdd) return wrong("typ_not_allowed");
  const ours = await keysOf(net, header.kid, keys);
  if (!ours.length) return wrong("key_unknown");
  for (const key of ours) {
    if (await isSignedBy(key, token)) return { key, code: null };
  }
  return wrong("bad_signature");
}

/** Tell whether the key that a head names is among some public JWKs. */
export async function namesKeyAmong(token, keys) {
  const header = readHeader(token);
  return header !== null && (await keysOf(readHead(token).net, header.kid, keys)).length > 0;
}

/** Return the keys of a network that go by `kid`, the shortened thumbprint. */
async function keysOf(net, kid, keys) {
  const found = [];
  for (const key of keys) {
    const name = key.net === net && (await thumbprint(key)).slice(0, KID_LENGTH);
    if (name === kid) found.push(key);
  }
  return found;
}

/** Return the RFC 7638 thumbprint of a P-256 public JWK. */
export function thumbprint({ crv, kty, x, y }) {
  return sha256(JSON.stringify({ crv, kty, x, y }));
}

const wrong = (code) => ({ key: null, code });

function readHeader(token) {
  try {
    const header = readPart(token.split(".")[0]);
    return isObject(header) ? header : null;
  } catch {
    return null;
  }
}

function readPart(part) {
  try {
    const bytes = base64urlDecode(part);
    return readJson(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new Unreadable("head");
  }
}
