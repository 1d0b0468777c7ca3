// A golden ticket's link goes out by the phone's own way of sharing, else to the clipboard.
const words = JSON.parse(document.getElementById("words").textContent);

for (const link of document.querySelectorAll("a.share")) {
  link.addEventListener("click", async (event) => {
    event.preventDefault();
    try {
      if (navigator.share) return await navigator.share({ url: link.href });
      await navigator.clipboard.writeText(link.href);
      document.getElementById("shared").textContent = words.copied;
    } catch (error) {
      if (error.name !== "AbortError") location.assign(link.href);
    }
  });
}
