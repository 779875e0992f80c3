// Speaking: the circle listens, the words go to the server, the server files them.

import { Circle } from "./circle.js";
import { ask, followEntry, get } from "./http.js";
import { attempt, byId, clock, say } from "./page.js";
import { NoMicrophone, Recorder } from "./recorder.js";
import { tone } from "./tones.js";

const circle = new Circle(byId("speak-toggle"));
let recorder = null;
let ticking = 0;
let busy = false;
let unsent = null; // the form that the server does not have yet
let guide = null;
let prompts = [];
let asked = []; // [{prompt, start, end}] of this recording

export async function open({ slug = null, listenNow = false } = {}) {
  if (recorder || unsent) return;
  guide = slug;
  prompts = [];
  circle.rest(true);
  circle.passed(0);
  show("", "Speak");
  byId("speak-title").textContent = "Speak, when you like.";
  if (slug) {
    const session = await get(`/sessions/${slug}`);
    prompts = session.prompts ?? [];
    byId("speak-title").textContent = prompts.length ? session.title : "Speak, when you like.";
  }
  if (listenNow) await listen();
}

// Leaving the screen while speaking ends the entry as the button would: nothing spoken is lost.
export function leave() {
  if (recorder) attempt(finish)();
}

async function listen() {
  try {
    recorder = await Recorder.start((level) => circle.open(0.25 + 0.75 * level));
  } catch (fault) {
    if (!(fault instanceof NoMicrophone)) throw fault;
    show(fault.message, "Speak", "needs");
    return;
  }
  recorder.ended.then(() => recorder && attempt(finish)());
  circle.rest(false);
  asked = [];
  if (prompts.length) ask_next();
  show("Listening.", "Done");
  byId("speak-alternatives").hidden = true;
  tone("listening");
  ticking = setInterval(() => (byId("speak-time").textContent = clock(recorder.seconds)), 250);
}

function ask_next() {
  const now = recorder.seconds;
  if (asked.length) asked.at(-1).end = now;
  const prompt = prompts[asked.length];
  asked.push({ prompt, start: now, end: now });
  byId("speak-title").textContent = prompt;
  byId("speak-next-line").hidden = asked.length >= prompts.length;
  say(prompt);
}

async function finish() {
  const ended = recorder;
  recorder = null;
  clearInterval(ticking);
  byId("speak-next-line").hidden = true;
  if (asked.length) asked.at(-1).end = ended.seconds;
  const spokenAt = new Date(Date.now() - ended.seconds * 1000);
  show("Filing.", "");
  const sound = await ended.stop();
  circle.rest(true);
  await file(form(sound, spokenAt));
}

function form(sound, spokenAt) {
  const made = new FormData();
  if (guide) made.append("guide", guide);
  if (spokenAt) made.append("spoken_at", withOffset(spokenAt));
  if (asked.length) made.append("prompts", JSON.stringify(asked));
  // Last, so that all else is known when the sound begins to arrive.
  made.append("audio", sound, sound.name ?? "spoken");
  return made;
}

async function file(filled) {
  unsent = filled;
  busy = true;
  byId("speak-unsent").hidden = true;
  let entry;
  try {
    entry = await ask("POST", "/entries", { body: filled });
  } catch (fault) {
    keep(filled, fault);
    return;
  } finally {
    busy = false;
  }
  unsent = null;
  byId("speak-time").textContent = "";
  byId("speak-title").textContent = "Filed. Go gently.";
  show("It is being written down.", "Speak", "saved");
  byId("speak-alternatives").hidden = false;
  tone("saved");
  say("Filed. Go gently.");
  follow(entry.id);
}

function keep(filled, fault) {
  show(`It isn't filed yet, and still in this page. ${fault.message} ${fault.nextStep ?? ""}`, "", "needs");
  byId("speak-unsent").hidden = false;
  const copy = byId("speak-copy");
  const sound = filled.get("audio");
  URL.revokeObjectURL(copy.href);
  copy.href = URL.createObjectURL(sound);
  copy.download = `outbreath.${sound.type.split("/")[1] || "webm"}`;
}

async function follow(id) {
  const entry = await followEntry(id, () => {}).catch(() => null);
  if (recorder || unsent || !entry) return;
  const state = byId("speak-state");
  state.replaceChildren(entry.state === "ready" ? "Written down. " : entry.state === "no_speech" ? "No speech was heard. " : "It is kept. ");
  const link = document.createElement("a");
  link.href = `#/journal/${id}`;
  link.textContent = entry.state === "ready" ? "Read it" : "Open it";
  state.append(link);
}

function show(sentence, act, kind = "") {
  const state = byId("speak-state");
  state.textContent = sentence;
  state.className = `state ${kind}`;
  byId("speak-act").textContent = act;
  byId("speak-toggle").disabled = !act;
  byId("speak-toggle").setAttribute("aria-label", { Speak: "Start speaking", Done: "Done, file it" }[act] ?? "Filing");
  if (act === "Speak") {
    byId("speak-time").textContent = "";
    byId("speak-alternatives").hidden = false;
  }
}

function withOffset(moment) {
  const minutes = -moment.getTimezoneOffset();
  const local = new Date(moment.getTime() + minutes * 60000).toISOString().slice(0, 19);
  const two = (number) => String(number).padStart(2, "0");
  return `${local}${minutes < 0 ? "-" : "+"}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
}

async function write(event) {
  const field = byId("write-text");
  const entry = await ask("POST", "/entries", { body: { text: field.value } });
  event.target.reset();
  location.hash = `#/journal/${entry.id}`;
  say("Filed. Go gently.");
}

byId("speak-toggle").addEventListener("click", attempt(() => (recorder ? finish() : busy || unsent ? null : listen())));
byId("speak-next").addEventListener("click", attempt(async () => { tone("next"); ask_next(); }));
byId("speak-again").addEventListener("click", attempt(() => file(unsent)));
byId("speak-file").addEventListener("change", attempt(async (event) => {
  asked = [];
  const [sound] = event.target.files;
  if (sound) await file(form(sound, sound.lastModified ? new Date(sound.lastModified) : null));
  event.target.value = "";
}));
byId("write-form").addEventListener("submit", attempt(write));
window.addEventListener("beforeunload", (event) => {
  if (recorder || unsent) event.preventDefault();
});
