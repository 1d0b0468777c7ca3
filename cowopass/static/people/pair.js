// The code of a QR code for pairing stands behind the # of the address, where no log sees it.

const field = document.querySelector("input[name=code]");
const code = location.hash.slice(1);
if (code) {
  field.value = code;
  field.closest("label").hidden = true;
  history.replaceState(null, "", location.pathname);
}
