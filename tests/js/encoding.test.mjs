import assert from "node:assert/strict";
import { test } from "node:test";

import { looksLikeCode, readCode, showCode } from "../../cowopass/static/ticket/code.js";
import { base32Decode, base32Encode, pack, unpack } from "../../cowopass/static/ticket/encoding.js";
import { tokenFromText, tokenToText } from "../../cowopass/static/ticket/text.js";
import { localDay, monthsBefore } from "../../cowopass/static/ticket/calendar.js";
import { unitsNeeded } from "../../cowopass/static/ticket/plan.js";
import { vectors } from "./vectors.mjs";

const bytesOf = (hex) => new Uint8Array(Buffer.from(hex, "hex"));
const hexOf = (bytes) => bytes && Buffer.from(bytes).toString("hex");
const BASE32 = vectors("base32");
const CODES = vectors("codes");

test("bytes and base32 text stand for each other", () => {
  for (const { hex, base32 } of BASE32.bytes) {
    assert.equal(base32Encode(bytesOf(hex)), base32);
    assert.equal(hexOf(base32Decode(base32)), hex);
    assert.equal(hexOf(base32Decode(base32.toLowerCase())), hex);
  }
});

test("what would not come back as the same text is no base32", () => {
  for (const text of BASE32.not_base32) assert.equal(base32Decode(text), null, text);
});

test("segments are packed and unpacked as in Python", () => {
  for (const { segments, hex } of BASE32.packed) {
    assert.equal(hexOf(pack(segments.map(bytesOf))), hex);
    assert.deepEqual(unpack(bytesOf(hex)).map(hexOf), segments);
  }
  for (const hex of BASE32.not_packed) assert.equal(unpack(bytesOf(hex)), null, hex);
});

test("a token is drawn as the text that it is read from", () => {
  for (const { token, base_url: baseUrl, text } of BASE32.texts) {
    assert.equal(tokenToText(token, baseUrl), text);
    assert.equal(tokenFromText(text), token);
  }
});

test("a typed code is read without regard to case, spaces and dashes", () => {
  for (const { text, code } of CODES.read) assert.equal(readCode(text), code, text);
  for (const { code, shown } of CODES.codes) {
    assert.equal(readCode(shown), code);
    assert.equal(showCode(code), shown);
  }
});

test("a slip in a code is seen before it is sent", () => {
  for (const text of CODES.code_invalid) assert.equal(readCode(text), null, text);
});

test("half a code is still told apart from a QR code of something else", () => {
  for (const text of ["9KC5", "9KC5-R2Y", "9kc5 r2yx"]) assert.ok(looksLikeCode(text), text);
  for (const text of ["", "https://example.com/menu", "eyJhbGciOiJFUzI1NiIs"]) {
    assert.ok(!looksLikeCode(text), text);
  }
});

test("the day is the network's, whatever the phone's", () => {
  const beforeMidnight = Date.parse("2026-11-25T22:59:59Z");
  assert.equal(localDay(beforeMidnight, "Europe/Paris"), "2026-11-25");
  assert.equal(localDay(beforeMidnight + 1_000, "Europe/Paris"), "2026-11-26");
  assert.equal(localDay(beforeMidnight, "Indian/Reunion"), "2026-11-26");
  assert.equal(localDay(Date.parse("2026-10-25T00:30:00Z"), "Europe/Paris"), "2026-10-25");
});

test("thirteen months before the last of March is the last of February", () => {
  const at = Date.parse("2027-03-31T10:20:30Z");
  assert.equal(new Date(monthsBefore(at, 13)).toISOString(), "2026-02-28T10:20:30.000Z");
});

test("a visit takes the units that Python says", () => {
  for (const [planUnit, needed] of Object.entries(vectors("units").needed)) {
    for (const [visitUnit, units] of Object.entries(needed)) {
      assert.equal(unitsNeeded(planUnit, visitUnit), units, `${visitUnit} of ${planUnit}`);
    }
  }
});
