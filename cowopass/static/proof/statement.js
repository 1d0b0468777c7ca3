// A space's statement of a month, checked by itself as in clearing/statement.py: the lines are those
// of the signed month, and add up to the signed position.
import { base32Encode } from "../ticket/encoding.js";
import { fromHex, hex, sha256 } from "./bytes.js";
import { readHead } from "./head.js";
import { LINE, addUp, effectOn, leafHash } from "./line.js";
import { verifyInclusion } from "./merkle.js";
import { COUNT, INTEGER, LIST, MONTH, OBJECT, TEXT, oneOf, optional, readFields } from "./shape.js";

export const FORMAT = "cowopass-statement/1";
const ID_LENGTH = 20;
const LOCKED = new Set(["locked", "settling", "settled"]);

const NETWORK = { slug: TEXT, name: TEXT, timezone: TEXT, currency: TEXT };
const TRANSFER = { id: TEXT, debtor: TEXT, creditor: TEXT, amount_cents: COUNT };
const STATEMENT = {
  format: oneOf(FORMAT),
  network: OBJECT,
  period: MONTH,
  space: TEXT,
  state: oneOf("open", "collecting", "review", "locked", "settling", "settled"),
  position_cents: INTEGER,
  carried_in_cents: INTEGER,
  in_cents: INTEGER,
  out_cents: INTEGER,
  levy_cents: INTEGER,
  lines: LIST,
  transfers: LIST,
  carried: LIST,
  head: optional(TEXT),
};

/**
 * Return what a statement says, each field checked against its shape. Throws Unreadable.
 *
 * `lines` have what is hashed, `proofs` of the same places have leaf_hash, index and proof; `head` is the payload of the signed head, or null.
 */
export function readStatement(document) {
  const fields = readFields("document", document, STATEMENT);
  const network = readFields("network", fields.network, NETWORK);
  const rows = fields.lines.map((row, place) =>
    readFields(`lines[${place}]`, row, LINE, { closed: true }),
  );
  const proofs = rows.map(({ leaf_hash, index, proof }) => ({ leaf_hash, index, proof }));
  const lines = rows.map(({ leaf_hash, index, proof, ...line }) => line);
  const transfers = fields.transfers.map((row, place) =>
    readFields(`transfers[${place}]`, row, TRANSFER),
  );
  const carried = fields.carried.map((row, place) =>
    readFields(`carried[${place}]`, row, { ...TRANSFER, since: MONTH }),
  );
  const head = fields.head === null ? null : readHead(fields.head);
  return { ...fields, network, lines, proofs, transfers, carried, token: fields.head, head };
}

/**
 * Return everything in a statement that was read that does not hold: `{ code, where, … }`.
 *
 * `code` is a stable word, `where` the field or the line's id; `said` and `given` are what the
 * statement says and what its lines give, in cents. The signature is not among it: `verifyHead`.
 */
export async function verifyStatement(statement) {
  const findings = [...(await checkLines(statement)), ...checkSums(statement)];
  if (statement.head === null) {
    const code = LOCKED.has(statement.state) ? "head_missing" : "draft";
    return [...findings, { code, where: "head" }];
  }
  findings.push(...(await checkHead(statement, statement.head)));
  findings.push(...(await checkTransfers(statement)));
  findings.push(...(await checkSigned(statement, statement.head)));
  return findings;
}

async function checkLines(statement) {
  const { lines, proofs, space } = statement;
  const findings = [];
  for (const [place, line] of lines.entries()) {
    findings.push(...checkPlace(statement, line));
    if (hex(await leafHash(line)) !== proofs[place].leaf_hash) {
      findings.push({ code: "leaf_hash_differs", where: line.id });
    }
    if (effectOn(space, line) === null) findings.push({ code: "line_of_others", where: line.id });
  }
  for (const id of repeated(lines.map((line) => line.id))) {
    findings.push({ code: "id_repeated", where: id });
  }
  for (const index of repeated(proofs.map((proof) => proof.index))) {
    findings.push({ code: "index_repeated", where: `index ${index}` });
  }
  return findings;
}

