// Playing a session: the sound comes from the server, the circle and the line follow its clock.

import { Circle } from "./circle.js";
import { address, get } from "./http.js";
import { attempt, byId, clock, say } from "./page.js";

const ALONE_AFTER_MILLISECONDS = 5000;

const audio = byId("player-audio");
const circle = new Circle(byId("player-toggle"));
let timeline = null;
let screenLock = null;
let alone = 0;
let current = null; // the cue that shows now

export const playing = () => timeline !== null;

export async function play({ slug, ...choices }) {
  // The sound is asked for before anything is waited for, so that it belongs to the touch that began it.
  timeline = null;
  audio.src = address(`/sessions/${slug}/audio`, choices);
  const sounding = audio.play();
  sounding.catch(() => {});
  timeline = await get(`/sessions/${slug}/timeline`, choices).catch((fault) => {
    stop();
    throw fault;
  });
  byId("player-title").textContent = timeline.title;
  circle.ticks(timeline.chapters.map((chapter) => chapter.start / timeline.duration_seconds).filter((part) => part > 0));
  location.hash = "#/play";
  if (navigator.mediaSession) {
    navigator.mediaSession.metadata = new MediaMetadata({ title: timeline.title, artist: "Outbreath" });
    navigator.mediaSession.setActionHandler("nexttrack", timeline.chapters.length > 1 ? skip : null);
  }
  byId("player-phase").textContent = "";
  await sounding.catch(() => showPaused());
  follow();
}

// Another screen was chosen: the session ends.
export function leave() {
  stop();
  wake();
}

function stop() {
  audio.pause();
  audio.removeAttribute("src");
  audio.load();
  timeline = null;
  current = null;
  screenLock?.release().catch(() => {});
  screenLock = null;
}

function follow() {
  if (!timeline) return;
  const now = audio.currentTime;
  const cue = timeline.cues.findLast((each) => each.start <= now && now < each.end) ?? null;
  if (cue !== current) {
    current = cue;
    showCue(cue);
  }
  breathe(cue, now);
  circle.passed(now / timeline.duration_seconds);
  if (!audio.paused) byId("player-time").textContent = clock(timeline.duration_seconds - now);
  requestAnimationFrame(follow);
}

// The chapter behind the one that sounds; none behind the last.
function following() {
  return timeline.chapters.find((chapter) => chapter.start > audio.currentTime);
}

function skip() {
  if (timeline) audio.currentTime = following()?.start ?? timeline.duration_seconds;
}

function showCue(cue) {
  byId("player-skip").hidden = !following();
  // A spoken line stays to be read until the next one; a bell or a silence does not wipe it away.
  if (cue?.text && !cue.phase) byId("player-line").textContent = cue.text;
  if (cue?.phase) byId("player-line").textContent = "";
  byId("player-phase").textContent = audio.paused ? "Paused" : phase();
}

// What to do with the breath now: "Breathe in", "Hold"; nothing between breaths.
function phase() {
  return current?.phase ? current.text.replace(/\.$/, "") : "";
}

// In and out move the circle; held, it stays; between breaths it swells very slowly by itself.
function breathe(cue, now) {
  if (!cue?.travel) {
    circle.open(0.55 + 0.12 * Math.sin(now / 2.2));
    return;
  }
  const part = Math.min(1, (now - cue.start) / (cue.end - cue.start));
  const eased = 0.5 - 0.5 * Math.cos(Math.PI * part);
  const { from, to } = cue.travel;
  circle.open(from + (to - from) * eased);
}

function showPaused() {
  byId("player-toggle").setAttribute("aria-label", "Go on");
  byId("player-phase").textContent = "Paused";
  say("Paused.");
}

async function showPlaying() {
  byId("player-toggle").setAttribute("aria-label", "Pause");
  byId("player-phase").textContent = phase();
  wake();
  if (screenLock?.released !== false) screenLock = (await navigator.wakeLock?.request("screen").catch(() => null)) ?? null;
}

// Everything but the circle and the line fades when nobody touches anything.
function wake() {
  byId("player").classList.remove("alone");
  clearTimeout(alone);
  alone = setTimeout(() => !audio.paused && byId("player").classList.add("alone"), ALONE_AFTER_MILLISECONDS);
}

byId("player-toggle").addEventListener("click", attempt(() => (audio.paused ? audio.play() : audio.pause())));
byId("player-skip").addEventListener("click", skip);
byId("player-stop").addEventListener("click", () => history.back());
audio.addEventListener("play", showPlaying);
// A slow voice speaks its first lines before anything sounds.
audio.addEventListener("waiting", () => timeline && (byId("player-phase").textContent = "One moment"));
audio.addEventListener("playing", () => timeline && (byId("player-phase").textContent = phase()));
audio.addEventListener("pause", () => timeline && !audio.ended && showPaused());
audio.addEventListener("ended", () => {
  byId("player").classList.remove("alone");
  byId("player-phase").textContent = "Finished";
  byId("player-line").textContent = "";
  say("Finished.");
});
for (const touch of ["pointermove", "pointerdown", "keydown", "focusin"]) document.addEventListener(touch, wake);
