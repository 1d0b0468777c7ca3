// The camera: found, remembered, lit, and watched for codes.

const CHOICE = "cowopass-camera";
const PAUSE_MS = 60;
const SIZE = { width: { ideal: 1280 }, height: { ideal: 720 } };

/** Why there is no camera: refused, absent or busy. */
export class NoCamera extends Error {
  constructor(reason, cause) {
    super(reason, { cause });
    this.reason = reason;
  }
}

/** Show the remembered camera, else one that faces away, in a video; throws NoCamera. */
export async function openCamera(video, chosen = localStorage.getItem(CHOICE)) {
  if (!navigator.mediaDevices?.getUserMedia) throw new NoCamera("absent");
  const which = chosen ? { deviceId: { exact: chosen } } : { facingMode: "environment" };
  try {
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { ...which, ...SIZE } });
  } catch (error) {
    if (!chosen || error.name === "NotAllowedError") throw new NoCamera(reasonOf(error), error);
    // The one that was remembered is not there any more.
    localStorage.removeItem(CHOICE);
    return openCamera(video, null);
  }
  await video.play();
  return trackOf(video);
}

function reasonOf({ name }) {
  if (name === "NotAllowedError" || name === "SecurityError") return "refused";
  return name === "NotReadableError" || name === "AbortError" ? "busy" : "absent";
}

function trackOf(video) {
  return video.srcObject?.getVideoTracks()[0] ?? null;
}

export function closeCamera(video) {
  for (const track of video.srcObject?.getTracks() ?? []) track.stop();
  video.srcObject = null;
}

/** Show the next camera of the device instead, and remember it. */
export async function nextCamera(video) {
  const cameras = await listCameras();
  const current = trackOf(video)?.getSettings().deviceId;
  const place = cameras.findIndex(({ deviceId }) => deviceId === current);
  const next = cameras[(place + 1) % cameras.length];
  closeCamera(video);
  localStorage.setItem(CHOICE, next.deviceId);
  return openCamera(video, next.deviceId);
}

export async function listCameras() {
  return (await navigator.mediaDevices.enumerateDevices()).filter(({ kind }) => kind === "videoinput");
}

export function hasTorch(track) {
  return Boolean(track?.getCapabilities?.().torch);
}

export function setTorch(track, on) {
  return track.applyConstraints({ advanced: [{ torch: on }] });
}

/** Call `onText` with what each code in view says, until the camera is closed. */
export async function watch(video, detector, onText) {
  const stream = video.srcObject;
  while (stream && video.srcObject === stream) {
    if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA && !document.hidden) {
      const codes = await detector.detect(video).catch(() => []);
      for (const { rawValue } of codes) onText(rawValue);
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
