// What a ticket must say, of which type and in which range, as in wallet/claims.py.
import { publicKey } from "./jws.js";
import { Refusal } from "./refusal.js";

export const AUDIENCE = "cowopass";
const EARLIEST = 1_356_998_400;
const LATEST = 4_102_444_800;
const LONGEST_SECONDS = 1_830 * 86_400;
const NAME = /^[\x21-\x7e]{1,64}$/;
const JWK_MEMBERS = "crv kty x y";

/**
 * Return the claims of a ticket; `nbf`, `home`, `plan` and `cnf` are null where it has none.
 *
 * Throws a Refusal, claims_invalid. Whether the ticket is valid now is not judged here.
 */
export async function readClaims(claims) {
  if (claims.aud !== AUDIENCE) throw invalid("aud");
  if (typeof claims.iss !== "string" || !claims.iss) throw invalid("iss");
  const read = { iss: claims.iss };
  for (const claim of ["sub", "jti", "net"]) read[claim] = readName(claim, claims[claim]);
  for (const claim of ["iat", "exp"]) read[claim] = readInstant(claim, claims[claim]);
  const given = (claim, reader) => (Object.hasOwn(claims, claim) ? reader(claim, claims[claim]) : null);
  read.nbf = given("nbf", readInstant);
  read.home = given("home", readName);
  read.plan = given("plan", readName);
  read.cnf = await given("cnf", readConfirmation);
  checkLife(read);
  return read;
}

/** Return a claim that names something; throws a Refusal. */
export function readName(claim, value) {
  if (typeof value !== "string" || !NAME.test(value)) throw invalid(claim);
  return value;
}

/** Return a claim that is an instant in seconds since 1970; throws a Refusal. */
export function readInstant(claim, value) {
  if (!Number.isInteger(value) || value < EARLIEST || value >= LATEST) throw invalid(claim);
  return value;
}

async function readConfirmation(claim, value) {
  const jwk = value?.jwk;
  const members = typeof jwk === "object" && jwk !== null ? Object.keys(jwk).sort().join(" ") : "";
  if (members !== JWK_MEMBERS || (await publicKey(jwk)) === null) throw invalid(claim);
  return { jwk };
}

/** A ticket ends after it begins: at `nbf`, since a pass may be written down late. */
function checkLife({ iat, nbf, exp }) {
  const begins = nbf ?? iat;
  if (exp <= begins || exp - Math.max(iat, begins) > LONGEST_SECONDS) throw invalid("exp");
}

function invalid(claim) {
  return new Refusal("claims_invalid", { claim });
}
