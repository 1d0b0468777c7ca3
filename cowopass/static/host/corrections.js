// Taking a visit back, and making a half-day a day: asked of the service, or noted for later.
import { undo } from "./journal.js";
import { ask, Unreachable } from "./server.js";

/**
 * Take a visit back and return which words say so: `undone`, `undone_later` once the network is
 * there, or `not_undone`.
 */
export async function takeBack(desk, { scan, outcome }, reason) {
  if (outcome.offline && (await undo(desk.db, scan.id))) return "undone_later";
  try {
    const answer = desk.heard(await ask(`/api/v1/check-ins/${scan.id}/void`, { body: { reason } }));
    if (answer.status !== 200) return "not_undone";
    await desk.db?.delete("visits", scan.id);
    return "undone";
  } catch (error) {
    if (error instanceof Unreachable) return "not_undone";
    throw error;
  }
}

/** Turn a half-day into a day and return the outcome; null when the service does not answer. */
export async function makeDay(desk, id) {
  try {
    return { online: true, ...desk.heard(await ask(`/api/v1/check-ins/${id}/extend`, { body: {} })) };
  } catch (error) {
    if (error instanceof Unreachable) return null;
    throw error;
  }
}
