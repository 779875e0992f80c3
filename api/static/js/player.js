// Playing a session: the sound comes from the server, the circle and the line follow its clock.

import * as chapters from "./chapters.js";
import { Circle } from "./circle.js";
import { Fault, OUT_OF_REACH, address, get, isOutOfReach } from "./http.js";
import * as keptSessions from "./kept-sessions.js";
import * as lockScreen from "./lock-screen.js";
import { player as messages } from "./messages.js";
import { attempt, byId, say, sentenceOf } from "./page.js";
import { about, clock } from "./times.js";
import * as vibration from "./vibration.js";

const ALONE_AFTER_MILLISECONDS = 5000;
const BEING_PREPARED = "being_prepared";
const LONGEST_WAIT_SECONDS = 5; // between two looks, so that it begins soon after it is ready
const KEYS = { ArrowLeft: -15, ArrowRight: 15 }; // seconds
const CONTROLS = "a, button, input, textarea, select, label, summary, audio, dialog";

const audio = byId("player-audio");
const circle = new Circle(byId("player-toggle"));
let timeline = null;
let preparing = null; // {slug, choices}: what is spoken for the first time, and begins by itself
let waiting = 0;
let begun = 0; // counts what was begun; whatever comes late for an earlier one is dropped
let screenLock = null;
let alone = 0;
let following = 0;
let leaving = false; // the button was pressed
let current = null; // the cue that shows now

export const playing = () => timeline !== null || preparing !== null;

export async function play({ slug, ...choices }) {
  stop();
  try {
    await begin(slug, choices);
  } catch (fault) {
    // Better another length of it than nothing.
    const [another] = isOutOfReach(fault) ? keptSessions.of(slug) : [];
    if (another && !keptSessions.sound({ slug, ...choices })) return await begin(slug, another);
    if (timeline) return showBroken(); // its words are there, its sound is not
    if (fault.code !== BEING_PREPARED) throw fault;
    const { title } = await get(`/sessions/${slug}`);
    byId("player-title").textContent = title;
    prepare(slug, choices, fault);
  }
}

async function begin(slug, { minutes, guidance, bed, voice }) {
  const choices = { minutes, guidance, bed, voice };
  // The sound is asked for before anything is waited for, so that it belongs to the touch that began it.
  audio.src = keptSessions.sound({ slug, ...choices }) ?? address(`/sessions/${slug}/audio`, choices);
  const sounding = audio.play();
  sounding.catch(() => {});
  const number = ++begun;
  const planned = await get(`/sessions/${slug}/timeline`, choices).catch((fault) => {
    silence();
    throw fault;
  });
  if (number !== begun) return; // the person went away, or to another one
  timeline = planned;
  preparing = null;
  circle.rest(false);
  byId("player-title").textContent = timeline.title;
  circle.ticks(timeline.chapters.map((chapter) => chapter.start / timeline.duration_seconds).filter((part) => part > 0));
  location.hash = "#/play";
  chapters.list(timeline.chapters, seek);
  vibration.offer(timeline.cues);
  lockScreen.offer({ title: timeline.title, chapters: timeline.chapters, audio, acts: ACTS });
  byId("player-onward").hidden = true;
  byId("player-phase").textContent = "";
  byId("player-toggle").disabled = false;
  const refused = await sounding.then(() => false, () => true);
  if (number !== begun) return;
  follow();
  if (audio.error) throw new Fault(OUT_OF_REACH);
  if (refused) showPaused();
}

// --- Spoken for the first time ---------------------------------------------------------------------------------------

// A slow voice has to say the lines once before anybody knows when each comes. The page waits, and looks again.
function prepare(slug, choices, fault) {
  const first = preparing === null;
  const asked = first ? { slug, choices } : preparing;
  preparing = asked;
  byId("player-toggle").disabled = true;
  byId("player-toggle").setAttribute("aria-label", messages.preparing);
  byId("player-skip").hidden = true;
  byId("player-onward").hidden = true;
  chapters.list([], seek);
  vibration.offer([]);
  byId("player-phase").textContent = messages.preparing;
  byId("player-time").textContent = about(fault.retryAfter ?? LONGEST_WAIT_SECONDS);
  byId("player-line").textContent = messages.preparingLine;
  circle.rest(true);
  if (first) {
    circle.ticks([]);
    circle.passed(0);
    say(messages.preparingLine);
    location.hash = "#/play";
  }
  showPrepared(asked).catch(() => {}); // how far it is only adorns the wait
  waiting = setTimeout(() => look(asked), 1000 * Math.min(LONGEST_WAIT_SECONDS, fault.retryAfter ?? LONGEST_WAIT_SECONDS));
}

async function showPrepared(asked) {
  const { lines, lines_ready: ready } = await get(`/sessions/${asked.slug}/prepare`, asked.choices);
  if (preparing === asked && lines) circle.passed(ready / lines);
}

async function look(asked) {
  const { slug, choices } = asked;
  try {
    // The plan alone is asked for until there is one.
    await get(`/sessions/${slug}/timeline`, choices);
    if (preparing !== asked) return;
    await begin(slug, choices);
  } catch (fault) {
    if (preparing !== asked) return; // the person went away meanwhile
    if (fault.code === BEING_PREPARED) prepare(slug, choices, fault);
    else giveUp(fault);
  }
}

