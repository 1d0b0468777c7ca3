// What a phone draws and signs: the codes of wallet/qr.py, and proofs that the desk's rules take.
import assert from "node:assert/strict";
import { test } from "node:test";

import { isBoundTo, makeKeys, present, publicJwk } from "../../cowopass/static/nomad/proof.js";
import { qrCode, qrPath } from "../../cowopass/static/nomad/qr.js";
import { checkProof, readProof } from "../../cowopass/static/ticket/proof.js";
import { tokenFromText, tokenToText } from "../../cowopass/static/ticket/text.js";
import { vectors } from "./vectors.mjs";

const MASKS = [0, 1, 2, 3, 4, 5, 6, 7];
const NOW = 1_796_000_000_000;
const TOKEN = `${btoa('{"alg":"ES256"}')}.${btoa('{"jti":"tik_1"}')}.${btoa("s".repeat(64))}`.replaceAll("=", "");

const rowsOf = (code) =>
  Array.from({ length: code.size }, (_, y) => Array.from({ length: code.size }, (_, x) => Number(code.get(x, y))).join(""));

for (const { text, rows } of vectors("qr")) {
  test(`a code is drawn as in Python, but for the mask, which is free: ${text.slice(0, 30)}`, () => {
    const drawn = MASKS.map((mask) => rowsOf(qrCode(text, { mask })).join("\n"));
    assert.ok(drawn.includes(rows.join("\n")));
  });
}

test("a path paints the black modules of a row, inside a quiet zone", () => {
  const row = [true, true, false, true];
  const code = { size: 4, get: (x, y) => y === 0 && row[x] };
  assert.equal(qrPath(code), "M4 4.5h2M7 4.5h1");
});

test("a proof that a phone signs is taken by the desk's rules, now and not later", async () => {
  const keys = await makeKeys();
  const jwk = await publicJwk(keys);
  const [token, text] = (await present(TOKEN, keys.privateKey, NOW, "la-rubanerie")).split("~");
  const proof = await readProof(text, token, { jwk });
  checkProof(proof, NOW / 1000, "la-rubanerie");
  assert.throws(() => checkProof(proof, NOW / 1000 + 100, "la-rubanerie"), { code: "holder_proof_stale" });
  assert.throws(() => checkProof(proof, NOW / 1000, "le-cret"), { code: "holder_proof_wrong_space" });
});

test("no two proofs are the same, and their text leads back to them", async () => {
  const { privateKey } = await makeKeys();
  const [one, other] = [await present(TOKEN, privateKey, NOW), await present(TOKEN, privateKey, NOW)];
  assert.notEqual(one.split("~")[1], other.split("~")[1]);
  assert.equal(tokenFromText(tokenToText(one, "https://pass.example")), one);
});

test("the private half of a phone's key can not be taken out", async () => {
  const keys = await makeKeys();
  assert.equal(keys.privateKey.extractable, false);
  await assert.rejects(crypto.subtle.exportKey("jwk", keys.privateKey));
});

test("a phone knows whether a ticket is bound to its own key", async () => {
  const [mine, other] = await Promise.all([makeKeys(), makeKeys()].map(async (keys) => publicJwk(await keys)));
  const token = `e30.${btoa(JSON.stringify({ cnf: { jwk: mine } })).replaceAll("=", "")}.AA`;
  assert.equal(isBoundTo(token, mine), true);
  assert.equal(isBoundTo(token, other), false);
});
