// Draws who owes whom as a chord: an arc is what a party owes, a ribbon what two owe each other.
import { chord, ribbon } from "d3-chord";
import { path } from "d3-path";

const OUTER = 196;
const INNER = 176;
const LABEL = 220;
const SVG = "http://www.w3.org/2000/svg";

/** Return the arcs and ribbons of a square table of cents; a ribbon is of the one who owes most. */
export function layout(matrix) {
  const chords = chord().padAngle(0.04)(matrix);
  const draw = ribbon().radius(INNER - 2);
  return {
    arcs: chords.groups.map((group) => ({ index: group.index, d: arc(group), at: middle(group) })),
    bands: chords.map((one) => ({
      from: one.source.index,
      to: one.target.index,
      d: draw(one),
    })),
  };
}

function arc({ startAngle, endAngle }) {
  const [start, end] = [startAngle - Math.PI / 2, endAngle - Math.PI / 2];
  const line = path();
  line.arc(0, 0, OUTER, start, end);
  line.arc(0, 0, INNER, end, start, true);
  line.closePath();
  return line.toString();
}

function middle({ startAngle, endAngle }) {
  const angle = (startAngle + endAngle) / 2 - Math.PI / 2;
  return [LABEL * Math.cos(angle), LABEL * Math.sin(angle)];
}

function element(name, attributes, text = "") {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}

function part(kind, space, d, title) {
  const made = element("path", { class: kind, "data-space": space, d });
  made.append(element("title", {}, title));
  return made;
}

/** Draw into an SVG what the page says about its flows. */
export function drawChord(svg, { parties, matrix, sentences, totals }) {
  const { arcs, bands } = layout(matrix);
  const centre = element("g", { transform: "translate(250 250)" });
  for (const { from, to, d } of bands) {
    const said = [sentences[from][to], ...(matrix[to][from] ? [sentences[to][from]] : [])];
    centre.append(part("band", parties[from].slug, d, said.join(", ")));
  }
  for (const { index, d, at } of arcs) {
    if (!matrix[index].some(Boolean)) continue;
    const { slug, name, short } = parties[index];
    centre.append(part("arc", slug, d, `${name} : ${totals[index]}`));
    centre.append(element("text", { x: at[0], y: at[1] - 7 }, short));
    centre.append(element("text", { class: "v", x: at[0], y: at[1] + 8 }, totals[index]));
  }
  svg.replaceChildren(centre);
}

const svg = globalThis.document?.querySelector(".chord");
if (svg) drawChord(svg, JSON.parse(document.getElementById("chord").textContent));
