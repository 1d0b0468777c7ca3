// What the screen says of an outcome: a description, without a screen. Pure.
import { UNITS } from "../ticket/plan.js";
import { takesMore } from "./desk.js";
import { sayWhen } from "./hours.js";

/** Return a text with its `{names}` filled in. */
export function fill(text, values) {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** From how many seconds on an age is told in which unit, of so many seconds. */
const AGES = [[172_800, 86_400, "day"], [7_200, 3_600, "hour"], [120, 60, "minute"], [0, 1, "second"]];

const MONTHLY = new Set(["unlimited", "quota"]);

/**
 * Describe outcomes in the words of a page and the money of a space; `spaces` are names by slug,
 * `sales` what to sell after a refusal.
 */
export class Teller {
  constructor({ words, language, currency, spaces, timezone, space, sales }) {
    Object.assign(this, { words, spaces, language, timezone, sales, home: `/desk/${space}` });
    const money = new Intl.NumberFormat(language, { style: "currency", currency });
    this.money = (cents) => money.format(cents / 100);
  }

  /**
   * Return `{kind, offline, title, who, long, unit, say, soldBy, facts, steps, leads, actions, asks}`.
   *
   * `kind` is accepted, reentry, refused or decide; `facts` are `{term, small, tag, value}`;
   * `leads` are `{label, value, href}` or `{label, value, action, covered}`, the likeliest first;
   * `actions` name buttons; `asks` tells what the host decides: override, whole or capped.
   */
  tell(outcome, seats = null) {
    const blank = { offline: Boolean(outcome.offline), who: "", unit: "", say: "", soldBy: null, facts: [], steps: [], leads: [] };
    const told = outcome.offline ? this.#offline(outcome) : this.#online(outcome, seats);
    return { ...blank, ...told };
  }

  #online(outcome, seats) {
    const { status, body, refused, facts } = outcome;
    if (refused) return this.refused(refused);
    if (outcome.ask) return body.state === "refused" ? this.#override(body, seats) : this.#question(body);
    if (status === 200 || status === 201) return body.reentry ? this.#reentry(body) : this.#accepted(body);
    const code = body.code === "no_units_left" && body.kind === "golden" ? "ticket_used" : body.code;
    return this.refused(code, { name: body.holder, leads: this.#leads(body), age: facts?.ageSeconds });
  }

  /**
   * Describe a refusal by its code; one that this page has no words for is told as unexpected.
   *
   * `leads` are the buttons that would apply here, by what they do; the code says which ones help.
   * `age` is that of a phone's code in seconds, where that is what it is refused for.
   */
  refused(code, { name = null, leads = {}, age = null } = {}) {
    const { answer, refusals, leads: words } = this.words;
    const known = refusals[code] ?? refusals.unexpected;
    const plain = age === null ? known.say : this.#ageOf(age);
    const say = name ? plain.replace(/[.!]$/, `, ${name}$&`) : plain;
    const helping = known.leads.flatMap((lead) => leads[lead] ?? []);
    const byHand = known.leads.includes("sell") && !leads.sell?.length ? [words.by_hand] : [];
    return {
      kind: "refused", title: answer.refused, who: known.title, long: true, say: fill(answer.quoted, { say }),
      steps: [...known.steps, ...byHand], leads: helping, actions: [known.again ? "again" : "next"],
    };
  }

  /** Return the sentence about a code that was signed so many seconds ago, or ahead of the time. */
  #ageOf(seconds) {
    const { stale } = this.words;
    if (seconds < 0) return stale.ahead;
    const [, size, unit] = AGES.find(([from]) => seconds >= from);
    const when = new Intl.RelativeTimeFormat(this.language).format(-Math.floor(seconds / size), unit);
    return fill(stale.old, { when });
  }

  /** Return where a refusal of the service may lead on to, each as a list of buttons. */
  #leads({ golden_left: golden, pass, plan_kind: planKind, plan_unit: planUnit }) {
    const { leads: words } = this.words;
    const { home } = this;
    const link = (name, path) => [{ label: words[name], href: path }];
    return {
      ...this.#shorter(planUnit),
      golden: golden ? [{ action: "golden", label: words.golden, value: words.free }] : [],
      renew: pass && MONTHLY.has(planKind) ? link("renew", `${home}/passes/${pass}/renew`) : [],
      pass: pass ? link("pass", `${home}/passes/${pass}`) : [],
      sell: this.sales.map(({ plan, label, price }) => (
        { label, value: price, href: `${home}/passes/sell?plan=${encodeURIComponent(plan)}` }
      )),
      price: this.sales.length ? link("price", `${home}/prices`) : [],
      enter: link("enter", `/sign-in?next=${home}`),
    };
  }

  #shorter(unit) {
    if (!unit) return {};
    const label = fill(this.words.leads.shorter, { unit: this.unit(1, unit) });
    return { shorter: [{ action: "shorter", label, covered: unit }] };
  }

  #accepted(body) {
    const { answer } = this.words;
    const golden = body.kind === "golden";
    return {
      kind: "accepted", title: answer.accepted, who: body.holder ?? answer.guest, unit: this.unit(1, body.unit),
      facts: this.#facts(body), actions: ["undo", ...this.#changes(body, golden), "next"],
    };
  }

  #reentry(body) {
    const { answer } = this.words;
    return {
      kind: "reentry", title: answer.reentry, who: body.holder ?? "", say: answer.welcome_back,
      facts: this.#leftFact(body), actions: ["undo", "next"],
    };
  }

  /** The change of unit that is one touch away: up to a day it is an extension, down a new visit. */
  #changes({ unit, plan_unit: planUnit }, golden) {
    if (unit === "half_day") return ["extend"];
    return unit === "day" && (golden || planUnit !== "hour") ? ["instead"] : [];
  }

  #override(body, seats) {
    const { decide } = this.words;
    const known = this.words.refusals[body.code];
    const name = body.holder ?? decide.somebody;
    const subject = body.unit ? fill(decide.good, { name, unit: this.unit(1, body.unit) }) : name;
    return {
      ...this.#decide(known.title, known.say, "override"),
      subject, name, facts: this.#seatFacts(body.code, seats), actions: ["elsewhere", "override"],
    };
  }

  #question(body) {
    const { decide } = this.words;
    const name = body.holder ?? decide.somebody;
    const units = this.unit(body.units, body.plan_unit);
    const subject = fill(decide.good, { name, unit: this.unit(1, body.unit) });
    const facts = this.#facts(body);
    if (!takesMore(body)) {
      const capped = this.#decide(decide.capped_title, decide.capped_say, "capped");
      return { ...capped, subject, name, facts, actions: ["decline", "accept"] };
    }
    const { one, many } = this.words.units[body.plan_unit];
    const title = fill(decide.whole_title, { unit: one });
    const asked = this.#decide(title, fill(decide.whole_say, { plan_units: many, units }), "whole");
    return { ...asked, subject, name, units, facts, actions: ["decline", "accept"] };
  }

  #decide(who, say, asks) {
    const { answer } = this.words;
    return { kind: "decide", title: answer.decide, who, long: true, say: fill(answer.quoted, { say }), asks };
  }

  #seatFacts(code, seats) {
    const { facts } = this.words;
    if (code === "space_full" && seats?.capacity) {
      return [{ term: facts.seats, value: fill(facts.of, { n: seats.present, total: seats.capacity }) }];
    }
    if (code === "visitors_full" && seats?.visitors_per_day) {
      const value = fill(facts.of, { n: seats.visitors_today, total: seats.visitors_per_day });
      return [{ term: facts.visitors, value }];
    }
    return [];
  }

  #facts(body) {
    const { facts } = this.words;
    const collect = body.charge?.top_up_cents;
    return [
      ...this.#leftFact(body),
      ...this.#earnFacts(body),
      { term: facts.collect, value: collect ? this.money(collect) : facts.nothing },
    ];
  }

  #leftFact({ kind, plan, plan_unit: planUnit, plan_kind: planKind, units_left: left, home, overused }) {
    const { facts } = this.words;
    const from = { small: plan, tag: this.#tag(home) };
    if (kind === "golden") return [{ term: facts.golden, ...from, value: facts.one_day }];
    if (overused) return [{ term: facts.overused, ...from, value: "" }];
    const term = planKind === "quota" ? facts.left_month : facts.left;
    const value = left === null ? facts.unlimited : left ? this.unit(left, planUnit) : facts.nothing;
    return [{ term, ...from, value }];
  }

  #earnFacts({ charge, capped }) {
    const { facts } = this.words;
    if (!charge) return [{ term: facts.own_pass, value: facts.no_charge }];
    const { charge_cents: cents, levy_cents: levy } = charge;
    const less = levy ? fill(facts.less_levy, { charge: this.money(cents), levy: this.money(levy) }) : null;
    return [{ term: facts.earns, small: capped ? facts.capped : less, value: this.money(cents - levy) }];
  }

  #offline({ visit, refused, facts: about, bundle }) {
    if (refused) {
      const code = refused === "no_units_left" && about?.golden ? "ticket_used" : refused;
      const retry = [{ action: "retry", label: this.words.leads.retry }];
      return this.refused(code, { leads: { retry, ...this.#shorter(about?.unit) }, age: about?.ageSeconds });
    }
    const { answer, facts } = this.words;
    const plan = visit.plan?.name;
    const common = {
      who: plan ? fill(answer.pass, { plan }) : answer.unknown_pass, long: true,
      soldBy: this.#tag(visit.home, bundle), actions: ["undo", "queue", "next"],
    };
    if (visit.reentry) return { kind: "reentry", title: answer.reentry, ...common, say: answer.welcome_back };
    const known = { term: facts.name_and_rest, small: facts.later_why, value: facts.later };
    const paid = { term: facts.paid, small: fill(facts.list_of, { when: sayWhen(bundle.iat * 1_000, this, { weekday: "long" }) }), value: facts.yes };
    return {
      kind: "accepted", title: answer.accepted, ...common, unit: this.unit(1, visit.unit),
      facts: visit.away ? [known, paid] : [known],
    };
  }

  #tag(slug, bundle = null) {
    if (!slug) return null;
    return { slug, name: this.spaces[slug] ?? bundle?.spaces.find((one) => one.slug === slug)?.name ?? slug };
  }

  /** Return a number of units in words: "1 journée", "6 demi-journées". */
  unit(count, unit) {
    const known = UNITS.includes(unit) ? unit : "day";
    const { one, many } = this.words.units[known];
    // French counts one and a half as one; here are whole numbers, zero of which French says in the singular.
    const single = new Intl.PluralRules(this.language).select(count) === "one";
    return `${count} ${single ? one : many}`;
  }
}
