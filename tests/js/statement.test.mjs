// A statement is verified in the browser as `cowopass verify` does it, with nothing but the file.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { verifyChain } from "../../cowopass/static/proof/chain.js";
import { readKeys, verifyHead } from "../../cowopass/static/proof/head.js";
import { attachedFiles, isPdf } from "../../cowopass/static/proof/pdf.js";
import { Unreadable, readJson } from "../../cowopass/static/proof/shape.js";
import { readStatement, verifyStatement } from "../../cowopass/static/proof/statement.js";
import { documentsIn, judge } from "../../cowopass/static/proof/verdict.js";
import { vectors } from "./vectors.mjs";

const { keys, genuine, changed, changes, chains } = vectors("statements");

/** Return what is found in a statement, as Python says it; or the field that can not be read. */
async function found(text) {
  try {
    const statement = readStatement(readJson(text));
    const findings = await verifyStatement(statement);
    if (statement.token !== null) {
      const { code } = await verifyHead(statement.token, readKeys(keys));
      if (code !== null) findings.push({ code, where: "head" });
    }
    return { findings: findings.map(({ code, where }) => [code, where]) };
  } catch (error) {
    if (error instanceof Unreadable) return { unreadable: error.path };
    throw error;
  }
}

function withChange(document, { path, ...change }) {
  const copy = structuredClone(document);
  const name = path.at(-1);
  const place = path.slice(0, -1).reduce((value, step) => value[step], copy);
  if ("value" in change) place[name] = change.value;
  else delete place[name];
  return copy;
}

for (const { name, document } of genuine) {
  test(`statement: what holds is ${name}`, async () => {
    const findings = document.head === null ? [["draft", "head"]] : [];
    assert.deepEqual(await found(JSON.stringify(document)), { findings });
  });
}

for (const [number, { findings, unreadable, ...change }] of changes.entries()) {
  test(`statement: change ${number}, of ${change.path.join(".")}, is found`, async () => {
    const { document } = genuine.find((one) => one.name === changed);
    const expected = findings ? { findings } : { unreadable };
    assert.deepEqual(await found(JSON.stringify(withChange(document, change))), expected);
  });
}

for (const { name, base64, verdict } of vectors("files")) {
  test(`file: ${name}, is ${verdict}`, async () => {
    const documents = await documentsIn(new Uint8Array(Buffer.from(base64, "base64")));
    const verdicts = documents.map(async (document) => {
      try {
        return (await judge(document, { given: readKeys(keys), published: [] })).kind;
      } catch (error) {
        if (error instanceof Unreadable) return "unreadable";
        throw error;
      }
    });
    const given = await Promise.all(verdicts);
    assert.deepEqual(given.length ? given : ["unreadable"], [verdict]);
  });
}

for (const { name, heads, findings } of chains) {
  test(`chain: ${name}`, () => {
    assert.deepEqual(
      verifyChain(heads).map(({ code, where }) => [code, where]),
      findings,
    );
  });
}

test("a number that is not written whole is no number of cents", () => {
  assert.equal(readJson("[12]")[0], 12);
  for (const odd of ["12.0", "1e2", "1E2"]) assert.equal(readJson(`[${odd}]`)[0], "\u0000");
  assert.equal(readJson('["12.0"]')[0], "12.0");
  assert.throws(() => readJson("[1.]"), SyntaxError);
});

test("what is no statement at all is said to be none", async () => {
  for (const text of ["[]", "null", "1", '"x"', "{}", '{"format":"cowopass-month/1"}']) {
    assert.ok("unreadable" in (await found(text)), text);
  }
});

const pdf = (name) => readFileSync(new URL(`../vectors/${name}.pdf`, import.meta.url));

test("the statement that a PDF carries is the one that was attached", async () => {
  const bytes = new Uint8Array(pdf("statement"));
  assert.ok(isPdf(bytes));
  const files = (await attachedFiles(bytes)).map((file) => new TextDecoder().decode(file));
  assert.equal(files.length, 2);
  const { document } = genuine.find((one) => one.name === changed);
  const [json] = files.filter((text) => text.startsWith("{"));
  assert.deepEqual(JSON.parse(json), document);
});

const attachment = (dictionary, body) =>
  Buffer.from(`%PDF-1.7\n1 0 obj\n<<${dictionary}>>\nstream\n${body}\nendstream\nendobj\n`, "latin1");

test("a file attached without compression, or with its length elsewhere, is found too", async () => {
  for (const dictionary of ["/Type/EmbeddedFile/Length 2", "/Type /EmbeddedFile /Length 7 0 R"]) {
    const files = await attachedFiles(new Uint8Array(attachment(dictionary, "{}")));
    assert.deepEqual(files.map((file) => new TextDecoder().decode(file)), ["{}"]);
  }
});

test("what a PDF carries otherwise, cut short or packed in another way is left out", async () => {
  for (const dictionary of [
    "/Type/XObject/Length 2",
    "/Type/EmbeddedFile/Filter/FlateDecode/Length 2",
    "/Type/EmbeddedFile/Filter/LZWDecode/Length 2",
  ]) {
    assert.deepEqual(await attachedFiles(new Uint8Array(attachment(dictionary, "{}"))), []);
  }
  assert.ok(!isPdf(new TextEncoder().encode("{}")));
});
