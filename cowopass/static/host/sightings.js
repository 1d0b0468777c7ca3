// One ticket before the camera is one scan, however long it is held there. Pure.
import { Refusal } from "../ticket/refusal.js";
import { tokenFromText } from "../ticket/text.js";

const GONE_MS = 3_000;
const AGAIN_MS = 10_000;

export class Sightings {
  #seen = new Map();
  #last = { shown: null, id: null, at: -Infinity };

  /** Say whether a text is to be taken: its ticket was not in view a moment ago. `now` in ms. */
  take(text, now) {
    const key = ticketOf(text);
    const before = this.#seen.get(key);
    this.#seen.set(key, now);
    return before === undefined || now - before > GONE_MS;
  }

  /** Note that a ticket that was taken is still in view; a new one waits its turn. */
  refresh(text, now) {
    const key = ticketOf(text);
    if (this.#seen.has(key)) this.#seen.set(key, now);
  }

  /** Let every ticket count again, since the host asks for it. */
  forget() {
    this.#seen.clear();
    this.#last = { shown: null, id: null, at: -Infinity };
  }

  /** Return the id of a scan: the same for the same text and unit within seconds, one visit. */
  idFor(shown, now, makeId = () => crypto.randomUUID()) {
    const isRepeated = shown === this.#last.shown && now - this.#last.at < AGAIN_MS;
    this.#last = { shown, id: isRepeated ? this.#last.id : makeId(), at: now };
    return this.#last.id;
  }
}

/** Return what tells one ticket from another: a phone's code changes, its ticket does not. */
function ticketOf(text) {
  try {
    return tokenFromText(text).split("~")[0];
  } catch (error) {
    if (error instanceof Refusal) return text;
    throw error;
  }
}
