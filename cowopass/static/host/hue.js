// The ribbon follows the hue and the weave that are being picked. Colours come from the server, which
// derives them so that all of them can be read.

const preview = document.querySelector("[data-preview]");
const dark = matchMedia("(prefers-color-scheme: dark)");
let asked = 0;

async function paint(hue) {
  const number = ++asked;
  const answer = await fetch(`${preview.dataset.preview}?hue=${hue}`);
  if (!answer.ok || number !== asked) return; // a later hue has been picked meanwhile
  const palettes = await answer.json();
  const places = [preview, ...document.querySelectorAll(".weave")];
  for (const [name, colour] of Object.entries(palettes[dark.matches ? "dark" : "light"])) {
    for (const place of places) place.style.setProperty(`--${name}`, colour);
  }
}

document.querySelector("[name=hue]").addEventListener("input", (event) => {
  paint(event.target.value);
});

for (const choice of document.querySelectorAll("[name=weave]")) {
  choice.addEventListener("change", () => {
    preview.querySelector(".ribbon").dataset.weave = choice.value;
  });
}
