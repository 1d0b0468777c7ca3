// The camera on the page: its picture, its light, the choice of another, and why there is none.
import { hasTorch, listCameras, nextCamera, NoCamera, openCamera, setTorch, watch } from "./camera.js";

export class Viewfinder {
  #reader = null;

  /** `onText` is called with what every code in view says; `hint` shows words below the picture. */
  constructor(page, words, { onText, hint }) {
    Object.assign(this, { page, words, onText, hint, state: words.starting });
    page.torch.addEventListener("click", () => this.#toggleTorch());
    page.otherCamera.addEventListener("click", () => this.#show(() => nextCamera(page.video)));
  }

  /** Show the camera and read codes, or say why there is none: typing works all the same. */
  start() {
    return this.#show(() => openCamera(this.page.video));
  }

  async #show(open) {
    this.#tell(this.words.starting);
    try {
      await this.#showTools(await open());
      this.#tell(this.words.show);
      this.#read();
    } catch (error) {
      this.#tell(this.words[error instanceof NoCamera ? error.reason : "absent"]);
      this.page.finder.hidden = true;
    }
  }

  #tell(words) {
    this.state = words;
    this.hint(words);
  }

  async #read() {
    try {
      const { makeReader } = await import("./reader.js");
      this.#reader ??= await makeReader();
    } catch (error) {
      console.error(error);
      return this.#tell(this.words.no_reader);
    }
    await watch(this.page.video, this.#reader, this.onText);
  }

  async #showTools(track) {
    this.page.torch.hidden = !hasTorch(track);
    this.page.torch.setAttribute("aria-pressed", false); // a camera that was just opened is dark
    this.page.otherCamera.hidden = (await listCameras()).length < 2;
  }

  async #toggleTorch() {
    const on = this.page.torch.getAttribute("aria-pressed") !== "true";
    await setTorch(this.page.video.srcObject.getVideoTracks()[0], on);
    this.page.torch.setAttribute("aria-pressed", on);
  }
}
