// The Scan page: puts the camera, the keyboard, the desk and the screen together.
import { looksLikeCode, readCode } from "../ticket/code.js";
import { fill, Teller } from "./answer.js";
import { makeDay, takeBack } from "./corrections.js";
import { Desk } from "./desk.js";
import { sayWhen } from "./hours.js";
import { countWaiting, entries, forgetOldVisits, send } from "./journal.js";
import { partsOfPage } from "./parts.js";
import { saveJournal, showQueue } from "./queue.js";
import { Screen, countDown } from "./screen.js";
import { showSeats } from "./seats.js";
import { ask, Unreachable } from "./server.js";
import { allowSound, isMuted, setMuted } from "./signals.js";
import { Sightings } from "./sightings.js";
import { askToKeep, openStore } from "./store.js";
import { Viewfinder } from "./viewfinder.js";
import { listenForScanner } from "./wedge.js";

const UNDO_REASON = "Annulé au comptoir";
const CHANGE_REASON = "Autre durée choisie au comptoir";

class ScanPage {
  /** `told` is what the server said of the space; `page` has the parts of the page by their names. */
  constructor(told, page, db) {
    Object.assign(this, { told, page, db, words: told.words });
    this.desk = new Desk({ ...told, db });
    this.teller = new Teller(told);
    this.screen = new Screen(page, told.words);
    this.sightings = new Sightings();
    const onText = (text) => this.sees(text);
    this.viewfinder = new Viewfinder(page, told.words.camera, { onText, hint: (text) => this.hint(text) });
    this.seats = null;
    this.busy = false;
    this.last = null;
    this.stopUndo = () => {};
  }

  /** Take what was read, typed or sent by a link; `unit` and `shown` override what is chosen. */
  async take(text, { override = null, sure = false, golden = false, id = null, unit = this.chosenUnit() } = {}) {
    if (this.busy) return;
    this.busy = true;
    const code = looksLikeCode(text) ? text : null;
    const scan = { text, code, unit, golden, override, sure };
    scan.id = id ?? this.sightings.idFor(`${unit} ${golden} ${override} ${text}`, Date.now());
    this.hint(this.words.camera.checking);
    try {
      this.answer(scan, await this.decide(scan));
    } finally {
      this.busy = false;
      this.hint(this.viewfinder.state);
    }
  }

  async decide(scan) {
    if (scan.code && readCode(scan.code) === null) return { refused: "code_invalid" };
    try {
      return await this.desk.show(scan);
    } catch (error) {
      console.error(error);
      return { refused: "unexpected" };
    }
  }

  async answer(scan, outcome) {
    if (outcome.ask) await this.showSeats();
    const view = this.teller.tell(outcome, this.seats);
    const isIn = view.kind === "accepted" || view.kind === "reentry";
    if (isIn) this.stopUndo();
    const waiting = await this.showWaiting();
    const act = (action, form, lead) => this.act(action, form, scan, outcome, lead);
    this.screen.show(view, { when: this.when(), waiting, act });
    if (isIn) this.accepted(scan, outcome, view);
    this.refresh();
  }

  accepted(scan, outcome, view) {
    this.chooseUnit(null);
    this.last = { scan, outcome };
    this.page.undoLast.hidden = false;
    this.page.undoLast.querySelector("[data-part=label]").textContent = `${this.words.answer.undo} : ${view.who}`;
    const buttons = () => document.querySelectorAll("[data-action=undo]");
    this.stopUndo = countDown(buttons, this.words.answer, () => this.forgetLast());
  }

  forgetLast() {
    this.last = null;
    this.page.undoLast.hidden = true;
    for (const button of document.querySelectorAll("#answer [data-action=undo]")) button.remove();
  }

  act(action, form, scan, outcome, lead) {
    const acts = {
      golden: () => this.take(scan.text, { unit: scan.unit, golden: true }),
      shorter: () => this.take(scan.text, { unit: lead.covered }),
      retry: () => this.retry(scan),
      next: () => this.back(),
      again: () => (this.sightings.forget(), this.back()),
      decline: () => this.back(),
      accept: () => this.take(scan.text, { ...scan, sure: true }),
      override: () => this.override(form, scan),
      undo: () => this.undo(),
      instead: () => this.instead(scan, outcome, "half_day"),
      extend: () => this.extend(scan, outcome),
      queue: () => this.openQueue(),
    };
    return acts[action]();
  }

  override(form, scan) {
    const input = form.querySelector("input");
    const reason = input.value.trim();
    input.setCustomValidity(reason ? "" : this.words.decide.why_missing);
    if (!input.reportValidity()) return;
    this.take(scan.text, { override: reason, sure: true, unit: scan.unit });
  }

  /** Ask the service after all: what this desk has refused by itself stays written down. */
  retry({ text, unit, golden }) {
    this.desk.silentUntil = 0;
    this.sightings.forget();
    return this.take(text, { unit, golden });
  }

  back() {
    this.screen.close();
    if (this.reloadWaits) location.reload();
  }

  /** Take the last visit back. */
  async undo() {
    if (!this.last) return;
    const done = await takeBack(this.desk, this.last, UNDO_REASON);
    if (done !== "not_undone") this.stopUndo();
    this.sightings.forget();
    this.hintAfter(this.words.answer[done]);
    this.refresh();
  }

