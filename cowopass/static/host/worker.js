// The service worker of the desk, served as /desk/worker.js after a line that says what it keeps:
// `KEPT` has the `version`, the `files` and the address of the `colours`.
//
// Files come from what is kept, of one version together. The scanner's page comes from the service
// when it answers in time, else from what is kept; any other page of the desk needs the network,
// since what it shows of people is not kept, and leads to the scanner without it.

const CACHE = `cowopass-desk-${KEPT.version}`;
const PAGES = "cowopass-desk-pages";
const PATIENCE_MS = 2_500;
const SCANNER = /^\/desk\/([a-z0-9-]+)$/;
const DESK = /^\/desk\/([a-z0-9-]+)\/.+/;
const FILES = new Set(KEPT.files);

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(keepFiles());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(Promise.all([dropOthers(), keepOpenPages()]).then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== self.location.origin) return;
  if (FILES.has(pathname)) event.respondWith(kept(event.request));
  else if (pathname === KEPT.colours) event.respondWith(fresh(event.request, PAGES));
  else if (event.request.mode !== "navigate") return;
  else if (SCANNER.test(pathname)) event.respondWith(fresh(event.request, PAGES));
  else if (DESK.test(pathname)) event.respondWith(orScanner(event.request, pathname));
});

async function keepFiles() {
  const cache = await caches.open(CACHE);
  await cache.addAll(KEPT.files.map((file) => new Request(file, { cache: "no-cache" })));
  await (await caches.open(PAGES)).add(KEPT.colours);
}

async function dropOthers() {
  const names = (await caches.keys()).filter((name) => name.startsWith("cowopass-desk-"));
  await Promise.all(names.filter((name) => name !== CACHE && name !== PAGES).map((name) => caches.delete(name)));
}

/** Keep the scanners that are open now: they were loaded before there was a worker. */
async function keepOpenPages() {
  const open = await self.clients.matchAll({ includeUncontrolled: true, type: "window" });
  const scanners = open.map(({ url }) => new URL(url).pathname).filter((path) => SCANNER.test(path));
  await Promise.all(scanners.map((path) => fresh(new Request(path, { credentials: "same-origin" }), PAGES)));
}

async function kept(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request, { ignoreSearch: true })) ?? fetch(request);
}

/** Return what the service answers, and keep it; what is kept when it does not answer in time. */
async function fresh(request, name) {
  const cache = await caches.open(name);
  try {
    const response = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (response.ok && !response.redirected) await cache.put(request.url.split(/[?#]/)[0], response.clone());
    if (response.status < 500) return response;
    return (await cache.match(request, { ignoreSearch: true })) ?? response;
  } catch (error) {
    const found = await cache.match(request, { ignoreSearch: true });
    if (found) return found;
    throw error;
  }
}

async function orScanner(request, pathname) {
  try {
    return await fetch(request);
  } catch {
    return Response.redirect(`/desk/${DESK.exec(pathname)[1]}`, 302);
  }
}
