// A network of two spaces with its key, its bundle, and passes as they are carried.
import { base64urlEncode, sha256 } from "../../cowopass/static/ticket/encoding.js";
import { sdHash } from "../../cowopass/static/ticket/proof.js";

const CURVE = { name: "ECDSA", namedCurve: "P-256" };
export const ISSUER = "https://pass.example";
export const NOW = Date.parse("2026-11-25T09:00:00Z") / 1_000;
const DAY = 86_400;

/** Return a new key: its private half, and its public JWK. */
export async function newKey() {
  const pair = await crypto.subtle.generateKey(CURVE, true, ["sign", "verify"]);
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  return { privateKey: pair.privateKey, jwk: { kty, crv, x, y } };
}

/** Return a compact JWS. */
export async function sign(key, header, claims) {
  const part = (value) => base64urlEncode(new TextEncoder().encode(JSON.stringify(value)));
  const input = `${part({ alg: "ES256", ...header })}.${part(claims)}`;
  const signing = { name: "ECDSA", hash: "SHA-256" };
  const signature = await crypto.subtle.sign(signing, key.privateKey, new TextEncoder().encode(input));
  return `${input}.${base64urlEncode(new Uint8Array(signature))}`;
}

/** Return a world in which the desk of `rubanerie` works; `over` changes its bundle. */
export async function aWorld(over = {}) {
  const key = await newKey();
  const phone = await newKey();
  const kid = (await sha256(JSON.stringify(key.jwk))).slice(0, 10);
  const common = { iss: ISSUER, net: "sainte", iat: NOW - DAY, exp: NOW + 30 * DAY, aud: "cowopass" };
  const ticket = (claims) => sign(key, { typ: "cowopass+jwt", kid }, { ...common, sub: "pas_1", jti: "tik_1", ...claims });
  const bundle = {
    iss: ISSUER, net: "sainte", space: "rubanerie", number: 3, iat: NOW - DAY, exp: NOW + 6 * DAY,
    timezone: "Europe/Paris", currency: "EUR",
    networks: [{ slug: "sainte", name: "Coworking Sainté" }],
    spaces: [
      { slug: "comptoir", name: "Le Comptoir", network: "sainte", joins_on: null, leaves_on: null, suspended_on: null },
      { slug: "rubanerie", name: "La Rubanerie", network: "sainte", joins_on: null, leaves_on: null, suspended_on: null },
    ],
    keys: [{ kid, ...key.jwk, iss: ISSUER, net: "sainte", compromised: false, genuine: [] }],
    agreements: [{ home: "sainte", from: "2026-09", roaming_days_per_month: 5, offline_paper_per_day: 2 }],
    plans: [
      { home: "comptoir", code: "voyageur", name: "Voyageur", kind: "book", unit: "day", roaming: true },
      { home: "comptoir", code: "matin", name: "Matin", kind: "book", unit: "half_day", roaming: true },
      { home: "comptoir", code: "heure", name: "Heure", kind: "single", unit: "hour", roaming: true },
      { home: "comptoir", code: "sur-place", name: "Sur place", kind: "book", unit: "day", roaming: false },
    ],
    live: { pas_live: { home: "comptoir", plan: "voyageur" } },
    golden: { tik_gold: false, tik_spent: true },
    revoked: ["tik_old"], revoked_passes: ["pas_gone"], suspended_passes: ["pas_unpaid"],
    ...over,
  };
  return {
    key, kid, phone, bundle,
    desk: { space: "rubanerie", bundle, visits: [], latest: NOW - 60 },
    paper: (claims = {}) => ticket({ nbf: NOW - DAY, home: "comptoir", plan: "voyageur", ...claims }),
    async live(claims = {}, proof = {}) {
      const token = await ticket({ sub: "pas_live", jti: "tik_live", cnf: { jwk: phone.jwk }, ...claims });
      const shown = { iat: NOW, aud: "cowopass", nonce: "n", sd_hash: await sdHash(token), ...proof };
      return `${token}~${await sign(phone, { typ: "kb+jwt" }, shown)}`;
    },
  };
}
