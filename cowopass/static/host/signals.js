// How an answer sounds and feels. Words say it too; sound can be cut.

const NOTES = {
  accepted: [[660, 0], [880, 0.1]],
  reentry: [[587, 0]],
  refused: [[220, 0], [175, 0.25]],
  decide: [[440, 0]],
};
const PULSES = { accepted: [60], reentry: [60], refused: [260, 120, 260], decide: [320] };
const MUTED = "cowopass-muted";

let context = null;

/** Let sound be made: browsers allow it once somebody has touched the page. */
export function allowSound() {
  context ??= new AudioContext();
  if (context.state === "suspended") context.resume();
}

export function isMuted() {
  return localStorage.getItem(MUTED) === "1";
}

export function setMuted(muted) {
  localStorage.setItem(MUTED, muted ? "1" : "0");
}

/** Sound and vibrate for a kind of answer. */
export function signal(kind) {
  navigator.vibrate?.(PULSES[kind]);
  if (!context || context.state !== "running" || isMuted()) return;
  for (const [frequency, after] of NOTES[kind]) playNote(frequency, context.currentTime + after);
}

function playNote(frequency, at) {
  const oscillator = context.createOscillator();
  const volume = context.createGain();
  oscillator.frequency.value = frequency;
  volume.gain.setValueAtTime(0.0001, at);
  volume.gain.exponentialRampToValueAtTime(0.25, at + 0.01);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.2);
  oscillator.connect(volume).connect(context.destination);
  oscillator.start(at);
  oscillator.stop(at + 0.22);
}
