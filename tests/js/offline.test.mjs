import assert from "node:assert/strict";
import { test } from "node:test";

import { isNewer, readBundle } from "../../cowopass/static/ticket/bundle.js";
import { decideOffline } from "../../cowopass/static/ticket/offline.js";
import { aWorld, newKey, NOW, sign } from "./world.mjs";

const SCAN = { at: NOW, unit: null };
const DAY = 86_400;
const world = await aWorld();
const { desk } = world;

/** Return the code that a text is refused by, or null. */
function refusal(text, over = {}, scan = {}) {
  return decideOffline(text, { ...desk, ...over }, { ...SCAN, ...scan }).then(() => null, (error) => {
    if (!error.code) throw error;
    return error.code;
  });
}

async function letIn(text, past = {}) {
  return { ...(await decideOffline(text, desk, SCAN)), offline: true, ...past };
}

test("a paper ticket from elsewhere is let in, by its plan's unit", async () => {
  const visit = await decideOffline(await world.paper(), desk, SCAN);
  assert.equal(visit.plan.name, "Voyageur");
  assert.deepEqual([visit.home, visit.unit, visit.on, visit.away], ["comptoir", "day", "2026-11-25", true]);
  assert.deepEqual([visit.reentry, visit.golden, visit.proof], [false, false, null]);
});

test("a phone's pass is let in by its proof, and its home is known from the bundle", async () => {
  const visit = await decideOffline(await world.live(), desk, SCAN);
  assert.equal(visit.home, "comptoir");
  assert.equal(visit.proof.length, 43);
});

test("a picture of a phone's code is refused 100 seconds after it was signed", async () => {
  assert.equal(await refusal(await world.live({}, { iat: NOW - 90 })), null);
  assert.equal(await refusal(await world.live({}, { iat: NOW - 100 })), "holder_proof_stale");
  const [token] = (await world.live()).split("~");
  assert.equal(await refusal(token), "holder_proof_missing");
});

test("a proof counts once", async () => {
  const shown = await world.live();
  assert.equal(await refusal(shown, { visits: [await letIn(shown)] }), "holder_proof_replayed");
});

test("without a list, or with one of last week, nothing is let in", async () => {
  const paper = await world.paper();
  assert.equal(await refusal(paper, { bundle: null }), "bundle_stale");
  assert.equal(await refusal("https://example.com/menu", { bundle: null }), "not_a_ticket");
  assert.equal(await refusal(paper, {}, { at: world.bundle.exp }), "bundle_stale");
});

test("a clock that was put back is seen, one that is two minutes late is not", async () => {
  const paper = await world.paper();
  assert.equal(await refusal(paper, { latest: NOW + 120 }), null);
  assert.equal(await refusal(paper, { latest: NOW + 121 }), "clock_rewound");
  assert.equal(await refusal(await world.live({}, { iat: NOW - 100 }), { latest: NOW + 121 }), "clock_rewound");
});

test("what was taken back or suspended is refused", async () => {
  assert.equal(await refusal(await world.paper({ jti: "tik_old" })), "revoked");
  assert.equal(await refusal(await world.paper({ sub: "pas_gone" })), "revoked");
  assert.equal(await refusal(await world.paper({ sub: "pas_unpaid" })), "suspended");
});

test("who comes back the same day comes in free, whatever the unit", async () => {
  const paper = await world.paper();
  const again = await decideOffline(paper, { ...desk, visits: [await letIn(paper)] }, { at: NOW, unit: "hour" });
  assert.ok(again.reentry);
  const tomorrow = await decideOffline(paper, { ...desk, visits: [await letIn(paper)] }, { at: NOW + DAY, unit: null });
  assert.ok(!tomorrow.reentry);
});

test("a re-entry rests on the visit that was counted", async () => {
  const paper = await world.paper();
  const visit = await decideOffline(paper, { ...desk, visits: [await letIn(paper, { reentry: true })] }, SCAN);
  assert.ok(!visit.reentry);
});

test("a ticket begins and ends at its instants", async () => {
  assert.equal(await refusal(await world.paper({ nbf: NOW + 1 })), "not_yet_valid");
  assert.equal(await refusal(await world.paper({ exp: NOW })), "expired");
  assert.equal(await refusal(await world.paper({ exp: NOW + 1 })), null);
});

test("away from home an agreement of the month has to hold", async () => {
  const later = { ...world.bundle, agreements: [{ ...world.bundle.agreements[0], from: "2026-12" }] };
  assert.equal(await refusal(await world.paper(), { bundle: later }), "wrong_network");
  assert.equal(await refusal(await world.paper({ home: "rubanerie" }), { bundle: later }), null);
});

test("the newest agreement that has begun counts", async () => {
  const [agreement] = world.bundle.agreements;
  const agreements = [agreement, { ...agreement, from: "2026-11", offline_paper_per_day: 0 }, { ...agreement, from: "2026-12" }];
  assert.equal(await refusal(await world.paper(), { bundle: { ...world.bundle, agreements } }), "offline_limit");
});

