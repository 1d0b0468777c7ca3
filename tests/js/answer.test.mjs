import assert from "node:assert/strict";
import { test } from "node:test";

import { fill, Teller } from "../../cowopass/static/host/answer.js";
import { hostDecides, takesMore } from "../../cowopass/static/host/desk.js";
import { sayWhen } from "../../cowopass/static/host/hours.js";
import { signEntry, troubleOf } from "../../cowopass/static/host/journal.js";
import { Sightings } from "../../cowopass/static/host/sightings.js";
import { seatWords, slicesOf } from "../../cowopass/static/host/seats.js";
import { isSignedBy } from "../../cowopass/static/ticket/jws.js";
import { aWorld, newKey, NOW } from "./world.mjs";

const UNITS = {
  day: { one: "journée", many: "journées" },
  half_day: { one: "demi-journée", many: "demi-journées" },
  hour: { one: "heure", many: "heures" },
};
/** Words that say what they are asked for, so that tests read which one was said. */
const echo = (but = {}) => new Proxy(but, { get: (_, name) => but[name] ?? `<${String(name)}>` });
const refusal = {
  title: "Pass vide", say: "Il n’y a plus rien.", steps: [], leads: ["shorter", "golden", "renew", "pass", "sell"], again: false,
};
const HELPLESS = { title: "?", say: "Oups.", steps: [], leads: [], again: true };
const WORDS = {
  units: UNITS, answer: echo(), facts: echo({ of: "{n}/{total}" }),
  decide: echo(), camera: echo(), queue: echo(), leads: echo({ shorter: "Compter {unit}" }),
  stale: { old: "Fait {when}.", ahead: "En avance." },
  refusals: {
    holder_proof_stale: { ...HELPLESS, say: "Vieux code." },
    no_units_left: refusal, space_full: refusal, unexpected: HELPLESS,
    suspended: { ...HELPLESS, steps: ["Appelez."], leads: ["retry", "sell"] },
  },
};
const teller = new Teller({
  words: WORDS, language: "fr", currency: "EUR", timezone: "Europe/Paris", spaces: { comptoir: "Le Comptoir" },
  space: "rubanerie", sales: [{ plan: "fil", label: "Vendre une journée ici", price: "12 €" }],
});
const BODY = {
  state: "accepted", kind: "normal", unit: "day", units: 1, units_left: 6, plan: "Voyageur", plan_unit: "day",
  plan_kind: "book", home: "comptoir", holder: "Camille", reentry: false, overused: false, capped: false,
  charge: { charge_cents: 1200, levy_cents: 60, top_up_cents: 0 },
};
const told = (body, over = {}) => teller.tell({ online: true, ask: false, status: 201, body: { ...BODY, ...body }, ...over });

test("who is let in is told by name, what is left, what is earned and what to collect", () => {
  const view = told();
  assert.equal(view.kind, "accepted");
  assert.equal(view.who, "Camille");
  assert.equal(view.unit, "1 journée");
  assert.deepEqual(view.facts.map(({ value }) => value), ["6 journées", "11,40\u00a0€", "<nothing>"]);
  assert.deepEqual(view.facts[0].tag, { slug: "comptoir", name: "Le Comptoir" });
  assert.deepEqual(view.actions, ["undo", "instead", "next"]);
});

test("a top-up is told as what to collect", () => {
  const { facts } = told({ charge: { charge_cents: 900, levy_cents: 0, top_up_cents: 300 } });
  assert.equal(facts[2].value, "3,00\u00a0€");
  assert.equal(facts[1].value, "9,00\u00a0€");
});

test("a half-day can become a day at one touch", () => {
  assert.deepEqual(told({ unit: "half_day" }).actions, ["undo", "extend", "next"]);
});

test("a re-entry says so and takes nothing", () => {
  const view = told({ reentry: true, charge: null });
  assert.equal(view.kind, "reentry");
  assert.deepEqual(view.actions, ["undo", "next"]);
});

test("a refusal has its title, a sentence with the name, and what to do", () => {
  const view = teller.tell({ online: true, status: 422, body: { code: "no_units_left", state: "refused", holder: "Samir", kind: "normal" } });
  assert.equal(view.who, "Pass vide");
  assert.deepEqual(view.actions, ["next"]);
  assert.equal(teller.refused("never_heard_of").who, "?");
});

const refusedAs = (body) => teller.tell({ online: true, status: 422, body: { code: "no_units_left", state: "refused", ...body } });

