// A page that asks for itself again and takes over parts of the answer, so that what a browser
// shows anew is what the server would have shown at once.

/** Fetch a page of this site and put its elements with these ids in the place of ours. */
export async function takeOver(url, ids, signal) {
  const answer = await fetch(url, { headers: { Accept: "text/html" }, signal });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of ids) {
    const part = fresh.getElementById(id);
    if (!part) throw new Error(`${url} has no #${id}`);
    document.getElementById(id).replaceChildren(...part.childNodes);
  }
}
