/** Why a ticket, a bundle or a visit does not count: a stable `code`, and the facts behind it. */
export class Refusal extends Error {
  /**
   * @param {string} code the same as Python's and as the server's, see docs/reference/problems.md
   * @param {Record<string, unknown>} facts
   */
  constructor(code, facts = {}) {
    super(code);
    this.name = "Refusal";
    this.code = code;
    this.facts = facts;
  }
}
