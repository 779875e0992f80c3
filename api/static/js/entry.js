// One entry: its words, sounding as they play, its tags with their reasons, and what can be done with it.

import { address, ask, followEntry, get } from "./http.js";
import { attempt, byId, dayName, isSpoken, length, make, say, spokenTime, stateSentence } from "./page.js";

const CONTEXT_CHARACTERS = 30;
const SETTLED = ["ready", "no_speech", "failed"];

let entry = null;
let words = []; // [{element, start, end}] in the order they were said
let sounding = null;

export async function open(id) {
  show(await get(`/entries/${id}`));
  if (!SETTLED.includes(entry.state)) {
    followEntry(id, (changed) => entry?.id === id && show(changed)).catch(() => {});
  }
}

export function close() {
  byId("entry-audio").pause();
  entry = null;
}

function show(shown) {
  const same = entry?.id === shown.id;
  entry = shown;
  byId("entry-title").textContent = `${dayName(entry.shift_day)}, ${spokenTime(entry.spoken_at)}`;
  const facts = [isSpoken(entry) ? entry.duration_seconds && length(entry.duration_seconds) : "Written", entry.guide];
  if (entry.mood_before) facts.push(`mood before ${entry.mood_before} of 5`);
  if (entry.mood_after) facts.push(`after ${entry.mood_after} of 5`);
  byId("entry-line").textContent = facts.filter(Boolean).join(", ");
  const state = byId("entry-state");
  // For a transcription that failed, the next step is the button below.
  const step = entry.failure && entry.failure.code !== "transcription_failed" ? ` ${entry.failure.next_step}` : "";
  state.textContent = stateSentence(entry) + step;
  state.classList.toggle("needs", entry.state === "failed");
  byId("entry-noise").hidden = !entry.mostly_noise;
  byId("entry-retry-line").hidden = entry.state !== "failed";
  showText();
  showTags();
  // An answer that comes late, say to a tag, leaves the words alone that are being typed.
  if (!same || byId("entry-edit-form").hidden) edit(false);
  const audio = byId("entry-audio");
  audio.hidden = !isSpoken(entry) || entry.state === "recording";
  const source = address(`/entries/${entry.id}/audio`);
  if (!audio.hidden && (!same || !audio.currentSrc)) audio.src = source;
  if (audio.hidden) audio.removeAttribute("src");
}

function showText() {
  const place = byId("entry-text");
  words = [];
  // Word times belong to what was heard; a corrected text no longer has them.
  if (entry.words.length && entry.text === entry.original_text) place.replaceChildren(...spokenWords());
  else place.textContent = entry.text;
  if (entry.answers.length) place.prepend(...unanswered());
}

// The text cut at its words, each a piece that can be tapped to hear that moment.
function* spokenWords() {
  let from = 0;
  const prompts = entry.answers.filter((answer) => answer.text);
  for (const word of entry.words) {
    const at = entry.text.indexOf(word.text, from);
    if (at < 0) continue;
    while (prompts.length && prompts[0].start <= word.end) yield make("span", { class: "question" }, prompts.shift().prompt);
    yield entry.text.slice(from, at);
    const { uncertain } = word;
    const element = make("span", { class: uncertain ? "word unsure" : "word", title: uncertain ? "Not sure of this word" : null }, word.text);
    element.addEventListener("click", () => hear(word.start));
    words.push({ element, start: word.start, end: word.end });
    yield element;
    from = at + word.text.length;
  }
  yield entry.text.slice(from);
}

const unanswered = () =>
  entry.answers.every((answer) => !answer.text) ? [make("span", { class: "question" }, entry.answers.map((answer) => answer.prompt).join(" "))] : [];

function hear(seconds) {
  const audio = byId("entry-audio");
  audio.currentTime = seconds;
  audio.play().catch(() => {});
}

