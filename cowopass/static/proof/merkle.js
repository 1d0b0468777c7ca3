// The Merkle tree of RFC 9162, as in clearing/merkle.py: does a line's proof lead to the root?
import { hex, sha256 } from "./bytes.js";

const NODE = Uint8Array.of(1);

/** Tell whether the proof shows the leaf at `index` of the tree of `count` leaves (2.1.3.2). */
export async function verifyInclusion(leafHash, index, count, proof, root) {
  if (index < 0 || index >= count) return false;
  let [place, last, node] = [index, count - 1, leafHash];
  for (const sibling of proof) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      node = await sha256(NODE, sibling, node);
      while (place % 2 === 0 && place > 0) [place, last] = [half(place), half(last)];
    } else {
      node = await sha256(NODE, node, sibling);
    }
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && hex(node) === hex(root);
}

// Shifts would cut an index to 32 bits.
const half = (number) => Math.floor(number / 2);
