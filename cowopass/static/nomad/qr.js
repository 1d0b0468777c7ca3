// The QR code of a ticket, as wallet/qr.py draws it: dense modes for capitals and digits, level L.
import { correction, generate, mode } from "lean-qr";

const QUIET_ZONE = 4;
const LARGEST_VERSION = 40;

/**
 * Return the code of a text: `{size, get(x, y)}`.
 *
 * Each part around a `#`, the only character that is in no dense mode, has a mode of its own.
 */
export function qrCode(text, options = {}) {
  const parts = text.split(/(#)/).filter((part) => part !== "");
  const modes = parts.map((part) => (/^[0-9A-Z $%*+./:-]+$/.test(part) ? mode.alphaNumeric(part) : mode.ascii(part)));
  return generate(mode.multi(...modes), {
    minCorrectionLevel: correction.L,
    maxCorrectionLevel: correction.L,
    maxVersion: LARGEST_VERSION,
    ...options,
  });
}

/** Return the SVG path of a code's black modules, one stroke a run, inside its quiet zone. */
export function qrPath(code) {
  let path = "";
  for (let y = 0; y < code.size; y += 1) {
    for (let x = 0; x < code.size; x += 1) {
      if (!code.get(x, y)) continue;
      const begin = x;
      while (x < code.size && code.get(x, y)) x += 1;
      path += `M${begin + QUIET_ZONE} ${y + QUIET_ZONE}.5h${x - begin}`;
    }
  }
  return path;
}

/** Draw a text's code into an element, in place of what it shows. */
export function drawQr(element, text) {
  const code = qrCode(text);
  const side = code.size + 2 * QUIET_ZONE;
  const svg = node("svg", { viewBox: `0 0 ${side} ${side}`, "shape-rendering": "crispEdges", "aria-hidden": "true" });
  svg.append(node("rect", { width: side, height: side, fill: "#fff" }));
  svg.append(node("path", { d: qrPath(code), stroke: "#000" }));
  element.replaceChildren(svg);
}

function node(name, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
