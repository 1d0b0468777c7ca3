// Requests to the service, with the patience of somebody who stands at a counter.

export const PATIENCE_MS = 2_500;
/** Where nobody but the service can decide. */
export const LONGEST_WAIT_MS = 10_000;

/** The service did not answer in time, or not at all, or it is ill: the desk decides by itself. */
export class Unreachable extends Error {}

/**
 * Return `{status, body, at}` of an answer; `at` is the server's time in seconds, or null.
 *
 * Throws Unreachable. A refusal is an answer.
 */
export async function ask(path, { body, signal = AbortSignal.timeout(PATIENCE_MS) } = {}) {
  const sent = body && {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  };
  try {
    const response = await fetch(path, { ...sent, signal, cache: "no-store" });
    if (response.status >= 500) throw new Unreachable(`status ${response.status}`);
    const at = Date.parse(response.headers.get("Date") ?? "");
    return { status: response.status, body: await response.json(), at: at ? at / 1_000 : null };
  } catch (error) {
    throw error instanceof Unreachable ? error : new Unreachable("no answer", { cause: error });
  }
}
