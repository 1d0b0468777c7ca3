// What a file proves, in the groups that a person asks about.
import { namesKeyAmong, readKeys, thumbprint, verifyHead } from "./head.js";
import { attachedFiles, isPdf } from "./pdf.js";
import { readJson } from "./shape.js";
import { FORMAT, readStatement, verifyStatement } from "./statement.js";

/** The questions, in order, and the findings that answer one with no. */
export const QUESTIONS = {
  lines: [
    "leaf_hash_differs",
    "line_misplaced",
    "line_to_itself",
    "carry_undated",
    "line_of_others",
    "id_repeated",
    "index_repeated",
  ],
  sums: ["sum_differs", "position_differs"],
  included: ["not_included"],
  transfers: ["transfer_unknown", "transfer_unsigned", "transfer_missing", "transfers_differ"],
  signature: [
    "bad_signature",
    "alg_not_allowed",
    "typ_not_allowed",
    "key_unknown",
    "head_differs",
    "head_too_early",
    "head_missing",
  ],
};

/** Questions that have no answer before the month is locked and signed. */
const OF_LOCKED = new Set(["included", "transfers", "signature"]);

/**
 * Return the JSON documents in a file: what it says itself, or the statement a PDF carries.
 *
 * None when there is nothing in it that can be read, nor when a PDF carries several: whoever made
 * it may have hidden the one that does not hold.
 */
export async function documentsIn(bytes) {
  const files = isPdf(bytes) ? await attachedFiles(bytes) : [bytes];
  const documents = files.flatMap((file) => {
    try {
      return [readJson(new TextDecoder("utf-8", { fatal: true }).decode(file))];
    } catch {
      return [];
    }
  });
  if (!isPdf(bytes)) return documents;
  const statements = documents.filter((one) => one?.format === FORMAT);
  return statements.length === 1 ? statements : [];
}

/**
 * Return what a statement proves. Throws Unreadable for what is none.
 *
 * `trusted` has lists of keys: those `given` by whoever asks, and the `published` ones. `answers`
 * are `{ name, findings, isOpen }` by question; `kind` is holds, compare, draft or broken; `source`
 * tells where the key is from: given, published, or the file itself (`embedded`).
 */
export async function judge(document, trusted) {
  const statement = readStatement(document);
  const findings = await verifyStatement(statement);
  const signature = { source: null, thumbprint: null };
  if (statement.token !== null) {
    const [source, keys] = await chooseKeys(statement.token, document, trusted);
    const { key, code } = await verifyHead(statement.token, keys);
    signature.source = source;
    if (key) signature.thumbprint = await thumbprint(key);
    if (code) findings.push({ code, where: "head" });
  }
  const isDraft = statement.head === null;
  const answers = Object.entries(QUESTIONS).map(([name, codes]) => ({
    name,
    findings: findings.filter(({ code }) => codes.includes(code)),
    isOpen: isDraft && OF_LOCKED.has(name),
  }));
  return { statement, answers, findings, ...signature, kind: kindOf(findings, signature.source) };
}

function kindOf(findings, source) {
  if (findings.some(({ code }) => code !== "draft")) return "broken";
  if (findings.length) return "draft";
  return source === "embedded" ? "compare" : "holds";
}

/** Return the keys to check a head with: those given, else published, else those in the file. */
async function chooseKeys(token, document, { given, published }) {
  if (given) return ["given", given];
  if (await namesKeyAmong(token, published)) return ["published", published];
  return ["embedded", document.jwks === undefined ? [] : readKeys(document.jwks)];
}
