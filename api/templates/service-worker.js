// Opens the page, with its library, when the machine is out of reach. Of the person's own words nothing is kept here.

const VERSION = "{{ version }}";
const SHELL = `outbreath-${VERSION}`;
const SESSIONS = `outbreath-sessions-${VERSION}`;
const FILES = {{ files|tojson }};
const LIBRARY = /^\/api\/v1\/(health|sessions(\/[^/]+(\/timeline)?)?)$/;
const PATIENCE_MILLISECONDS = 4000;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(SHELL)
      .then((shell) => shell.addAll(FILES))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(forgetOlder().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (FILES.includes(pathname)) event.respondWith(freshOrKept(request, SHELL));
  else if (LIBRARY.test(pathname)) event.respondWith(freshOrKept(request, SESSIONS));
});

async function forgetOlder() {
  for (const name of await caches.keys()) {
    if (name.startsWith("outbreath-") && name !== SHELL && name !== SESSIONS) await caches.delete(name);
  }
}

// What the machine answers, if it does soon; else what it answered the last time.
async function freshOrKept(request, name) {
  const kept = await caches.match(request);
  const signal = kept && AbortSignal.timeout(PATIENCE_MILLISECONDS);
  try {
    const answer = await fetch(request.mode === "navigate" ? request.url : request, signal ? { signal } : {});
    // A redirected page is the one that pairs, not this one.
    if (answer.ok && !answer.redirected) (await caches.open(name)).put(request, answer.clone());
    return answer.redirected && request.mode === "navigate" ? Response.redirect(answer.url) : answer;
  } catch (fault) {
    if (kept) return kept;
    throw fault;
  }
}
