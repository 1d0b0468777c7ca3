// No wallet is open in this browser any more: what it kept of one is forgotten, and nothing else.
import { deleteDB } from "idb";

import { NAME } from "./store.js";

for (const name of (await globalThis.caches?.keys()) ?? []) {
  if (name.startsWith(NAME)) await caches.delete(name);
}
await globalThis.indexedDB?.databases?.().then((kept) => kept.some((one) => one.name === NAME) && deleteDB(NAME));
document.documentElement.dataset.forgotten = "";
