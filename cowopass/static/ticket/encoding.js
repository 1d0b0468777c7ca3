// The encodings of a ticket, strict, as in wallet/encoding.py: one text stands for given bytes, and
// no other does. What is no such text is null.

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const LENGTH_BYTES = 2;

/** Return bytes in base64url without padding. */
export function base64urlEncode(bytes) {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Return the bytes of an unpadded base64url text, or null. */
export function base64urlDecode(text) {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) return null;
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  return base64urlEncode(bytes) === text ? bytes : null;
}

/** Return bytes in upper-case base32 without padding. */
export function base32Encode(bytes) {
  let text = "";
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    for (; bits >= 5; bits -= 5) text += BASE32[(held >>> (bits - 5)) & 31];
    held &= (1 << bits) - 1;
  }
  return bits ? text + BASE32[(held << (5 - bits)) & 31] : text;
}

/** Return the bytes of an unpadded base32 text in either case, or null. */
export function base32Decode(text) {
  if (!/^[A-Za-z2-7]*$/.test(text)) return null;
  const bytes = [];
  let bits = 0;
  let held = 0;
  for (const symbol of text.toUpperCase()) {
    held = (held << 5) | BASE32.indexOf(symbol);
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push(held >>> bits);
      held &= (1 << bits) - 1;
    }
  }
  const decoded = Uint8Array.from(bytes);
  return base32Encode(decoded) === text.toUpperCase() ? decoded : null;
}

/** Return segments of up to 65,535 bytes as one, each after its two-byte length. */
export function pack(segments) {
  return Uint8Array.from(
    segments.flatMap((one) => [one.length >>> 8, one.length & 255, ...one]),
  );
}

/** Return the segments that `pack` joined, or null when the last one is cut. */
export function unpack(bytes) {
  const segments = [];
  let end = 0;
  while (end < bytes.length) {
    const start = end + LENGTH_BYTES;
    end = start + ((bytes[end] << 8) | bytes[end + 1]);
    if (start > bytes.length || end > bytes.length) return null;
    segments.push(bytes.slice(start, end));
  }
  return segments;
}

/** Return the base64url SHA-256 of a text. */
export async function sha256(text) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return base64urlEncode(new Uint8Array(digest));
}
