// A line of a month: what is hashed of it, and what it does to positions; as in clearing/line.py.
import { sha256 } from "./bytes.js";
import { COUNT, DAY, HASH, MONTH, TEXT, listOf, oneOf, optional } from "./shape.js";

const LEAF_FORMAT = 1;
const LEAF = Uint8Array.of(0);
const TAKES_BACK = new Set(["reversal", "withheld"]);
const FUND = "fund";

const HASHED = {
  id: TEXT,
  network: TEXT,
  period: MONTH,
  kind: oneOf("charge", "reversal", "withheld", "released", "carried", "write_off"),
  debtor: TEXT,
  creditor: TEXT,
  amount_cents: COUNT,
  levy_cents: COUNT,
  home: optional(TEXT),
  host: optional(TEXT),
  on: optional(DAY),
  unit: optional(oneOf("hour", "half_day", "day")),
  visit: optional(oneOf("normal", "golden")),
  pseudonym: optional(TEXT),
  host_price_cents: optional(COUNT),
  pass_value_cents: optional(COUNT),
  top_up_cents: optional(COUNT),
  monthly_price_cents: optional(COUNT),
  agreement: optional(TEXT),
  check_in: optional(TEXT),
  reverses: optional(TEXT),
  late_from: optional(MONTH),
  since: optional(MONTH),
  notes: listOf(TEXT),
};
const NAMES = [...Object.keys(HASHED), "v"].sort();

/** What a statement's line must be: the fields that are hashed, their hash, its place and proof. */
export const LINE = { ...HASHED, leaf_hash: HASH, index: COUNT, proof: listOf(HASH) };

/** Return the text that is hashed: RFC 8785 JSON of every field, with the format's version. */
export function canonical(line) {
  return JSON.stringify({ ...line, v: LEAF_FORMAT }, NAMES);
}

/** Return the RFC 9162 leaf hash of a line. */
export function leafHash(line) {
  return sha256(LEAF, new TextEncoder().encode(canonical(line)));
}

/** Return what a line adds to a participant's position, in cents; null when it does not concern it. */
export function effectOn(participant, line) {
  const sign = TAKES_BACK.has(line.kind) ? -1 : 1;
  const moves = [
    [line.debtor, -sign * line.amount_cents],
    [line.creditor, sign * (line.amount_cents - line.levy_cents)],
  ];
  if (line.levy_cents) moves.push([FUND, sign * line.levy_cents]);
  const own = moves.filter(([name]) => name === participant);
  return own.length ? own.reduce((sum, [, cents]) => sum + cents, 0) : null;
}

/** Return what lines do to a participant's position, in cents, as a statement says it. */
export function addUp(participant, lines) {
  const sums = { position_cents: 0, carried_in_cents: 0, in_cents: 0, out_cents: 0, levy_cents: 0 };
  for (const line of lines) {
    if (line.kind === "carried") {
      sums.carried_in_cents += effectOn(participant, line) ?? 0;
      continue;
    }
    const sign = TAKES_BACK.has(line.kind) ? -1 : 1;
    if (line.creditor === participant) {
      sums.in_cents += sign * line.amount_cents;
      sums.levy_cents += sign * line.levy_cents;
    }
    if (line.debtor === participant) sums.out_cents += sign * line.amount_cents;
    if (participant === FUND) sums.in_cents += sign * line.levy_cents;
  }
  sums.position_cents = sums.carried_in_cents + sums.in_cents - sums.out_cents - sums.levy_cents;
  return sums;
}
