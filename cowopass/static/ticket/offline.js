// What a desk answers without network, by its bundle and its own journal, in the order of
// docs/reference/offline.md. Pure: whoever calls it says what time it is.
import { trustOf } from "./bundle.js";
import { localDay, monthOf } from "./calendar.js";
import { readParts } from "./jws.js";
import { unitsNeeded } from "./plan.js";
import { Refusal } from "./refusal.js";
import { tokenFromText } from "./text.js";
import { TYP, verifyPresentation } from "./verify.js";

const TOLERANCE_SECONDS = 120;

/**
 * Return what becomes of a ticket shown at a space without network; throws a Refusal.
 *
 * @param {string} text what was scanned
 * @param {object} desk `{space, bundle, visits, latest}`: the bundle or null; the visits that this
 *   desk has let in, as this function returned them; the latest time it has seen, in seconds
 * @param {object} scan `{at, unit}`: seconds since 1970, and the unit the host chose or null
 * @returns {Promise<object>} `{pass, jti, net, home, plan, on, unit, reentry, away, golden, proof}`;
 *   `home` and `plan` (of the bundle) are null where nobody can tell
 */
export async function decideOffline(text, desk, scan) {
  const { bundle, visits, space } = desk;
  if (!bundle) {
    readParts(tokenFromText(text).split("~")[0], TYP);
    checkTime(desk, scan);
  }
  const used = new Set(visits.map((visit) => visit.proof).filter(Boolean));
  const { ticket, proof } = await verifyPresentation(text, trustOf(bundle), {
    at: scan.at,
    space,
    used,
    beforeProof: () => checkTime(desk, scan),
  });
  return decide(ticket, proof, desk, scan);
}

function checkTime({ bundle, latest }, { at }) {
  if (at < latest - TOLERANCE_SECONDS) throw new Refusal("clock_rewound");
  if (!bundle || at >= bundle.exp) throw new Refusal("bundle_stale");
}

function decide(ticket, proof, { space, bundle, visits }, { at, unit: chosen }) {
  const on = localDay(at * 1_000, bundle.timezone);
  const { home, plan } = soldAs(ticket, bundle);
  const visit = {
    pass: ticket.sub,
    jti: ticket.jti,
    net: ticket.net,
    home,
    plan,
    on,
    unit: chosen ?? plan?.unit ?? "day",
    reentry: false,
    away: home === null ? ticket.net !== bundle.net : home !== space,
    golden: Object.hasOwn(bundle.golden, ticket.jti),
    proof: proof?.hash ?? null,
  };
  checkState(ticket, bundle);
  if (isReentry(visit, visits)) return { ...visit, reentry: true };
  checkValidity(ticket, at);
  const agreement = visit.away ? agreementFor(visit, bundle, visits) : null;
  checkUnits(visit, bundle, visits);
  checkPaper(visit, agreement, visits);
  return visit;
}

/** Return the home and the plan of a ticket: a live one names neither, the bundle may. */
function soldAs({ sub, home, plan }, { live, plans }) {
  const sold = home === null ? live[sub] : { home, plan };
  const found = plans.find((one) => one.home === sold?.home && one.code === sold.plan);
  return { home: sold?.home ?? null, plan: found ?? null };
}

function checkState({ jti, sub }, bundle) {
  if (bundle.revoked.includes(jti) || bundle.revoked_passes.includes(sub)) throw new Refusal("revoked");
  if (bundle.suspended_passes.includes(sub)) throw new Refusal("suspended");
}

function isReentry(visit, visits) {
  const counts = (past) => past.pass === visit.pass && past.on === visit.on;
  return !visit.golden && visits.some((past) => counts(past) && !past.golden && !past.reentry);
}

function checkValidity({ nbf, exp }, at) {
  if (nbf !== null && at < nbf) throw new Refusal("not_yet_valid");
  if (at >= exp) throw new Refusal("expired");
}

/** Return the agreement under which a visit away is let in. */
function agreementFor(visit, bundle, visits) {
  const month = monthOf(visit.on);
  const agreement = bundle.agreements.findLast(({ home, from }) => home === visit.net && from <= month);
  if (!agreement) throw new Refusal("wrong_network");
  if (visit.plan?.roaming === false || !passesRoam(visit, bundle)) throw new Refusal("roaming_not_included");
  const away = visits.filter((past) => past.pass === visit.pass && past.away && monthOf(past.on) === month);
  const days = new Set(away.map((past) => past.on));
  const cap = agreement.roaming_days_per_month;
  if (cap !== null && !days.has(visit.on) && days.size >= cap) {
    throw new Refusal("roaming_cap_reached", { days: cap });
  }
  return agreement;
}

/** Say whether passes of a visit's home are good elsewhere that day; of one nobody can tell, yes. */
function passesRoam({ home, on }, { spaces }) {
  const found = spaces.find(({ slug }) => slug === home);
  if (!found) return home === null;
  const { suspended_on: suspended, reinstated_on: reinstated } = found;
  const honoured = found.sold_days === "honoured";
  const joins = honoured && !found.leaves_on ? null : found.joins_on;
  const leaves = honoured ? null : found.leaves_on;
  const isSuspended = suspended && on >= suspended && !(reinstated && on >= reinstated);
  return !(joins && on < joins) && !(leaves && on > leaves) && !isSuspended;
}

function checkUnits(visit, bundle, visits) {
  if (visit.golden) {
    const used = bundle.golden[visit.jti] || visits.some((past) => past.jti === visit.jti);
    if (used) throw new Refusal("no_units_left", { golden: true });
  } else if (visit.plan && unitsNeeded(visit.plan.unit, visit.unit) === null) {
    throw new Refusal("unit_not_covered", { unit: visit.plan.unit });
  }
}

/** Away from home, a ticket that no phone vouches for may be shown offline so many times a day. */
function checkPaper(visit, agreement, visits) {
  const limit = agreement?.offline_paper_per_day ?? null;
  if (limit === null || visit.proof) return;
  const shown = visits.filter(
    (past) => past.offline && past.away && !past.proof && !past.reentry && past.net === visit.net && past.on === visit.on,
  );
  if (shown.length >= limit) throw new Refusal("offline_limit", { limit });
}
