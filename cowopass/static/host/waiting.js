// Says on the page of the day how many visits of this device wait for the network.

import { countWaiting } from "./journal.js";
import { openStore } from "./store.js";

const notice = document.querySelector("[data-waiting]");

async function refresh() {
  const db = await openStore(notice.dataset.waiting);
  const waiting = await countWaiting(db);
  db.close();
  notice.querySelector("strong").textContent = waiting;
  notice.hidden = waiting === 0;
}

if (notice && "indexedDB" in window) {
  refresh();
  window.addEventListener("online", refresh);
}
