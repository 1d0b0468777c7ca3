// What a desk keeps in the browser, for each space on its own: IndexedDB, by the idb library.
import { openDB } from "idb";

/**
 * Open the store of a space: `known` has the `bundle`, the device's `key`, the last `number` of the
 * journal and the `latest` time seen; `entries` is the journal; `visits` are those let in here.
 */
export function openStore(space) {
  return openDB(`cowopass-desk-${space}`, 1, {
    upgrade(db) {
      db.createObjectStore("known");
      db.createObjectStore("entries", { keyPath: "number" });
      db.createObjectStore("visits", { keyPath: "id" });
    },
    // Another tab has a newer version of the store: let it, rather than block it for ever.
    blocking: (_current, _blocked, event) => event.target.close(),
  });
}

/** Remember the latest time that was seen, in seconds since 1970; it never goes back. */
export async function noteTime(db, seconds) {
  const transaction = db.transaction("known", "readwrite");
  const latest = (await transaction.store.get("latest")) ?? 0;
  if (seconds > latest) await transaction.store.put(seconds, "latest");
  await transaction.done;
}

/** Ask the browser not to clear the store when space is short; say whether it promises. */
export async function askToKeep() {
  return (await navigator.storage?.persist?.()) ?? false;
}

/** Say whether an error is that the device has no room left. */
export function isOutOfSpace(error) {
  return error?.name === "QuotaExceededError" || error?.name === "UnknownError";
}
