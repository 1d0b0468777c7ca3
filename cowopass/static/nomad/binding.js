// The form by which this phone comes to carry a pass: at once if it is known, else by a code.
import { bind } from "./phone.js";
import { ask, Refused, Unreachable } from "./service.js";

const part = (id) => document.getElementById(id);

/** Offer to carry a pass in this phone; once it does, the page comes up anew with what holds then. */
export function showBinding(db, pass, words) {
  part("bind").hidden = false;
  part("bind-form").onsubmit = (event) => {
    event.preventDefault();
    tell(words, () => (part("bind-code").hidden ? begin() : finish()));
  };
  part("bind-again").onclick = () => tell(words, requestCode);

  async function begin() {
    try {
      await bind(db, pass);
      location.reload();
    } catch (error) {
      if (!(error instanceof Refused) || error.code !== "binding_code_needed") throw error;
      await requestCode();
    }
  }

  async function requestCode() {
    const { body } = await ask(`passes/${pass}/codes`);
    part("bind-sent").textContent = body.sent_to ? words.sentTo.replace("{address}", body.sent_to) : words.noAddress;
    for (const id of ["bind-code", "bind-again"]) part(id).hidden = false;
    part("bind-button").textContent = words.confirm;
    part("code-typed").focus();
  }

  async function finish() {
    const keepPaper = part("keep-paper")?.checked ?? false;
    await bind(db, pass, { code: part("code-typed").value, keepPaper });
    location.reload();
  }
}

/** Do something with the button held, and say what went wrong with it. */
async function tell(words, act) {
  const button = part("bind-button");
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  part("bind-error").textContent = "";
  try {
    await act();
  } catch (error) {
    part("bind-error").textContent = sentence(words, error);
  } finally {
    button.removeAttribute("aria-disabled");
  }
}

function sentence(words, error) {
  if (error instanceof Unreachable) return words.noNetwork;
  if (!(error instanceof Refused)) return words.noStorage;
  return error.facts.title ?? words.failed;
}