test("a refusal leads on to what applies, the likeliest first", () => {
  const sale = { label: "Vendre une journée ici", value: "12 €", href: "/desk/rubanerie/passes/sell?plan=fil" };
  assert.deepEqual(refusedAs({}).leads, [sale]);
  const { leads } = refusedAs({ golden_left: 1, plan_unit: "hour" });
  assert.deepEqual(leads.map(({ action }) => action), ["shorter", "golden", undefined]);
  assert.deepEqual([leads[0].label, leads[0].covered], ["Compter 1 heure", "hour"]);
});

test("a code that is too old says when it was made, in the unit that people would use", () => {
  const clear = new Teller({ ...teller, words: { ...WORDS, answer: echo({ quoted: "{say}" }) }, currency: "EUR" });
  const stale = { offline: true, visit: null, refused: "holder_proof_stale" };
  const said = (ageSeconds) => clear.tell({ ...stale, facts: { ageSeconds } }).say;
  assert.equal(said(100), "Fait il y a 100 secondes.");
  assert.equal(said(4 * 60 + 59), "Fait il y a 4 minutes.");
  assert.equal(said(3 * 3_600), "Fait il y a 3 heures.");
  assert.equal(said(5 * 86_400), "Fait il y a 5 jours.");
  assert.equal(said(-40), "En avance.");
  const body = { code: "holder_proof_stale", state: "refused" };
  assert.equal(clear.tell({ online: true, status: 422, body, facts: { ageSeconds: 240 } }).say, said(240));
});

test("a pass of this very space leads to its page, and is renewed when it is by the month", () => {
  const links = (body) => refusedAs(body).leads.map(({ href }) => href).slice(0, -1);
  assert.deepEqual(links({ pass: "pas_1", plan_kind: "book" }), ["/desk/rubanerie/passes/pas_1"]);
  const monthly = ["/desk/rubanerie/passes/pas_1/renew", "/desk/rubanerie/passes/pas_1"];
  assert.deepEqual(links({ pass: "pas_1", plan_kind: "quota" }), monthly);
});

test("without network a refusal leads back to the service, and selling is left to the hand", () => {
  const view = teller.tell({ offline: true, refused: "suspended" });
  assert.deepEqual(view.leads, [{ action: "retry", label: "<retry>" }]);
  assert.deepEqual(view.steps, ["Appelez.", "<by_hand>"]);
});

test("what the desk refuses by itself, without asking, is no answer without network", () => {
  const view = teller.tell({ refused: "no_units_left" });
  assert.deepEqual([view.kind, view.offline, view.who], ["refused", false, "Pass vide"]);
});

test("the host decides when the space is full, a cap bites, or more is taken than stayed", () => {
  assert.ok(hostDecides({ status: 422, body: { may_override: true } }));
  assert.ok(!hostDecides({ status: 422, body: { may_override: false } }));
  assert.ok(hostDecides({ status: 200, body: { ...BODY, capped: true } }));
  assert.ok(hostDecides({ status: 200, body: { ...BODY, unit: "half_day" } }));
  assert.ok(hostDecides({ status: 200, body: { ...BODY, units: 2, plan_unit: "half_day" } }));
  assert.ok(!hostDecides({ status: 200, body: BODY }));
});

test("a re-entry, a guest and an unlimited pass by the day take no more than they stay", () => {
  assert.ok(!takesMore({ ...BODY, unit: "hour", units: 0 }));
  assert.ok(!takesMore({ ...BODY, unit: "hour", kind: "golden" }));
});

test("what the host decides is asked before anything is counted", () => {
  const whole = teller.tell({ online: true, ask: true, status: 200, body: { ...BODY, unit: "hour" } });
  assert.deepEqual([whole.kind, whole.asks, whole.units], ["decide", "whole", "1 journée"]);
  const full = { code: "space_full", state: "refused", holder: "Léa", unit: "day", may_override: true };
  const seats = { present: 25, capacity: 25 };
  const view = teller.tell({ online: true, ask: true, status: 422, body: full }, seats);
  assert.deepEqual([view.asks, view.facts[0].value], ["override", "25/25"]);
});

test("offline no name is told, and no sum that nobody knows yet", () => {
  const visit = { plan: { name: "Voyageur" }, home: "comptoir", unit: "day", away: true, reentry: false };
  const view = teller.tell({ offline: true, visit, refused: null, bundle: { iat: NOW, spaces: [] } });
  assert.equal(view.kind, "accepted");
  assert.ok(view.offline);
  assert.equal(view.soldBy.name, "Le Comptoir");
  assert.equal(view.facts.length, 2);
});

