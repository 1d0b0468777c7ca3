// The short code printed under a QR code, as in wallet/code.py: a slip is told before anything is sent.

const ALPHABET = "23456789ACDEFGHJKMNPQRSTVWXYZ";
const LENGTH = 8;
// What people and word processors put between symbols: white space, hyphens, dashes, a minus sign.
const BETWEEN = /[\s\-\u2010-\u2015\u2212]+/g;

/** Return the code that somebody typed, without regard to case, spaces and dashes; or null. */
export function readCode(text) {
  const symbols = text.slice(0, 8 * LENGTH).replaceAll(BETWEEN, "");
  // Not every character that becomes a letter of ours in capitals is one: "ſ" becomes "S".
  if (text.length > 8 * LENGTH || !/^[0-9A-Za-z]*$/.test(symbols)) return null;
  const code = symbols.toUpperCase();
  const places = [...code].map((symbol) => ALPHABET.indexOf(symbol));
  if (places.length !== LENGTH || places.includes(-1)) return null;
  return ALPHABET[checkOf(places.slice(0, -1))] === code.at(-1) ? code : null;
}

/** Say whether a text looks like a short code, whole, with a slip in it, or cut: no QR code says that. */
export function looksLikeCode(text) {
  return /^[0-9A-Za-z]{1,9}$/.test(text.slice(0, 8 * LENGTH).replaceAll(BETWEEN, ""));
}

/** Return a code as it is printed: 9KC5-R2YV. */
export function showCode(code) {
  return `${code.slice(0, 4)}-${code.slice(4)}`;
}

/** Return the sum of the symbols weighed 1 to 7 by their place, modulo 29. */
function checkOf(places) {
  return places.reduce((sum, place, at) => sum + (at + 1) * place, 0) % ALPHABET.length;
}
