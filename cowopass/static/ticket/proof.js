// The proof that a ticket is shown by its holder's own phone, as in wallet/proof.py.
import { AUDIENCE, readInstant, readName } from "./claims.js";
import { sha256 } from "./encoding.js";
import { isSignedBy, payloadHash, readParts } from "./jws.js";
import { Refusal } from "./refusal.js";
import { tokenFromText } from "./text.js";

export const PROOF_TYP = "kb+jwt";
const OLDEST_SECONDS = 90;
const AHEAD_SECONDS = 30;

/** Return the hash by which a proof names the ticket it is for, by its very text. */
export function sdHash(token) {
  return sha256(`${token}~`);
}

/**
 * Return the proof in a compact JWS: `{hash, iat, aud, nonce}`. `hash` is what counts once.
 *
 * `token` is the ticket's text, `cnf` its claim. Throws a Refusal, holder_proof_invalid.
 */
export async function readProof(text, token, cnf) {
  const { claims, proof } = await readForm(text);
  if (!(await isSignedBy(cnf.jwk, text)) || claims.sd_hash !== (await sdHash(token))) {
    throw new Refusal("holder_proof_invalid");
  }
  return proof;
}

async function readForm(text) {
  try {
    const { claims } = readParts(text, PROOF_TYP);
    const proof = {
      hash: await payloadHash(text),
      iat: readInstant("iat", claims.iat),
      aud: readName("aud", claims.aud),
      nonce: readName("nonce", claims.nonce),
    };
    return { claims, proof };
  } catch (error) {
    throw error instanceof Refusal ? new Refusal("holder_proof_invalid") : error;
  }
}

/**
 * Return how many seconds before `at` the proof in a scanned `text` says that it was signed.
 *
 * Below zero for a phone that is ahead. Nothing is verified: it tells people what was refused.
 */
export function proofAge(text, at) {
  const [, proof] = tokenFromText(text).split("~");
  return Math.floor(at - readInstant("iat", readParts(proof, PROOF_TYP).claims.iat));
}

/**
 * Let pass a proof that is fresh at a scan, and meant for its space.
 *
 * `at` is the time of the scan in seconds since 1970, rounded down. Throws a Refusal:
 * holder_proof_stale or holder_proof_wrong_space, in this order.
 */
export function checkProof(proof, at, space) {
  const ageSeconds = at - proof.iat;
  if (ageSeconds < -AHEAD_SECONDS || ageSeconds > OLDEST_SECONDS) {
    throw new Refusal("holder_proof_stale", { ageSeconds });
  }
  if (space !== null && proof.aud !== AUDIENCE && proof.aud !== space) {
    throw new Refusal("holder_proof_wrong_space");
  }
}
