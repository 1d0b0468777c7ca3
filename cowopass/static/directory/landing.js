// A ticket read by a phone's own camera. It stays in the fragment, from here to the desk.
import { base64urlDecode } from "../ticket/encoding.js";
import { tokenFromText } from "../ticket/text.js";

const desks = [...document.querySelectorAll("[data-desk]")];

if (location.hash.length > 1) {
  for (const desk of desks) desk.hash = `t=${encodeURIComponent(location.href)}`;
  // A host of one space is at the check-in at once; back leads to where she was before the camera.
  if (desks.length === 1) location.replace(desks[0].href);
  else tellHome();
}

/** Say which space sold the ticket, when it is whole and says so (a paper one does). */
async function tellHome() {
  const slug = homeOf(location.href);
  const answer = slug && (await fetch(`/api/v1/spaces/${encodeURIComponent(slug)}`));
  if (!answer || !answer.ok) return;
  const link = document.querySelector("#home a");
  link.textContent = (await answer.json()).name;
  link.href = `/spaces/${encodeURIComponent(slug)}`;
  document.getElementById("home").hidden = false;
}

function homeOf(text) {
  try {
    const claims = base64urlDecode(tokenFromText(text).split(".")[1]);
    return JSON.parse(new TextDecoder().decode(claims)).home;
  } catch {
    return null;
  }
}
