// The list of what was let in without network: what waits, and what the service said otherwise.
import { fill } from "./answer.js";
import { sayWhen } from "./hours.js";
import { acknowledge, entries, journalFile } from "./journal.js";

/** Show the entries in the dialog of the queue; `teller` has the words. */
export async function showQueue(page, db, teller) {
  const { words } = teller;
  const all = await entries(db);
  page.queueEmpty.hidden = all.length > 0;
  page.queueExport.hidden = all.length === 0;
  page.queueList.replaceChildren(...all.map((entry) => lineOf(entry, page, db, teller)));
  page.queueEmpty.textContent = words.queue.empty;
}

function lineOf(entry, page, db, teller) {
  const line = page.queueLine.content.firstElementChild.cloneNode(true);
  line.querySelector(".when").textContent = sayWhen(entry.at * 1_000, teller);
  const { plan, unit } = entry.told;
  const { answer, queue, refusals } = teller.words;
  const who = plan ? fill(answer.pass, { plan }) : answer.unknown_pass;
  line.querySelector("[data-part=who]").textContent = unit ? `${who}, ${teller.unit(1, unit)}` : who;
  const wasRefused = entry.refused ? `${answer.refused} : ${refusals[entry.refused]?.title ?? ""}` : queue.waits;
  const said = entry.trouble ? troubleText(entry.trouble, queue, refusals) : entry.undone ? queue.undone : wasRefused;
  line.querySelector("small").textContent = said;
  const seen = line.querySelector("button");
  seen.hidden = !entry.trouble;
  seen.addEventListener("click", async () => {
    await acknowledge(db, entry.number);
    line.remove();
    page.queueList.dispatchEvent(new Event("change", { bubbles: true }));
  });
  return line;
}

/** Say what the service said of an entry, where that is not what the desk had said. */
export function troubleText(trouble, words, refusals) {
  if (trouble.kind === "refused") {
    return fill(words.refused, { title: (refusals[trouble.code] ?? refusals.unexpected).title });
  }
  if (trouble.kind === "overused") return words.overused;
  return trouble.kind === "at_zero" ? fill(words.at_zero, { why: words[trouble.note] }) : words.unreadable;
}

/** Hand the journal to the host as a file. */
export async function saveJournal(db, space, today) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await journalFile(db));
  link.download = `cowopass-${space}-${today}.txt`;
  link.click();
  URL.revokeObjectURL(link.href);
}
