// The answer on the screen: it fills it, is read out, sounds, and goes away by itself or by a touch.
import { fill } from "./answer.js";
import { signal } from "./signals.js";

export const UNDO_SECONDS = 60;
const STAYS_MS = 6_000;
/** Answers after which the camera comes back by itself. */
const PASSING = new Set(["accepted", "reentry"]);

export class Screen {
  #timer = null;

  /** `page` has the elements of the page by their ids, `words` those of the page. */
  constructor(page, words) {
    Object.assign(this, { page, words });
  }

  get isOpen() {
    return this.page.answer.childElementCount > 0;
  }

  /**
   * Show a description of `Teller`; `act(action, form, lead)` is called with what is touched.
   * `waiting` is how many entries wait for the network.
   */
  show(view, { act, when, waiting = 0 }) {
    clearTimeout(this.#timer);
    const answer = this.page.template.content.firstElementChild.cloneNode(true);
    const part = (name) => answer.querySelector(`[data-part=${name}]`);
    answer.classList.add(view.kind);
    answer.classList.toggle("offline", view.offline);
    answer.classList.toggle("roomy", view.kind === "accepted" && !view.offline);
    for (const drawing of answer.querySelectorAll("[data-kind]")) {
      if (drawing.dataset.kind !== view.kind) drawing.remove();
    }
    for (const name of ["title", "who", "unit", "say"]) setText(part(name), view[name]);
    part("who").classList.toggle("long", Boolean(view.long) || view.who.length > 9);
    part("when").textContent = when;
    part("waiting").textContent = waiting;
    part("offline").hidden = !view.offline;
    showTag(part("sold-by"), view.soldBy);
    this.#showFacts(part("facts"), view.facts);
    this.#showTodo(answer, view);
    this.#showLeads(part("leads"), view.leads, (lead) => act(lead.action, answer, lead));
    this.#showActions(answer, view, act);
    this.page.answer.replaceChildren(answer);
    this.page.scanner.hidden = true;
    this.page.tabbar?.toggleAttribute("hidden", true);
    this.page.spoken.textContent = [view.title, view.who, view.unit, view.say].filter(Boolean).join(". ");
    answer.querySelector("footer .main")?.focus({ preventScroll: true });
    scrollTo(0, 0);
    signal(view.kind);
    if (PASSING.has(view.kind)) this.#timer = setTimeout(() => act("next"), STAYS_MS);
  }

  /** Go back to the camera. */
  close() {
    clearTimeout(this.#timer);
    this.page.answer.replaceChildren();
    this.page.scanner.hidden = false;
    this.page.tabbar?.toggleAttribute("hidden", false);
    this.page.spoken.textContent = "";
  }

  #showFacts(list, facts) {
    list.hidden = !facts.length;
    list.replaceChildren(...facts.map((fact) => this.#fact(list, fact)));
  }

  #fact(list, { term, small, tag, value }) {
    const row = this.page.fact.content.firstElementChild.cloneNode(true);
    row.querySelector("dt").prepend(term);
    setText(row.querySelector("small"), small ?? "");
    showTag(row.querySelector(".tag").parentElement, tag ?? null);
    row.querySelector("dd").textContent = value;
    return row;
  }

  #showLeads(list, leads, act) {
    list.replaceChildren(...leads.map((lead) => {
      const { content } = lead.href ? this.page.leadLink : this.page.lead;
      const button = content.firstElementChild.cloneNode(true);
      button.querySelector("span").textContent = lead.label;
      button.querySelector("b").textContent = lead.value ?? "";
      button.classList.toggle("gold", lead.action === "golden");
      if (lead.href) button.href = lead.href;
      else button.addEventListener("click", () => act(lead));
      return button;
    }));
  }

  #showTodo(answer, { kind, steps, leads, subject, asks, facts }) {
    const todo = answer.querySelector("[data-part=todo]");
    todo.hidden = !steps.length && !leads.length && kind !== "decide";
    todo.querySelector("h2").textContent = subject ?? this.words.answer.todo;
    todo.querySelector("ol").replaceChildren(...steps.map((step) => {
      const item = document.createElement("li");
      item.append(Object.assign(document.createElement("span"), { textContent: step }));
      return item;
    }));
    todo.querySelector("[data-part=reason]").hidden = asks !== "override";
    if (kind !== "decide") return;
    answer.querySelector("main > [data-part=facts]").hidden = true;
    this.#showFacts(todo.querySelector("[data-part=subject-facts]"), facts);
  }

  #showActions(answer, { actions, name, units }, act) {
    for (const button of answer.querySelectorAll("footer [data-action]")) {
      const { action } = button.dataset;
      if (!actions.includes(action)) {
        button.remove();
        continue;
      }
      const label = button.querySelector("[data-part=label]");
      label.textContent = fill(label.textContent, { name: name ?? this.words.decide.somebody });
      if (action === "accept" && units) label.textContent = fill(this.words.decide.count_whole, { units });
      if (button.tagName === "BUTTON") button.addEventListener("click", () => act(action, answer));
    }
    for (const pair of answer.querySelectorAll("footer .pair")) {
      if (!pair.childElementCount) pair.remove();
    }
  }
}

function setText(element, text) {
  element.textContent = text ?? "";
  element.hidden = !text;
}

function showTag(element, tag) {
  element.hidden = !tag;
  const name = element.querySelector(".tag");
  name.textContent = tag?.name ?? "";
  if (tag) name.dataset.space = tag.slug;
}

/**
 * Count down the seconds in which a visit is taken back at one touch, on whichever buttons there are.
 *
 * `buttons` returns them; the promise of `stop` ends it early. `onEnd` is called once.
 */
export function countDown(buttons, words, onEnd, now = () => Date.now()) {
  const ends = now() + UNDO_SECONDS * 1_000;
  const tick = () => {
    const left = Math.ceil((ends - now()) / 1_000);
    if (left <= 0) return stop();
    for (const button of buttons()) {
      button.querySelector("[data-part=seconds]").textContent = fill(words.seconds, { n: left });
    }
  };
  const timer = setInterval(tick, 1_000);
  let ended = false;
  function stop() {
    clearInterval(timer);
    if (!ended) onEnd();
    ended = true;
  }
  tick();
  return stop;
}
