// What the page asks of the service about the ticket of this phone.

/** The service said no: `code` is its reason, `facts` what it told besides. */
export class Refused extends Error {
  constructor(code, facts = {}) {
    super(code);
    this.code = code;
    this.facts = facts;
  }
}

/** There was no answer: no network, or no service. */
export class Unreachable extends Error {}

/**
 * Post to the API of the wallet, and return `{body, date}`; `date` is the server's clock.
 *
 * Throws Refused, or Unreachable.
 */
export async function ask(path, body = {}) {
  let answer;
  try {
    answer = await fetch(`/api/v1/wallet/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch (error) {
    throw new Unreachable(error.message);
  }
  const told = await answer.json().catch(() => ({}));
  if (answer.status >= 500) throw new Unreachable(String(answer.status));
  if (!answer.ok) throw new Refused(told.code, told);
  return { body: told, date: Date.parse(answer.headers.get("Date")) };
}
