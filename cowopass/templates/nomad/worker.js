// Keeps the wallet in the phone: its files from the first visit on, its pages as they were last seen.
const CACHE = "cowopass-wallet-{{ version }}";
const FILES = {{ files|tojson }};
const PATIENCE = 3_000;

self.addEventListener("install", (event) => {
  event.waitUntil(keepShell());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(forgetOlder().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (FILES.includes(pathname)) event.respondWith(fromShell(request));
  else if (request.mode === "navigate" && isKept(pathname)) event.respondWith(freshPage(event, request));
});

/** Pages with a link in their address, or a file to take away, are not kept. */
function isKept(pathname) {
  return !/^\/wallet\/(open|gift|data)\b/.test(pathname);
}

async function keepShell() {
  const cache = await caches.open(CACHE);
  await Promise.all(FILES.map((file) => cache.add(new Request(file, { cache: "no-cache" })).catch(() => null)));
  await cache.add("/wallet").catch(() => null);
  await self.skipWaiting();
}

async function forgetOlder() {
  const names = await caches.keys();
  const older = names.filter((name) => name.startsWith("cowopass-wallet-") && name !== CACHE);
  await Promise.all(older.map((name) => caches.delete(name)));
}

async function fromShell(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request, { ignoreSearch: true })) ?? fetch(request);
}

/** The page as it is now; as it was last seen when there is no network, or hardly any. */
async function freshPage(event, request) {
  const cache = await caches.open(CACHE);
  const answer = fetch(request).then(async (fresh) => {
    if (fresh.ok && !fresh.redirected) await cache.put(request, fresh.clone()).catch(() => null);
    return fresh;
  });
  event.waitUntil(answer.catch(() => null));
  const kept = (await cache.match(request)) ?? (await cache.match("/wallet"));
  if (!kept) return answer;
  const tired = new Promise((resolve) => setTimeout(() => resolve(kept), PATIENCE));
  return Promise.race([answer.catch(() => kept), tired]);
}
