// Opens the page when the machine is out of reach, and plays the sessions that were kept for that. Of the person's own
// words nothing is kept here.

const VERSION = "{{ version }}";
const SHELL = `outbreath-${VERSION}`;
const SESSIONS = "outbreath-sessions";
const FILES = {{ files|tojson }};
const LIBRARY = /^\/api\/v1\/(health|sessions(\/[^/]+(\/timeline)?)?)$/;
const AUDIO = /^\/api\/v1\/sessions\/[^/]+\/audio$/;
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
  if (AUDIO.test(pathname)) event.respondWith(keptAudio(request));
  else if (FILES.includes(pathname)) event.respondWith(freshOrKept(request, SHELL));
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

// A session that was kept, in the piece that the player asks for: players ask for pieces only.
async function keptAudio(request) {
  const kept = await caches.open(SESSIONS).then((sessions) => sessions.match(request.url));
  if (!kept) return fetch(request);
  const sound = await kept.blob();
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get("range") ?? "");
  if (!range) return new Response(sound, { headers: kept.headers });
  const start = Number(range[1]);
  if (start >= sound.size) {
    return new Response(null, { status: 416, headers: { "Content-Range": `bytes */${sound.size}` } });
  }
  const end = Math.min(range[2] ? Number(range[2]) : sound.size - 1, sound.size - 1);
  return new Response(sound.slice(start, end + 1), {
    status: 206,
    headers: {
      "Content-Type": kept.headers.get("Content-Type"),
      "Content-Length": String(end + 1 - start),
      "Content-Range": `bytes ${start}-${end}/${sound.size}`,
      "Accept-Ranges": "bytes",
    },
  });
}
