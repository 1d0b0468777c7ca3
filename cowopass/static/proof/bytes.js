// Bytes of hashes: SHA-256, and the hexadecimal digits that files write them in.

/** Return the SHA-256 of some pieces of bytes, one after the other. */
export async function sha256(...pieces) {
  const joined = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let end = 0;
  for (const piece of pieces) {
    joined.set(piece, end);
    end += piece.length;
  }
  return new Uint8Array(await crypto.subtle.digest("SHA-256", joined));
}

/** Return bytes as hexadecimal digits in lower case. */
export function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Return the bytes of hexadecimal digits. */
export function fromHex(digits) {
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}
