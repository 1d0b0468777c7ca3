// The page that verifies statements: files are read here and sent nowhere.
import { verifyChain } from "./chain.js";
import { readKeys } from "./head.js";
import { Unreadable } from "./shape.js";
import { documentsIn, judge } from "./verdict.js";
import { showChain, showUnreadable, showVerdict } from "./view.js";

const KEYS = "/.well-known/jwks.json";
const words = JSON.parse(document.getElementById("words").textContent);
const drop = document.getElementById("drop");
const verdicts = document.getElementById("verdicts");
const isAble = Boolean(globalThis.crypto?.subtle) && "DecompressionStream" in globalThis;

document.getElementById(isAble ? "drop" : "unable").hidden = false;
// Asked for at once, so that what follows works without network.
const published = isAble ? fetchKeys() : Promise.resolve([]);
const heads = [];
let given = null;

document.getElementById("files").addEventListener("change", (event) => read(event.target.files));
drop.addEventListener("submit", (event) => event.preventDefault());
for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
  drop.addEventListener(kind, (event) => {
    event.preventDefault();
    drop.classList.toggle("over", kind === "dragenter" || kind === "dragover");
    if (kind === "drop") read(event.dataTransfer.files);
  });
}

/** Return the keys that this site publishes; none when it can not be reached. */
async function fetchKeys() {
  try {
    return readKeys(await (await fetch(KEYS)).json());
  } catch {
    return [];
  }
}

async function read(files) {
  const found = [];
  for (const file of files) {
    const documents = await documentsIn(new Uint8Array(await file.arrayBuffer()));
    if (!documents.length) documents.push(null);
    found.push(...documents.map((document) => ({ name: file.name, document })));
  }
  // Keys first: they count for the statements that were dropped with them.
  found.sort((one, other) => isKeys(other.document) - isKeys(one.document));
  for (const { name, document } of found) await verify(name, document);
  showChain(heads, verifyChain(heads), words);
}

async function verify(name, document) {
  try {
    if (isKeys(document)) {
      given = readKeys(document);
      tell(words.unreadable.keys.replace("{count}", given.length));
      return;
    }
    const verdict = await judge(document, { given, published: await published });
    if (verdict.statement.head) heads.push(verdict.statement.head);
    verdicts.append(showVerdict(name, verdict, words));
    tell(words.verdicts[verdict.kind]);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    verdicts.append(showUnreadable(name, document, error, words));
    tell(words.verdicts.unreadable);
  }
}

function isKeys(document) {
  return Array.isArray(document?.keys);
}

function tell(text) {
  document.getElementById("told").textContent = text;
}
