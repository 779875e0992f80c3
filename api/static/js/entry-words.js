// The words of an entry and its recording: the word that sounds is marked, and a word that is touched is heard.

import { aligned } from "./aligning.js";
import { Fault, OUT_OF_REACH, address } from "./http.js";
import { entry as messages } from "./messages.js";
import { byId, isSpoken, make, showFault } from "./page.js";
import { clock } from "./times.js";

const STEPS = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity };

const place = byId("entry-text");
const audio = byId("entry-audio");
const seek = byId("entry-seek");

let words = []; // [{element, from, to}] in the order they were said
let elements = new Map(); // the place of each element among them
let sounding = null;
let duration = 0;

export function show(entry, { same }) {
  const spoken = isSpoken(entry) && entry.state !== "recording";
  duration = entry.duration_seconds ?? 0;
  byId("entry-sound").hidden = !spoken;
  if (spoken && (!same || !audio.currentSrc)) audio.src = address(`/entries/${entry.id}/audio`);
  if (!spoken) audio.removeAttribute("src");
  seek.max = duration;
  words = [];
  sounding = null;
  place.replaceChildren(...(entry.words.length && spoken ? spokenWords(entry) : [entry.text]));
  if (entry.answers.length && entry.answers.every((answer) => !answer.text)) {
    place.prepend(question(entry.answers.map((answer) => answer.prompt).join(" ")));
  }
  elements = new Map(words.map(({ element }, at) => [element, at]));
  reach(0);
  const unsure = words.some(({ element }) => element.classList.contains("unsure"));
  byId("entry-hint").textContent = unsure ? messages.someUnsure : messages.touch;
  byId("entry-hint").hidden = !words.length;
  if (words.length) for (const [name, value] of [["role", "group"], ["aria-label", messages.words]]) place.setAttribute(name, value);
  else for (const name of ["role", "aria-label"]) place.removeAttribute(name);
  showTime();
  showWhether();
}

export function silence() {
  audio.pause();
}

export function forget() {
  audio.pause();
  audio.removeAttribute("src");
  audio.load();
}

// Goes to a moment of the recording; its word is brought into sight.
export function goTo(seconds, { play = false } = {}) {
  audio.currentTime = seconds;
  mark();
  const word = sounding ?? words.find(({ to }) => to > seconds)?.element;
  word?.scrollIntoView({ block: "center" });
  if (play) start();
}

// The text cut at its words, each a piece that can be touched to hear that moment.
function* spokenWords(entry) {
  let behind = 0;
  const asked = entry.answers.filter((answer) => answer.text);
  for (const { start, end, word, from, to } of aligned(entry.text, entry.words, entry.text !== entry.original_text)) {
    const opens = asked.length && asked[0].start <= to;
    const between = entry.text.slice(behind, start);
    if (opens) yield between.trimEnd();
    while (asked.length && asked[0].start <= to) yield question(asked.shift().prompt);
    if (!opens) yield between;
    const unsure = word?.uncertain;
    const notes = unsure ? { title: messages.unsure, "aria-description": messages.unsure } : {};
    const element = make("span", { class: unsure ? "word unsure" : "word", ...notes }, entry.text.slice(start, end));
    words.push({ element, from, to });
    yield element;
    behind = end;
  }
  yield entry.text.slice(behind);
}

const question = (prompt) => make("span", { class: "question" }, prompt);

// --- What sounds -----------------------------------------------------------------------------------------------------

// The last word that has begun, if it has not ended.
function wordAt(seconds) {
  let low = 0;
  let high = words.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (words[middle].from <= seconds) low = middle + 1;
    else high = middle;
  }
  const word = words[low - 1];
  return word && seconds < word.to ? word.element : null;
}

function mark() {
  const word = wordAt(audio.currentTime);
  if (word !== sounding) {
    sounding?.classList.remove("sounding");
    word?.classList.add("sounding");
    sounding = word;
  }
  showTime();
}

function showTime() {
  const now = audio.src ? audio.currentTime : 0;
  seek.value = now;
  byId("entry-time").textContent = messages.place({ now: clock(now), all: clock(duration) });
  seek.setAttribute("aria-valuetext", messages.place({ now: clock(now), all: clock(duration) }));
}

function follow() {
  if (audio.paused) return;
  mark();
  requestAnimationFrame(follow);
}

function showWhether() {
  byId("entry-play").textContent = audio.paused ? messages.play : messages.pause;
  follow();
}

function hear(word) {
  goThere(words[elements.get(word)].from);
  start();
}

// A browser may refuse before the first touch; the button is there.
function start() {
  if (audio.error) audio.load(); // it may be within reach again
  audio.play().catch(() => audio.error && showFault(new Fault(OUT_OF_REACH)));
}

function goThere(seconds) {
  audio.currentTime = seconds;
  mark();
}

// --- What is pressed -------------------------------------------------------------------------------------------------

// Of all the words one can be reached by Tab; from there the arrow keys lead on.
function reach(at) {
  if (!words.length) return null;
  place.querySelector(".word[tabindex]")?.removeAttribute("tabindex");
  const { element } = words[Math.max(0, Math.min(words.length - 1, at))];
  element.tabIndex = 0;
  return element;
}

place.addEventListener("click", ({ target }) => {
  if (!elements.has(target) || getSelection()?.toString()) return;
  reach(elements.get(target));
  hear(target);
});
place.addEventListener("keydown", (event) => {
  const at = elements.get(event.target);
  if (at === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key in STEPS) reach(at + STEPS[event.key]).focus();
  else if (event.key === "Enter" || event.key === " ") hear(event.target);
  else return;
  event.preventDefault();
});
byId("entry-play").addEventListener("click", () => (audio.paused ? start() : audio.pause()));
seek.addEventListener("input", () => goThere(Number(seek.value)));
for (const kind of ["play", "pause", "ended"]) audio.addEventListener(kind, showWhether);
audio.addEventListener("seeked", mark);
