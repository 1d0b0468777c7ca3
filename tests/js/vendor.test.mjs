// The names by which modules import packages mean the same under Node.js as in the browser's map.
import assert from "node:assert/strict";
import { test } from "node:test";

test("the packages that pages load are there, with what we use of them", async () => {
  const { openDB } = await import("idb");
  const { generate } = await import("lean-qr");
  const { chordDirected, ribbon } = await import("d3-chord");
  for (const used of [openDB, generate, chordDirected, ribbon]) {
    assert.equal(typeof used, "function");
  }
});