test("a plan or a home that takes no part stays at home", async () => {
  assert.equal(await refusal(await world.paper({ plan: "sur-place" })), "roaming_not_included");
  const [home, here] = world.bundle.spaces;
  for (const days of [{ suspended_on: "2026-11-25" }, { leaves_on: "2026-11-24" }, { joins_on: "2026-11-26" }, { leaves_on: "2026-11-24", sold_days: "refunded" }, { suspended_on: "2026-11-20", reinstated_on: "2026-11-26" }]) {
    const bundle = { ...world.bundle, spaces: [{ ...home, ...days }, here] };
    assert.equal(await refusal(await world.paper(), { bundle }), "roaming_not_included");
  }
});

test("passes roam again once their home is back, and those of a home that left where they are honoured", async () => {
  const [home, here] = world.bundle.spaces;
  for (const days of [{ suspended_on: "2026-11-20", reinstated_on: "2026-11-25" }, { leaves_on: "2026-11-24", sold_days: "honoured" }, { joins_on: "2026-11-26", sold_days: "honoured" }]) {
    const bundle = { ...world.bundle, spaces: [{ ...home, ...days }, here] };
    assert.equal(await refusal(await world.paper(), { bundle }), null);
  }
});

test("the days away of the month that this desk has seen are counted", async () => {
  const visit = await letIn(await world.paper());
  const days = ["02", "03", "04", "05", "06"].map((day) => ({ ...visit, on: `2026-11-${day}` }));
  assert.equal(await refusal(await world.paper(), { visits: days }), "roaming_cap_reached");
  assert.equal(await refusal(await world.paper(), { visits: days.slice(1) }), null);
  const october = days.map((day) => ({ ...day, on: day.on.replace("-11-", "-10-") }));
  assert.equal(await refusal(await world.paper(), { visits: october }), null);
});

test("a unit larger than the plan's is not covered, two halves make a day", async () => {
  assert.equal(await refusal(await world.paper({ plan: "heure" }), {}, { unit: "day" }), "unit_not_covered");
  assert.equal(await refusal(await world.paper({ plan: "matin" }), {}, { unit: "day" }), null);
});

test("a golden ticket is good once, for any unit", async () => {
  const gold = await world.paper({ jti: "tik_gold", plan: "heure" });
  assert.equal(await refusal(gold, {}, { unit: "day" }), null);
  assert.equal(await refusal(gold, { visits: [await letIn(gold)] }), "no_units_left");
  assert.equal(await refusal(await world.paper({ jti: "tik_spent" })), "no_units_left");
});

test("a few paper tickets from away a day, and any number from phones and from here", async () => {
  const others = await Promise.all(
    ["pas_2", "pas_3"].map(async (sub) => letIn(await world.paper({ sub, jti: sub }))),
  );
  assert.equal(await refusal(await world.paper(), { visits: others }), "offline_limit");
  assert.equal(await refusal(await world.live(), { visits: others }), null);
  assert.equal(await refusal(await world.paper({ home: "rubanerie" }), { visits: others }), null);
  const online = others.map((visit) => ({ ...visit, offline: false }));
  assert.equal(await refusal(await world.paper(), { visits: online }), null);
});

test("of a phone's pass that the list does not know, nothing is refused for want of knowing", async () => {
  const visit = await decideOffline(await world.live({ sub: "pas_new" }), desk, SCAN);
  assert.deepEqual([visit.home, visit.plan, visit.unit, visit.away], [null, null, "day", false]);
});

test("a list is read when a known key of its network has signed it", async () => {
  const jws = await sign(world.key, { typ: "cowopass-bundle+jwt", kid: world.kid }, world.bundle);
  assert.deepEqual(await readBundle(jws, world.bundle.keys, "rubanerie"), world.bundle);
  const refused = { code: "bundle_invalid" };
  await assert.rejects(readBundle(jws, world.bundle.keys, "comptoir"), refused);
  await assert.rejects(readBundle(jws, [], "rubanerie"), refused);
  const [key] = world.bundle.keys;
  await assert.rejects(readBundle(jws, [{ ...key, compromised: true }], "rubanerie"), refused);
  await assert.rejects(readBundle(jws, [{ ...key, net: "lyon" }], "rubanerie"), refused);
  const forged = await sign(await newKey(), { typ: "cowopass-bundle+jwt", kid: world.kid }, world.bundle);
  await assert.rejects(readBundle(forged, world.bundle.keys, "rubanerie"), refused);
  const other = await sign(world.key, { typ: "cowopass+jwt", kid: world.kid }, world.bundle);
  await assert.rejects(readBundle(other, world.bundle.keys, "rubanerie"), refused);
  await assert.rejects(readBundle("e30.e30", world.bundle.keys, "rubanerie"), refused);
});

test("a list never gives way to an older one", () => {
  assert.ok(isNewer({ number: 1 }, null));
  assert.ok(isNewer({ number: 4 }, { number: 3 }));
  assert.ok(!isNewer({ number: 3 }, { number: 3 }));
});
