// Opens the page, with its library, when the machine is out of reach, and plays the sessions that are kept for that. Of the
// person's own words nothing is kept here.

const VERSION = "{{ version }}";
const SHELL = `outbreath-${VERSION}`;
const SESSIONS = `outbreath-sessions-${VERSION}`;
const FILES = {{ files|tojson }};
const LIBRARY = /^\/api\/v1\/(health|sessions(\/[^/]+(\/timeline)?)?)$/;
const KEPT = "outbreath-kept-sessions"; // filled by the page, and older than any version of it
const KEPT_SOUND = /^\/api\/v1\/sessions\/[^/]+\/audio$/;
const KEPT_WORDS = /^\/api\/v1\/sessions\/[^/]+\/timeline$/;
const PATIENCE_MILLISECONDS = 4000;

let sameVersion = false; // as the machine's: what is kept is what it would send

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
  const { origin, pathname, searchParams } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (KEPT_SOUND.test(pathname) && searchParams.get("format") === "mp3") event.respondWith(keptSound(request));
  else if (KEPT_WORDS.test(pathname)) event.respondWith(keptWords(request));
  else if (pathname === "/") event.respondWith(page(request));
  else if (FILES.includes(pathname)) event.respondWith(part(request));
  else if (LIBRARY.test(pathname)) event.respondWith(freshOrKept(request, SESSIONS));
});

async function forgetOlder() {
  for (const name of await caches.keys()) {
    if (name.startsWith("outbreath-") && ![SHELL, SESSIONS, KEPT].includes(name)) await caches.delete(name);
  }
}

async function page(request) {
  const answer = await freshOrKept(request);
  sameVersion = answer.headers?.get("{{ version_header }}") === VERSION;
  return answer;
}

async function part(request) {
  const kept = sameVersion && (await caches.match(request));
  return kept || freshOrKept(request);
}

// What the machine answers, if it does soon; else what it answered the last time, or when this version came.
async function freshOrKept(request, lasting) {
  const kept = await caches.match(request);
  const signal = kept && AbortSignal.timeout(PATIENCE_MILLISECONDS);
  try {
    const answer = await fetch(request.mode === "navigate" ? request.url : request, signal ? { signal } : {});
    // A redirected page is the one that pairs, not this one.
    if (lasting && answer.ok && !answer.redirected) (await caches.open(lasting)).put(request, answer.clone());
    return answer.redirected && request.mode === "navigate" ? Response.redirect(answer.url) : answer;
  } catch (fault) {
    if (kept) return kept;
    throw fault;
  }
}

const kept = (request) => caches.open(KEPT).then((sessions) => sessions.match(request.url));

// The words belong to the sound that is kept, whatever the machine would say by now.
async function keptWords(request) {
  return (await kept(request)) ?? freshOrKept(request, SESSIONS);
}

// The piece that the player asks for: players ask for pieces only.
async function keptSound(request) {
  const whole = await kept(request);
  if (!whole) return fetch(request);
  const sound = await whole.blob();
  const type = whole.headers.get("Content-Type");
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get("Range") ?? "");
  if (!range) return new Response(sound, { headers: { "Content-Type": type, "Accept-Ranges": "bytes" } });
  const start = Number(range[1]);
  if (start >= sound.size) return new Response(null, { status: 416, headers: { "Content-Range": `bytes */${sound.size}` } });
  const end = Math.min(range[2] ? Number(range[2]) : sound.size - 1, sound.size - 1);
  const headers = { "Content-Type": type, "Content-Range": `bytes ${start}-${end}/${sound.size}`, "Accept-Ranges": "bytes" };
  return new Response(sound.slice(start, end + 1), { status: 206, headers });
}