function follow() {
  const now = byId("entry-audio").currentTime;
  const playing = !byId("entry-audio").paused;
  const word = playing ? words.find(({ start, end }) => start <= now && now < end)?.element : null;
  if (word !== sounding) {
    sounding?.classList.remove("sounding");
    word?.classList.add("sounding");
    sounding = word;
  }
  if (playing) requestAnimationFrame(follow);
}

function showTags() {
  const none = make("p", { class: "quiet" }, SETTLED.includes(entry.state) ? "No tags yet." : "Tags come with the words.");
  byId("entry-tags").replaceChildren(...(entry.tags.length ? entry.tags.map(tagElement) : [none]));
}

function tagElement(tag) {
  const yours = tag.source === "person";
  const reasons = tag.evidence.map((span) => make("blockquote", {}, ...inContext(span)));
  const keep = make("button", { class: "plain", type: "button", onclick: attempt(() => setTag("PUT", tag)) }, "Yes, keep it");
  const drop = make("button", { class: "plain", type: "button", onclick: attempt(() => setTag("DELETE", tag)) }, yours ? "Remove it" : "No, remove it");
  return make(
    "details",
    {},
    make("summary", {}, make("span", {}, tag.name), make("span", { class: "kind" }, yours ? "yours" : `suggested ${tag.kind}`)),
    ...reasons,
    make("p", { class: "actions" }, yours ? null : keep, drop),
  );
}

// The words that earned a tag, with a few of those around them, cut between words.
function inContext({ text, start, end }) {
  if (entry.text.slice(start, end) !== text) return [text];
  let from = Math.max(0, start - CONTEXT_CHARACTERS);
  let to = Math.min(entry.text.length, end + CONTEXT_CHARACTERS);
  if (from > 0) from = entry.text.indexOf(" ", from) + 1;
  if (to < entry.text.length) to = Math.max(end, entry.text.lastIndexOf(" ", to));
  const before = (from > 0 ? "…" : "") + entry.text.slice(Math.min(from, start), start);
  const after = entry.text.slice(end, to) + (to < entry.text.length ? "…" : "");
  return [before, make("strong", {}, text), after];
}

async function setTag(method, { name, kind }) {
  const query = method === "PUT" ? { kind } : undefined;
  show(await ask(method, `/entries/${entry.id}/tags/${encodeURIComponent(name)}`, { query }));
  say(method === "PUT" ? `Kept: ${name}.` : `Removed: ${name}.`);
}

function edit(editing) {
  byId("entry-edit-form").hidden = !editing;
  byId("entry-text").hidden = editing;
  byId("entry-edit").hidden = editing || !SETTLED.includes(entry.state);
  if (editing) {
    byId("entry-edit-text").value = entry.text;
    byId("entry-edit-text").focus();
  }
}

async function keepEdit() {
  show(await ask("PATCH", `/entries/${entry.id}`, { body: { text: byId("entry-edit-text").value } }));
  edit(false);
  say("Kept.");
}

async function remove() {
  const { id } = entry;
  close();
  byId("entry-audio").removeAttribute("src");
  await ask("DELETE", `/entries/${id}`);
  location.hash = "#/journal";
  say("Deleted.");
}

byId("entry-audio").addEventListener("play", follow);
byId("entry-audio").addEventListener("pause", follow);
byId("entry-edit").addEventListener("click", () => edit(true));
byId("entry-edit-cancel").addEventListener("click", () => edit(false));
byId("entry-edit-form").addEventListener("submit", attempt(keepEdit));
byId("entry-retry").addEventListener("click", attempt(async () => {
  await ask("POST", `/entries/${entry.id}/retry`);
  await open(entry.id);
}));
byId("entry-tag-form").addEventListener("submit", attempt(async (event) => {
  const name = byId("entry-tag").value.trim();
  if (name) await setTag("PUT", { name });
  event.target.reset();
}));
byId("entry-delete").addEventListener("click", () => byId("delete-dialog").showModal());
byId("delete-dialog").addEventListener("close", attempt(async ({ target }) => {
  if (target.returnValue === "delete") await remove();
  target.returnValue = "";
}));