test("an hour is told as on every page", () => {
  const at = Date.UTC(2026, 10, 27, 13, 32);
  const paris = { language: "fr", timezone: "Europe/Paris" };
  const day = { weekday: "long", day: "numeric", month: "short" };
  assert.equal(sayWhen(at, paris, day), "vendredi 27 nov., 14\u00A0h\u00A032");
  assert.equal(sayWhen(Date.UTC(2026, 10, 26, 23, 5), paris), "0\u00A0h\u00A005");
  assert.match(sayWhen(at, { ...paris, language: "en" }), /^2:32\sPM$/);
});

test("names are filled in, and one that is not known stays", () => {
  assert.equal(fill("{n} sur {total}", { n: 3 }), "3 sur {total}");
});

test("one ticket held before the camera is one scan, though its code changes", async () => {
  const world = await aWorld();
  const [first, second] = await Promise.all([world.live(), world.live({}, { nonce: "later" })]);
  const sightings = new Sightings();
  // Signing draws at random: the tickets of two calls differ, the proofs of one ticket do too.
  const token = first.split("~")[0];
  const proofs = [first, `${token}~${second.split("~")[1]}`];
  assert.ok(sightings.take(proofs[0], 0));
  assert.ok(!sightings.take(proofs[1], 2_900));
  sightings.refresh(proofs[0], 5_000);
  assert.ok(!sightings.take(proofs[0], 7_900));
  assert.ok(sightings.take(proofs[0], 11_000));
});

test("a ticket that comes into view during an answer waits its turn", () => {
  const sightings = new Sightings();
  sightings.refresh("next", 0);
  assert.ok(sightings.take("next", 100));
});

test("the same text within seconds is the same visit, later another", () => {
  const sightings = new Sightings();
  let made = 0;
  const id = (text, now) => sightings.idFor(text, now, () => `id-${(made += 1)}`);
  assert.equal(id("a", 0), "id-1");
  assert.equal(id("a", 9_000), "id-1");
  assert.equal(id("b", 9_500), "id-2");
  assert.equal(id("a", 9_600), "id-3");
  assert.equal(id("a", 30_000), "id-4");
});

test("a host is told where the service decided otherwise", () => {
  const entry = { refused: null };
  assert.equal(troubleOf(entry, { state: "accepted", overused: false }), null);
  assert.deepEqual(troubleOf(entry, { state: "accepted", overused: true }), { kind: "overused" });
  assert.deepEqual(troubleOf(entry, { state: "refused", code: "revoked" }), { kind: "refused", code: "revoked" });
  assert.equal(troubleOf({ refused: "revoked" }, { state: "refused", code: "revoked" }), null);
  assert.deepEqual(troubleOf(entry, { status: 422, code: "journal_invalid" }), { kind: "unreadable" });
  const late = { state: "accepted", notes: ["offline", "offline_late"] };
  assert.deepEqual(troubleOf(entry, late), { kind: "at_zero", note: "offline_late" });
});

test("an entry of the journal is signed by the key that it carries", async () => {
  const key = await newKey();
  const jws = await signEntry(key, { number: 1 });
  assert.ok(await isSignedBy(key.jwk, jws));
  assert.deepEqual(JSON.parse(Buffer.from(jws.split(".")[0], "base64url")).jwk, key.jwk);
});

test("the pie has a slice for each seat", () => {
  assert.deepEqual(slicesOf(1, 2).map(({ kind }) => kind), ["seat taken", "seat"]);
  assert.deepEqual(slicesOf(3, 2).map(({ kind }) => kind), ["seat taken", "seat taken", "seat over"]);
  assert.equal(slicesOf(10, 600).length, 60);
  assert.deepEqual(slicesOf(5, null), []);
});

test("nobody is singular in French and plural in English", () => {
  const seats = { present: 0, capacity: null, free: null, visitors_today: 0, visitors_per_day: 10 };
  assert.deepEqual(seatWords(echo(), "fr", seats), ["<present_one>", "<visitors_one>"]);
  assert.deepEqual(seatWords(echo(), "en", seats), ["<present>", "<visitors>"]);
  assert.equal(seatWords(echo(), "fr", { ...seats, capacity: 4, free: 0 })[0], "<full>");
});
