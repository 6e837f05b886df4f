// Keeps the page for when there is no network. `build.mjs` puts in which files, and a name for all of them.
const NAME = "playground-VERSION";

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(NAME)
      .then((cache) => cache.addAll(FILES.map((file) => new Request(file, { cache: "reload" }))))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  // The version before stays: a page that is open may still ask for its parts.
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((it) => it.startsWith("playground-") && it !== NAME).slice(0, -1).map((it) => caches.delete(it))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== location.origin) return;
  event.respondWith(answer(request));
});

async function answer(request) {
  const newest = await caches.open(NAME);
  const page = new URL("./", location.href).pathname;
  const isPage = [page, `${page}index.html`].includes(new URL(request.url).pathname);
  const found = isPage ? await newest.match("./") : ((await newest.match(request)) ?? (await caches.match(request)));
  return found ?? fetch(request);
}
