// Browsers and servers must give the same answer for the same ticket.
import assert from "node:assert/strict";
import { test } from "node:test";

import { Refusal } from "../../cowopass/static/ticket/refusal.js";
import { verifyPresentation } from "../../cowopass/static/ticket/verify.js";
import { vectors } from "./vectors.mjs";

const NOW = 1_802_217_600;

for (const [name, anyTime] of [["tickets", true], ["proofs", false]]) {
  const { trust, genuine, refused } = vectors(name);
  const verify = ({ text, at = NOW, space = "rubanerie", used = [] }) =>
    verifyPresentation(text, trust, { at, space, used: new Set(used) });

  for (const shown of genuine) {
    test(`${name}: genuine is ${shown.name}`, async () => {
      const { ticket, proof } = await verify(shown);
      assert.deepEqual(ticket, shown.ticket);
      if (!anyTime) assert.deepEqual(proof, shown.proof);
    });
  }
  for (const shown of refused) {
    test(`${name}: ${shown.code} for ${shown.name}`, async () => {
      await assert.rejects(verify(shown), (error) => error instanceof Refusal && error.code === shown.code);
    });
  }
}

const HEADER = { alg: "ES256", typ: "cowopass+jwt", kid: "k" };
const part = (text) => Buffer.from(text).toString("base64url");
const refusalOf = (claims) =>
  verifyPresentation(`${part(JSON.stringify(HEADER))}.${part(claims)}.AAAA`, { issuers: [], keys: [], genuine: [] }, { at: 0, space: null })
    .then(() => null, (error) => error.code);

test("JSON of any depth and any length is refused, never a crash", async () => {
  for (const depth of [17, 300, 700]) {
    assert.equal(await refusalOf(`{"a":${"[".repeat(depth)}${"]".repeat(depth)}}`), "malformed");
  }
  assert.equal(await refusalOf(`"${"x".repeat(10_000)}"`), "token_too_large");
});

test("what Python reads is read, what it does not is malformed", async () => {
  for (const [claims, code] of [
    ['{"":1,"a":{"":2}}', "issuer_unknown"],
    ['{"a":":","b":"\\":"}', "issuer_unknown"],
    ['{"a":{"b":1},"a":{"b":1}}', "malformed"],
    ['{"a":{"b":1,"\\u0062":1}}', "malformed"],
    ['{"\\ud800":1}', "malformed"],
    ['{"a":"\\ud83c\\udfab"}', "issuer_unknown"],
    ['{"a":01}', "malformed"],
    ['{"a":1.}', "malformed"],
    ['{"a":1.0e3,"b":"1.0e3"}', "issuer_unknown"],
    ["\ufeff{}", "malformed"],
    ["null", "malformed"],
  ]) {
    assert.equal(await refusalOf(claims), code, claims);
  }
});
