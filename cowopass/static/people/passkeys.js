// Passkeys: asks the server what to sign, the browser to sign it, and sends that back.
// Buttons with `data-passkey` do it; without JavaScript or passkeys they stay hidden.

const words = JSON.parse(document.getElementById("words").textContent);

function toBytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function toText(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The server said no: its message is for people. */
class Refused extends Error {}

async function post(address, body) {
  const answer = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify(body),
  });
  const document = await answer.json();
  if (!answer.ok) throw new Refused(document.title);
  return document;
}

function describe(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = toText(credential.response[name]);
  }
  return { id: credential.id, rawId: toText(credential.rawId), type: credential.type, response };
}

async function make(address) {
  const options = await post(`${address}/options`, {});
  const known = options.excludeCredentials ?? [];
  const credential = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: toBytes(options.challenge),
      user: { ...options.user, id: toBytes(options.user.id) },
      excludeCredentials: known.map((one) => ({ ...one, id: toBytes(one.id) })),
    },
  });
  return post(address, describe(credential));
}

async function enter(address, next) {
  const options = await post(`${address}/options`, {});
  const credential = await navigator.credentials.get({
    publicKey: { ...options, challenge: toBytes(options.challenge), allowCredentials: [] },
  });
  return post(`${address}?next=${encodeURIComponent(next)}`, describe(credential));
}

async function press(button) {
  const { passkey, address, next = "" } = button.dataset;
  const said = document.getElementById("passkey-said");
  button.disabled = true;
  said.textContent = "";
  try {
    const answer = await (passkey === "make" ? make(address) : enter(address, next));
    location.assign(answer.next);
  } catch (error) {
    // The browser's own refusals (cancelled, timed out, no network) say nothing that helps.
    said.textContent = error instanceof Refused ? error.message : words.cancelled;
    button.disabled = false;
  }
}

// A passkey belongs to a name, not to a number: browsers refuse to make one at 127.0.0.1.
const isNamed = !/^[\d.]+$|:/.test(location.hostname);

if (window.PublicKeyCredential && isNamed) {
  for (const button of document.querySelectorAll("[data-passkey]")) {
    button.closest("[hidden]").hidden = false;
    button.addEventListener("click", () => press(button));
  }
}
