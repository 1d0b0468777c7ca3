// The parts of the scanner's page that its scripts fill in or listen to, by their names.

const NAMES = [
  "scanner", "answer", "template", "fact", "lead", "leadLink", "spoken", "video", "finder", "hint", "units", "torch",
  "typeCode", "otherCamera", "sound", "undoLast", "typing", "code", "codeSlip", "pie", "seats", "visitors", "cutOff",
  "notKept", "waitingBar", "waitingCount", "waitingLook", "queue", "queueList", "queueLine", "queueEmpty",
  "queueExport",
];

/** Return the elements: `typeCode` is that with the id `type-code`, `tabbar` the tabs below. */
export function partsOfPage() {
  const parts = NAMES.map((name) => [name, document.getElementById(kebab(name))]);
  return { ...Object.fromEntries(parts), tabbar: document.querySelector(".tabbar") };
}

function kebab(name) {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
