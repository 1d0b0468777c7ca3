// The statement inside a PDF: a file that the PDF carries as an attachment (ISO 32000-2, 7.11.4).
//
// An attached file is a stream, and a stream stands in the file as it is, with its dictionary before
// it: so no page, no font and no cross-reference has to be understood to find it.

const HEADER = "%PDF-";

/** Tell whether these are the bytes of a PDF. */
export function isPdf(bytes) {
  return latin1(bytes.subarray(0, HEADER.length)) === HEADER;
}

/** Return the bytes of each file attached to a PDF. What can not be unpacked is left out. */
export async function attachedFiles(bytes) {
  const text = latin1(bytes);
  const files = [];
  for (const found of text.matchAll(/\bobj\b\s*(<<(?:(?!\bendobj\b|\bobj\b)[^])*?>>)\s*stream\r?\n/g)) {
    const [whole, dictionary] = found;
    if (!/\/Type\s*\/EmbeddedFile\b/.test(dictionary)) continue;
    const start = found.index + whole.length;
    const file = await unpack(bytes.subarray(start, endOf(text, start, dictionary)), dictionary);
    if (file !== null) files.push(file);
  }
  return files;
}

/** Return where a stream ends: by its length, or if that is told elsewhere, by the word after it. */
function endOf(text, start, dictionary) {
  const length = /\/Length\s+(\d+)(?!\s+\d+\s+R)\b/.exec(dictionary);
  if (length) return start + Number(length[1]);
  const end = text.indexOf("endstream", start);
  return text.slice(0, end).replace(/\r?\n?$/, "").length;
}

async function unpack(bytes, dictionary) {
  const filter = /\/Filter\s*\[?\s*\/(\w+)\s*\]?/.exec(dictionary);
  if (filter === null) return bytes;
  if (filter[1] !== "FlateDecode") return null;
  const inflated = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  try {
    return new Uint8Array(await new Response(inflated).arrayBuffer());
  } catch {
    return null;
  }
}

/** Return bytes as a text of as many characters. */
function latin1(bytes) {
  return new TextDecoder("latin1").decode(bytes);
}
