// The filters of the directory without a new page: the address changes, and the list with it.
import { takeOver } from "./fresh.js";

const form = document.getElementById("wishes");
document.documentElement.classList.add("js");

/** Return the address of the directory that suits what is chosen, with nothing empty in it. */
function wished() {
  const chosen = [...new FormData(form)].filter(([, value]) => value);
  const query = new URLSearchParams(chosen).toString();
  return query ? `${form.action}?${query}` : form.action;
}

let asking = new AbortController();

async function show() {
  asking.abort();
  asking = new AbortController();
  const url = wished();
  try {
    await takeOver(url, ["found", "results"], asking.signal);
    history.replaceState(null, "", url);
  } catch (error) {
    // A newer choice is under way; anything else is for the browser to show: offline, or an error.
    if (error.name !== "AbortError") location.assign(url);
  }
}

form?.addEventListener("change", show);
