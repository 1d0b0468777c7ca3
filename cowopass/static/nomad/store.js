// What the phone keeps for each pass, in IndexedDB: `{pass, keys, token, skew}`.
//
// `keys` can not be exported: whoever copies the store has no key. `skew` is by how many milliseconds
// this phone's clock was behind the server's when they last spoke.
import { openDB } from "idb";

export const NAME = "cowopass-wallet";
const STORE = "phones";

/** Open the store; rejects where the browser keeps nothing. */
export function openStore() {
  return openDB(NAME, 1, {
    upgrade: (db) => db.createObjectStore(STORE, { keyPath: "pass" }),
  });
}

/** Return what is kept for a pass; undefined when nothing is. */
export function load(db, pass) {
  return db.get(STORE, pass);
}

/** Keep a record; rejects when the phone's storage is full. */
export function save(db, record) {
  return db.put(STORE, record);
}

/** Forget a pass. */
export function forget(db, pass) {
  return db.delete(STORE, pass);
}