function giveUp(fault) {
  preparing = null;
  circle.rest(false);
  byId("player-toggle").setAttribute("aria-label", messages.goOn);
  byId("player-phase").textContent = "";
  byId("player-time").textContent = "";
  byId("player-line").textContent = `${fault.message} ${fault.nextStep ?? ""}`;
}

// --- Playing ---------------------------------------------------------------------------------------------------------

// Another screen was chosen: the session ends.
export function leave() {
  leaving = false;
  stop();
  wake();
}

function stop() {
  clearTimeout(waiting);
  preparing = null;
  begun += 1;
  circle.rest(false);
  silence();
}

function silence() {
  audio.pause();
  audio.removeAttribute("src");
  audio.load();
  timeline = null;
  current = null;
  lockScreen.withdraw();
  screenLock?.release().catch(() => {});
  screenLock = null;
}

function follow() {
  cancelAnimationFrame(following);
  if (!timeline) return;
  const now = audio.currentTime;
  const cue = timeline.cues.findLast((each) => each.start <= now && now < each.end) ?? null;
  if (cue !== current && !audio.ended) {
    current = cue;
    showCue(cue);
  }
  breathe(cue, now);
  circle.passed(now / timeline.duration_seconds);
  chapters.mark(now);
  if (!audio.paused) byId("player-time").textContent = clock(timeline.duration_seconds - now);
  following = requestAnimationFrame(follow);
}

function seek(seconds) {
  if (timeline) audio.currentTime = Math.min(Math.max(0, seconds), timeline.duration_seconds);
}

const skip = () => seek(chapters.nextStart(audio.currentTime) ?? Infinity);

const ACTS = {
  play: () => resume(),
  pause: () => audio.pause(),
  next: skip,
  previous: () => seek(chapters.previousStart(audio.currentTime)),
  seek,
};

function pressKey(event) {
  const elsewhere = event.target.closest?.(CONTROLS) || event.ctrlKey || event.metaKey || event.altKey;
  if (!timeline || elsewhere || byId("player").hidden) return;
  if (event.key in KEYS) seek(audio.currentTime + KEYS[event.key]);
  else if (event.key === " ") toggle();
  else return;
  event.preventDefault();
}

function showCue(cue) {
  byId("player-skip").hidden = chapters.nextStart(audio.currentTime) === undefined;
  if (cue?.phase && !audio.paused) vibration.phase(cue.phase);
  // A spoken line stays to be read until the next one; a bell or a silence does not wipe it away.
  const said = timeline.cues.findLast((each) => each.start <= audio.currentTime && each.text);
  byId("player-line").textContent = !said || said.phase ? "" : said.text;
  byId("player-phase").textContent = audio.paused ? messages.paused : phase();
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
  byId("player-toggle").setAttribute("aria-label", messages.goOn);
  byId("player-phase").textContent = messages.paused;
  say(`${messages.paused}.`);
}

// The machine went away, or was away from the start. From where it broke off one can try again.
function showBroken() {
  const fault = new Fault(OUT_OF_REACH);
  byId("player").classList.remove("alone");
  byId("player-toggle").setAttribute("aria-label", messages.again);
  byId("player-phase").textContent = messages.again;
  byId("player-line").textContent = sentenceOf(fault);
  say(sentenceOf(fault));
}

async function showPlaying() {
  byId("player-toggle").setAttribute("aria-label", messages.pause);
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

// Paused again before it sounded is no fault; that the sound does not come is told by itself.
function resume() {
  if (audio.error) {
    const at = audio.currentTime;
    audio.load();
    audio.currentTime = at;
    current = undefined; // its line shows again
  }
  return audio.play().catch((fault) => {
    if (fault.name !== "AbortError" && !audio.error) throw fault;
  });
}

const toggle = attempt(() => (audio.paused || audio.error ? resume() : audio.pause()));

// Pressed twice, it goes back once.
function goBack() {
  if (leaving) return;
  leaving = true;
  history.back();
}

byId("player-toggle").addEventListener("click", toggle);
document.addEventListener("keydown", pressKey);
byId("player-skip").addEventListener("click", skip);
byId("player-stop").addEventListener("click", goBack);
audio.addEventListener("play", showPlaying);
// A slow voice speaks its first lines before anything sounds.
audio.addEventListener("waiting", () => timeline && (byId("player-phase").textContent = messages.moment));
audio.addEventListener("playing", () => timeline && (byId("player-phase").textContent = phase()));
audio.addEventListener("pause", () => timeline && !audio.ended && !audio.error && showPaused());
audio.addEventListener("error", () => timeline && showBroken());
for (const change of ["play", "pause", "seeked"]) {
  audio.addEventListener(change, () => timeline && lockScreen.place(audio, timeline.duration_seconds));
}
audio.addEventListener("ended", () => {
  byId("player").classList.remove("alone");
  byId("player-onward").hidden = false;
  byId("player-phase").textContent = messages.finished;
  byId("player-line").textContent = "";
  say(`${messages.finished}.`);
});
for (const touch of ["pointermove", "pointerdown", "keydown", "focusin"]) document.addEventListener(touch, wake);
