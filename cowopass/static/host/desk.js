// What becomes of a ticket that is shown: asked of the service, decided here when it does not answer.
import { isNewer, readBundle } from "../ticket/bundle.js";
import { localDay } from "../ticket/calendar.js";
import { readParts } from "../ticket/jws.js";
import { decideOffline } from "../ticket/offline.js";
import { UNITS } from "../ticket/plan.js";
import { proofAge } from "../ticket/proof.js";
import { Refusal } from "../ticket/refusal.js";
import { tokenFromText } from "../ticket/text.js";
import { TYP } from "../ticket/verify.js";
import { append, noteVisit } from "./journal.js";
import { ask, LONGEST_WAIT_MS, PATIENCE_MS, Unreachable } from "./server.js";
import { isOutOfSpace, noteTime } from "./store.js";

const PAUSE_MS = 15_000;
const BUNDLE_LIFE_SECONDS = 1_800;
/** Refusals of what was no ticket, or by a clock that is wrong: nothing to write down. */
const NOT_WRITTEN = new Set([
  "not_a_ticket", "token_too_large", "malformed", "code_invalid", "online_required", "clock_rewound",
]);

/** A desk of a space, on its store; `now` returns milliseconds since 1970. */
export class Desk {
  constructor({ space, timezone, db, now = () => Date.now() }) {
    Object.assign(this, { space, timezone, db, now });
    this.silentUntil = 0;
  }

  /**
   * Return `{online, ask, status, body, facts}` or `{offline, visit, refused}` for a ticket shown.
   *
   * `scan` is `{id, text or code, unit, golden, override, sure}`. `ask` says that nothing is recorded yet,
   * since the host has to decide; once she has, the same scan comes again with `sure`.
   */
  async show(scan) {
    if (navigator.onLine && this.now() >= this.silentUntil) {
      try {
        return await this.#showOnline(scan);
      } catch (error) {
        if (!(error instanceof Unreachable)) throw error;
        this.silentUntil = this.now() + PAUSE_MS;
      }
    }
    return this.#showOffline(scan);
  }

  /** The service has answered something: the next ticket is asked of it at once. */
  heard(answer) {
    this.silentUntil = 0;
    if (answer.at !== null) noteTime(this.db, answer.at).catch(() => {});
    return answer;
  }

  async #showOnline(scan) {
    const signal = AbortSignal.timeout((await this.#canDecide(scan)) ? PATIENCE_MS : LONGEST_WAIT_MS);
    const body = {
      id: scan.id, space: this.space, unit: scan.unit,
      ...(scan.code ? { code: scan.code } : { token: scan.text }),
      ...(scan.golden ? { kind: "golden" } : {}),
      ...(scan.override ? { override: { reason: scan.override } } : {}),
    };
    if (!scan.sure) {
      const preview = this.heard(await ask("/api/v1/check-ins/preview", { body, signal }));
      if (hostDecides(preview)) return { online: true, ask: true, ...preview };
    }
    const answer = this.heard(await ask("/api/v1/check-ins", { body, signal }));
    if (answer.body.state === "accepted") await this.#note(scan, answer.body).catch(() => {});
    return { online: true, ask: false, ...answer, facts: this.#factsOf(scan, answer) };
  }

  /** Return what is said beside a refusal of the service: the age of a code that is too old. */
  #factsOf(scan, { body, at }) {
    if (body.code !== "holder_proof_stale") return {};
    return { ageSeconds: proofAge(scan.text, at ?? this.now() / 1_000) };
  }

  /** Keep what this desk has to know of a visit when the network fails later that day. */
  async #note(scan, { id, on, unit, reentry, kind, home }) {
    if (scan.code) return;
    const { claims } = readParts(tokenFromText(scan.text).split("~")[0], TYP);
    const visit = { id, pass: claims.sub, jti: claims.jti, net: claims.net, home, on, unit, reentry };
    await noteVisit(this.db, { ...visit, away: home !== this.space, golden: kind === "golden", proof: null });
  }

  /** Say whether this desk could decide by itself: it has a list, and the ticket is no typed code. */
  async #canDecide(scan) {
    if (!this.db || scan.code || scan.golden) return false;
    return Boolean(await this.db.get("known", "bundle").catch(() => null));
  }

  async #showOffline(scan) {
    // A browser that keeps nothing (a private window, say) can write no visit down.
    if (!this.db) return { offline: true, visit: null, refused: "storage_full", bundle: null };
    const at = Math.floor(this.now() / 1_000);
    const bundle = (await this.db.get("known", "bundle").catch(() => null)) ?? null;
    const { visit, refused, facts } = await this.#decide(scan, bundle, at);
    if (refused && NOT_WRITTEN.has(refused)) return { offline: true, visit: null, refused, facts, bundle };
    const told = { plan: visit?.plan?.name ?? null, home: visit?.home ?? null, unit: visit?.unit ?? scan.unit };
    try {
      const written = { ...scan, at };
      await append(this.db, this.space, { scan: written, bundle: bundle?.number ?? null, refused, visit, told });
      await noteTime(this.db, at);
    } catch (error) {
      if (!isOutOfSpace(error)) throw error;
      return { offline: true, visit: null, refused: refused ?? "storage_full", facts, bundle };
    }
    return { offline: true, visit, refused, facts, bundle };
  }

  async #decide(scan, bundle, at) {
    try {
      // Of a code this desk knows nothing, and not how many golden tickets a pass has left.
      if (scan.code || scan.golden) throw new Refusal("online_required");
      const [visits, latest = 0] = await Promise.all([this.db.getAll("visits"), this.db.get("known", "latest")]);
      const desk = { space: this.space, bundle, visits, latest };
      return { visit: await decideOffline(scan.text, desk, { at, unit: scan.unit }), refused: null };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { visit: null, refused: error.code, facts: error.facts };
    }
  }

  /**
   * Fetch the list for offline work when the one that is kept is old; a worse one changes nothing.
   *
   * Return the number of the one that is kept now, 0 without one.
   */
  async refreshBundle() {
    if (!this.db) return 0;
    const kept = await this.db.get("known", "bundle");
    if (kept && this.now() / 1_000 - kept.iat < BUNDLE_LIFE_SECONDS) return kept.number;
    const answer = this.heard(await ask(`/api/v1/bundle?space=${this.space}`));
    const bundle = answer.status === 200 ? await this.#verified(answer.body.bundle, kept) : null;
    if (!bundle || !isNewer(bundle, kept)) return kept?.number ?? 0;
    await this.db.put("known", bundle, "bundle");
    await noteTime(this.db, bundle.iat);
    return bundle.number;
  }

  /** Return a list that is signed by a key that is known, or published; null for any other. */
  async #verified(jws, kept) {
    const published = async () => (await ask("/.well-known/jwks.json")).body.keys;
    for (const keys of [() => kept?.keys ?? [], published]) {
      try {
        return await readBundle(jws, await keys(), this.space);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
      }
    }
    return null;
  }

  /** Return the local day of the present moment. */
  today() {
    return localDay(this.now(), this.timezone);
  }
}

/** Say whether the host has a word in it before anything is recorded. */
export function hostDecides({ status, body }) {
  if (status === 422) return body.may_override === true;
  return status === 200 && (body.capped || takesMore(body));
}

/** Say whether a visit takes more than was stayed: a day for half of one, or two halves. */
export function takesMore({ units, unit, plan_unit: planUnit, kind }) {
  if (!units || kind === "golden" || !planUnit) return false;
  return units > 1 || UNITS.indexOf(unit) < UNITS.indexOf(planUnit);
}
