// The seats of a space as they are now: the pie, and two lines of words.
import { fill } from "./answer.js";

const SVG = "http://www.w3.org/2000/svg";
const TAKEN_RADIUS = 47;
const FREE_RADIUS = 40;
const MOST_SLICES = 60;

/** Show an answer of `/spaces/{slug}/occupancy`, in words of a language. */
export function showSeats({ pie, seats, visitors }, words, language, told) {
  pie.replaceChildren(...slicesOf(told.present, told.capacity).map(drawSlice));
  pie.toggleAttribute("hidden", !told.capacity);
  [seats.textContent, visitors.textContent] = seatWords(words, language, told);
}

/** Return how full a space is, and how many visitors it has, in words. */
export function seatWords(words, language, { present, capacity, free, visitors_today: today, visitors_per_day: most }) {
  const plural = new Intl.PluralRules(language);
  // Zero is singular in French and plural in English.
  const say = (name, n, total) => fill(words[plural.select(n) === "one" ? `${name}_one` : name], { n, total });
  const seats = free === 0 ? fill(words.full, { total: capacity }) : say("free", free, capacity);
  return [
    capacity ? seats : say("present", present),
    most ? say("visitors", today, most) : say("visitors_any", today),
  ];
}

/** Return the slices of the pie, as `cowopass.spaces.seats` draws them: one slice, one seat. */
export function slicesOf(present, seats) {
  if (!seats) return [];
  const count = Math.min(Math.max(seats, present), MOST_SLICES);
  const share = count / Math.max(seats, present);
  const taken = Math.round(Math.min(present, seats) * share);
  const over = Math.round(Math.max(0, present - seats) * share);
  return Array.from({ length: count }, (_, number) => {
    const kind = number < taken ? "seat taken" : number < taken + over ? "seat over" : "seat";
    return { kind, path: pathOf(number, count, kind === "seat" ? FREE_RADIUS : TAKEN_RADIUS) };
  });
}

function pathOf(number, count, radius) {
  if (count === 1) return `M50 ${50 - radius}a${radius} ${radius} 0 1 1-.01 0z`;
  const [begin, end] = [number, number + 1].map((turn) => {
    const angle = (2 * Math.PI * turn) / count;
    return `${(50 + radius * Math.sin(angle)).toFixed(2)} ${(50 - radius * Math.cos(angle)).toFixed(2)}`;
  });
  return `M50 50L${begin}A${radius} ${radius} 0 0 1 ${end}Z`;
}

function drawSlice({ kind, path }) {
  const slice = document.createElementNS(SVG, "path");
  slice.setAttribute("class", kind);
  slice.setAttribute("d", path);
  return slice;
}