function checkPlace({ network, period }, line) {
  const codes = [];
  if (line.network !== network.slug || line.period !== period) codes.push("line_misplaced");
  if (line.debtor === line.creditor) codes.push("line_to_itself");
  if (line.kind === "carried" && !(line.since && line.since < line.period)) {
    codes.push("carry_undated");
  }
  return codes.map((code) => ({ code, where: line.id }));
}

function checkSums(statement) {
  const sums = addUp(statement.space, statement.lines);
  return Object.entries(sums)
    .filter(([name, given]) => statement[name] !== given)
    .map(([name, given]) => ({ code: "sum_differs", where: name, said: statement[name], given }));
}

async function checkHead({ network, period, state, space, lines, proofs }, head) {
  const findings = [];
  if (head.net !== network.slug || head.period !== period) {
    findings.push({ code: "head_differs", where: "head" });
  }
  if (!LOCKED.has(state)) findings.push({ code: "head_too_early", where: "head" });
  const root = fromHex(head.root);
  for (const [place, line] of lines.entries()) {
    const { index, proof } = proofs[place];
    const hash = await leafHash(line);
    if (!(await verifyInclusion(hash, index, head.count, proof.map(fromHex), root))) {
      findings.push({ code: "not_included", where: line.id });
    }
  }
  const sums = addUp(space, lines);
  for (const [name, given] of [
    ["positions", sums.position_cents],
    ["carried_in", sums.carried_in_cents],
  ]) {
    const said = Object.hasOwn(head[name], space) ? head[name][space] : 0;
    if (said !== given) {
      findings.push({ code: "position_differs", where: `head.${name}`, said, given });
    }
  }
  return findings;
}

async function checkTransfers({ network, period, space, transfers, carried, position_cents }) {
  const findings = [];
  let given = 0;
  for (const row of [...transfers, ...carried]) {
    if (row.id !== (await transferId(network.slug, period, row.debtor, row.creditor))) {
      findings.push({ code: "transfer_unknown", where: row.id });
    }
    given += row.creditor === space ? row.amount_cents : 0;
    given -= row.debtor === space ? row.amount_cents : 0;
  }
  if (given !== position_cents) {
    const differs = { code: "transfers_differ", where: "transfers", said: position_cents, given };
    findings.push(differs);
  }
  return findings;
}

/** Check the statement's part of the plan against the signed one: what is left out shows, too. */
async function checkSigned({ network, period, space, ...statement }, head) {
  const own = new Set();
  for (const other of Object.keys(head.positions)) {
    own.add(await transferId(network.slug, period, space, other));
    own.add(await transferId(network.slug, period, other, space));
  }
  const findings = [];
  for (const name of ["transfers", "carried"]) {
    if (head[name] === null) continue;
    const signed = new Map(Object.entries(head[name]));
    const said = new Map(statement[name].map(({ id, amount_cents }) => [id, amount_cents]));
    for (const [id, cents] of said) {
      if (signed.get(id) !== cents) findings.push({ code: "transfer_unsigned", where: id });
    }
    for (const id of signed.keys()) {
      if (own.has(id) && !said.has(id)) findings.push({ code: "transfer_missing", where: id });
    }
  }
  return findings;
}

/** Return the id that every transfer of a month between the two must have. */
async function transferId(network, month, debtor, creditor) {
  const named = new TextEncoder().encode([network, month, debtor, creditor].join("\n"));
  return `trf_${base32Encode(await sha256(named)).toLowerCase().slice(0, ID_LENGTH)}`;
}

function repeated(values) {
  const seen = new Map();
  for (const value of values) seen.set(value, (seen.get(value) ?? 0) + 1);
  return [...seen].filter(([, times]) => times > 1).map(([value]) => value);
}
