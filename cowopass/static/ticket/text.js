// What a QR code says, as in wallet/text.py: a URL with the ticket packed in its fragment.
import { base32Decode, base32Encode, base64urlDecode, base64urlEncode, pack, unpack } from "./encoding.js";
import { Refusal } from "./refusal.js";

const TOKEN_LIMIT = 2_048;
const TEXT_LIMIT = 2_800;

// What Python's `strip` takes for white space: not quite what JavaScript's `trim` does.
const SPACE = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";
const AROUND = new RegExp(`^${SPACE}|${SPACE}$`, "g");
const PACKED = /^(?:https?:\/\/[^ \t\n\r\f\v/?#]{1,261}\/t#)?([a-z2-7]{100,})$/i;
const JWS = "[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]*";
const TOKEN = new RegExp(`^${JWS}(?:~${JWS})?$`);
// Every JWS starts so, since its header starts with `{"`.
const PART_OF_TOKEN = /^eyJ[A-Za-z0-9_.~-]*$/;

/** Return what the QR code of a compact JWS, or of a `ticket~proof`, says. */
export function tokenToText(token, baseUrl) {
  const segments = token.split(/[.~]/).map((segment) => base64urlDecode(segment));
  return `${baseUrl.replace(/\/$/, "").toUpperCase()}/T#${base32Encode(pack(segments))}`;
}

/**
 * Return the compact JWS of what was scanned, pasted or typed; with a proof, `ticket~proof`.
 *
 * Throws a Refusal: token_too_large, not_a_ticket or malformed, in this order.
 */
export function tokenFromText(text) {
  if (text.length > TEXT_LIMIT && [...text].length > TEXT_LIMIT) throw new Refusal("token_too_large");
  const bare = text.replaceAll(AROUND, "");
  const packed = PACKED.exec(bare);
  const token = packed ? tokenOfPacked(packed[1]) : tokenOfBare(bare);
  if (token.length > TOKEN_LIMIT) throw new Refusal("token_too_large");
  return token;
}

function tokenOfPacked(text) {
  const bytes = base32Decode(text);
  const segments = bytes && unpack(bytes);
  if (segments?.length !== 3 && segments?.length !== 6) throw new Refusal("malformed");
  const encoded = segments.map(base64urlEncode);
  const parts = encoded.length === 3 ? [encoded] : [encoded.slice(0, 3), encoded.slice(3)];
  return parts.map((part) => part.join(".")).join("~");
}

function tokenOfBare(text) {
  if (TOKEN.test(text)) return text;
  throw new Refusal(PART_OF_TOKEN.test(text) ? "malformed" : "not_a_ticket");
}
