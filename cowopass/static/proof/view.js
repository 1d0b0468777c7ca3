// What the page shows of a verdict: an answer to each question, then the lines, wrong ones first.
import { effectOn } from "./line.js";

const language = document.documentElement.lang;
const MOST_SHOWN = 100;
const MONTH_FORMAT = "cowopass-month/1";

/** Return the card of a statement that was read. */
export function showVerdict(file, verdict, words) {
  const { statement, answers, kind } = verdict;
  const { card, part } = newCard(file, kind, words);
  const write = writer(statement, words);
  part("title").textContent = `${statement.space}, ${monthName(statement.period)}`;
  part("position").textContent = write.cents(statement.position_cents);
  for (const answer of answers) showAnswer(card, answer, write);
  part("key").textContent = keySentence(verdict, words);
  part("key").hidden = verdict.thumbprint === null;
  part("root").textContent = statement.head?.root ?? "";
  part("root").parentElement.hidden = statement.head === null;
  showLines(part, verdict, write);
  return card;
}

/** Return the card of a file that is no statement, with what to do instead. */
export function showUnreadable(file, found, { path }, words) {
  const { card, part } = newCard(file, "unreadable", words);
  const { month, nothing, field } = words.unreadable;
  const isMonth = found?.format === MONTH_FORMAT;
  const isStatement = found !== null && path !== "document" && path !== "format";
  const why = isMonth ? month : isStatement ? field.replace("{path}", path) : nothing;
  part("title").textContent = file;
  part("file").hidden = true;
  part("body").replaceChildren(paragraph(why));
  return card;
}

/** Say whether the months seen so far follow from each other, once there are two files. */
export function showChain(heads, findings, words) {
  const section = document.getElementById("chain");
  section.hidden = heads.length < 2;
  const sentences = findings.length
    ? findings.map(({ code, where, before }) =>
        words.chain[code]
          .replace("{where}", monthName(where))
          .replace("{before}", before ? monthName(before) : ""),
      )
    : [words.chain.holds];
  section.dataset.kind = findings.length ? "broken" : "holds";
  section.querySelector("[data-part=chain]").replaceChildren(...sentences.map(item));
}

function newCard(file, kind, words) {
  const card = clone("verdict");
  const part = (name) => card.querySelector(`[data-part="${name}"]`);
  card.dataset.kind = kind;
  part("file").textContent = file;
  part("verdict").textContent = words.verdicts[kind];
  return { card, part };
}

function showAnswer(card, { name, findings, isOpen }, write) {
  const row = card.querySelector(`[data-question="${name}"]`);
  mark(row, isOpen ? "open" : findings.length ? "no" : "yes");
  const said = [...new Set(findings.map(write.finding))];
  row.querySelector("[data-part=said]").textContent = said.join(" ");
}

function showLines(part, { statement, findings }, write) {
  const wrong = new Map();
  for (const finding of findings) {
    wrong.set(finding.where, [...(wrong.get(finding.where) ?? []), write.finding(finding)]);
  }
  const isWrong = (line) => wrong.has(line.id);
  const right = statement.lines.filter((line) => !isWrong(line));
  const shown = [...statement.lines.filter(isWrong), ...right.slice(0, MOST_SHOWN)];
  part("count").textContent = statement.lines.length;
  part("all").open = wrong.size > 0 && shown.some(isWrong);
  part("all").hidden = statement.lines.length === 0;
  part("more").hidden = right.length <= MOST_SHOWN;
  part("lines").replaceChildren(...shown.map((line) => showLine(line, wrong.get(line.id), write)));
}

function showLine(line, wrong, write) {
  const row = clone("line");
  const part = (name) => row.querySelector(`[data-part="${name}"]`);
  mark(row, wrong ? "no" : "yes");
  part("what").textContent = write.kind(line);
  part("who").textContent = `${line.debtor} → ${line.creditor}`;
  part("cents").textContent = write.effect(line);
  part("wrong").textContent = wrong?.join(" ") ?? "";
  part("wrong").hidden = !wrong;
  return row;
}

/** Return how a statement's amounts and findings are written. */
function writer({ network, space }, words) {
  const money = moneyFormat(network.currency);
  const cents = (number) => money.format(number / 100).replace("-", "\u2212");
  return {
    cents,
    effect: (line) => cents(effectOn(space, line) ?? 0),
    kind: (line) => [dayName(line.on), words.kinds[line.kind]].filter(Boolean).join(", "),
    finding: ({ code, said, given }) =>
      (words.findings[code] ?? words.verdicts[code])
        .replace("{said}", cents(said ?? 0))
        .replace("{given}", cents(given ?? 0)),
  };
}

function moneyFormat(currency) {
  const options = { minimumFractionDigits: 2, signDisplay: "exceptZero" };
  try {
    return new Intl.NumberFormat(language, { style: "currency", currency, ...options });
  } catch {
    return new Intl.NumberFormat(language, options);
  }
}

function keySentence({ source, thumbprint, statement }, words) {
  if (thumbprint === null) return "";
  return words.sources[source]
    .replace("{key}", thumbprint)
    .replace("{issuer}", () => `${statement.head.iss}/.well-known/jwks.json`);
}

function monthName(month) {
  const at = new Date(`${month}-01T00:00:00Z`);
  return at.toLocaleDateString(language, { month: "long", year: "numeric", timeZone: "UTC" });
}

function dayName(day) {
  if (day === null) return null;
  const at = new Date(`${day}T00:00:00Z`);
  return at.toLocaleDateString(language, { day: "numeric", month: "short", timeZone: "UTC" });
}

function mark(row, kind) {
  for (const one of row.querySelectorAll("[data-mark]")) one.hidden = one.dataset.mark !== kind;
}

function clone(id) {
  return document.getElementById(id).content.firstElementChild.cloneNode(true);
}

function paragraph(text) {
  return Object.assign(document.createElement("p"), { textContent: text });
}

function item(text) {
  return Object.assign(document.createElement("li"), { textContent: text });
}
