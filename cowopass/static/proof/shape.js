// What the fields of a document must be before anything is worked out, as in clearing/shape.py.

/** A document is no statement: `path` is the first field that does not fit. */
export class Unreadable extends Error {
  constructor(path) {
    super(`${path} can not be read`);
    this.path = path;
  }
}

/**
 * Return the fields named in `shapes`, once each is there and fits; else throw Unreadable.
 *
 * Other fields are left out; a `closed` object may have none.
 */
export function readFields(path, value, shapes, { closed = false } = {}) {
  if (!isObject(value)) throw new Unreadable(path);
  for (const [name, fits] of Object.entries(shapes)) {
    if (!Object.hasOwn(value, name) || !fits(value[name])) throw new Unreadable(below(path, name));
  }
  const unknown = Object.keys(value).find((name) => !Object.hasOwn(shapes, name));
  if (unknown !== undefined && closed) throw new Unreadable(below(path, `'${unknown}'`));
  return Object.fromEntries(Object.keys(shapes).map((name) => [name, value[name]]));
}

/**
 * Return what JSON says, in which numbers are whole as written: 12.0 is not 12, which no shape fits.
 *
 * Throws SyntaxError.
 */
export function readJson(text) {
  JSON.parse(text);
  const whole = text.replaceAll(
    /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g,
    (found) => (found[0] !== '"' && /[.eE]/.test(found) ? NOT_WHOLE : found),
  );
  return JSON.parse(whole);
}

const NOT_WHOLE = String.raw`"\u0000"`;
// Control characters, and halves of characters, which no UTF-8 and so no hash can hold.
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f]|\p{Cs}/u;

/** Tell whether a value is a JSON object. */
export const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const below = (path, name) => (path === "document" ? name : `${path}.${name}`);

export const TEXT = (value) => typeof value === "string" && !UNPRINTABLE.test(value);
export const INTEGER = (value) => Number.isSafeInteger(value);
export const COUNT = (value) => Number.isSafeInteger(value) && value >= 0;
export const HASH = (value) => typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
export const MONTH = (value) => typeof value === "string" && /^[12]\d{3}-(0[1-9]|1[0-2])$/.test(value);
export const OBJECT = isObject;
export const LIST = Array.isArray;
export const listOf = (fits) => (value) => Array.isArray(value) && value.every(fits);
export const optional = (fits) => (value) => value === null || fits(value);
export const oneOf = (...texts) => (value) => texts.includes(value);
export const BALANCES = (value) =>
  isObject(value) && Object.keys(value).every(TEXT) && Object.values(value).every(INTEGER);
export const HASHES = (value) =>
  isObject(value) && Object.keys(value).every(TEXT) && Object.values(value).every(HASH);

/** Tell whether a text is a day that the calendar has. */
export function DAY(value) {
  if (typeof value !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const at = new Date(`${value}T00:00:00Z`);
  return value >= "0001" && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(value);
}