  /** Count another unit instead: the visit is taken back, and made anew. */
  async instead(scan, outcome, unit) {
    const done = await takeBack(this.desk, { scan, outcome }, CHANGE_REASON);
    if (done === "not_undone") return this.hintAfter(this.words.answer[done]);
    this.stopUndo();
    this.sightings.forget();
    return this.take(scan.text, { unit, sure: true });
  }

  async extend(scan, { body }) {
    const outcome = await makeDay(this.desk, body.id);
    return outcome ? this.answer(scan, outcome) : this.hintAfter(this.words.queue.slow);
  }

  hintAfter(text) {
    this.back();
    this.hint(text);
  }

  hint(text) {
    this.page.hint.textContent = text;
  }

  when() {
    return sayWhen(Date.now(), this.told, { weekday: "long", day: "numeric", month: "short" });
  }

  chosenUnit() {
    return this.page.units.querySelector("input:checked").value || null;
  }

  chooseUnit(unit) {
    this.page.units.querySelector(`input[value="${unit ?? ""}"]`).checked = true;
  }

  /** Send what waits, fetch the list for offline work, and show the seats as they are now. */
  async refresh() {
    try {
      const refused = this.db && navigator.onLine ? await send(this.db, this.told.space, ask) : null;
      this.page.cutOff.hidden = ![401, 403].includes(refused?.status);
      await this.showSeats();
      this.page.scanner.dataset.bundle = await this.desk.refreshBundle();
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
    } finally {
      await this.showWaiting();
    }
  }

  /** Show the seats as they are now; those of before stay when the service does not answer. */
  async showSeats() {
    try {
      this.seats = this.desk.heard(await ask(`/api/v1/spaces/${this.told.space}/occupancy`)).body;
      showSeats(this.page, this.words.camera, this.told.language, this.seats);
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
    }
  }

  /** Show how many entries wait, and how many a host should look at; return the former. */
  async showWaiting() {
    if (!this.db) return 0;
    const waiting = await countWaiting(this.db);
    const trouble = (await entries(this.db)).filter((entry) => entry.trouble).length;
    this.page.waitingBar.hidden = !waiting && !trouble;
    this.page.waitingCount.textContent = waiting;
    this.page.waitingLook.hidden = !trouble;
    const look = trouble === 1 ? this.words.queue.look_one : this.words.queue.look;
    this.page.waitingLook.textContent = fill(look, { n: trouble });
    return waiting;
  }

  async openQueue() {
    await showQueue(this.page, this.db, this.teller);
    this.page.queue.showModal();
  }

  sees(text) {
    const isFree = !this.busy && !this.screen.isOpen && !document.querySelector("dialog[open]");
    if (!isFree) this.sightings.refresh(text, Date.now());
    else if (this.sightings.take(text, Date.now())) this.take(text);
  }

  type(event) {
    event.preventDefault();
    const { value } = this.page.code;
    const isSlip = looksLikeCode(value) && readCode(value) === null;
    this.page.codeSlip.hidden = !isSlip;
    if (isSlip || !value.trim()) return this.page.code.focus();
    this.page.typing.close();
    this.page.code.value = "";
    this.take(value.trim());
  }

  listen() {
    const { page } = this;
    listenForScanner(document, (text) => this.take(text));
    document.addEventListener("pointerdown", allowSound);
    document.addEventListener("keydown", allowSound);
    page.typeCode.addEventListener("click", () => page.typing.showModal());
    page.typing.querySelector("form").addEventListener("submit", (event) => this.type(event));
    page.sound.addEventListener("click", () => this.toggleSound());
    page.undoLast.addEventListener("click", () => this.undo());
    page.waitingBar.addEventListener("click", () => this.openQueue());
    page.queueExport.addEventListener("click", () => saveJournal(this.db, this.told.space, this.desk.today()));
    page.queueList.addEventListener("change", () => this.showWaiting());
    for (const button of document.querySelectorAll("dialog [data-close]")) {
      button.addEventListener("click", () => button.closest("dialog").close());
    }
    addEventListener("online", () => this.refresh());
    addEventListener("hashchange", () => this.takeFromAddress());
    document.addEventListener("visibilitychange", () => document.hidden || this.refresh());
  }

  toggleSound() {
    setMuted(!isMuted());
    this.showSound();
  }

  showSound() {
    this.page.sound.setAttribute("aria-pressed", !isMuted());
  }

  /** A phone's own camera has read the code and come here: the ticket stands in the fragment. */
  takeFromAddress() {
    const text = new URLSearchParams(location.hash.slice(1)).get("t");
    if (!text) return;
    history.replaceState(null, "", location.pathname + location.search);
    this.take(text);
  }

  async start() {
    this.listen();
    dispatchEvent(new Event("listening"));
    this.showSound();
    this.takeFromAddress();
    this.viewfinder.start();
    await this.refresh();
    if (this.db) {
      await forgetOldVisits(this.db, Date.now() / 1_000);
      this.page.notKept.hidden = await askToKeep();
    }
  }

  /** Keep the page for when there is no network; a new version is taken up between two visitors. */
  async installWorker() {
    const workers = navigator.serviceWorker;
    if (!workers) return;
    const hadOne = Boolean(workers.controller);
    workers.addEventListener("controllerchange", () => {
      this.reloadWaits = hadOne;
      if (hadOne && !this.screen.isOpen && !this.busy) location.reload();
    });
    await workers.register("/desk/worker.js");
  }
}

const page = partsOfPage();
const told = JSON.parse(document.getElementById("told").textContent);
const scanPage = new ScanPage(told, page, await openStore(told.space).catch(() => null));
await scanPage.start();
await scanPage.installWorker();
