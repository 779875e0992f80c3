// One entry: its words, its recording, its tags, what is like it, and what can be done with it.

import * as begun from "./corrections.js";
import { PAUSE_MILLISECONDS } from "./drafts.js";
import * as tags from "./entry-tags.js";
import * as words from "./entry-words.js";
import { ask, followEntry, get } from "./http.js";
import * as journal from "./journal.js";
import { entry as messages } from "./messages.js";
import { attempt, byId, dayName, isSpoken, say, stateSentence } from "./page.js";
import { length, spokenTime } from "./times.js";
import * as undo from "./undo.js";
import { isSettled } from "./unsettled.js";

const MOST_RELATED = 4;
const MOODS = [["mood_before", "entry-mood-before"], ["mood_after", "entry-mood-after"]]; // and the fields they stand in

let entry = null;
let titles = null; // of the sessions, by slug
let typing = 0;
let asked = 0; // an entry that comes after a newer one was asked for is not shown

const settled = () => isSettled(entry);

// `at`: a moment of the recording to go to, `hear`: and to play it from there.
export async function open(id, { at = null, hear = false } = {}) {
  const number = ++asked;
  byId("entry").hidden = !entry; // until it is there, there is nothing to act on
  const [opened] = await Promise.all([get(`/entries/${id}`), knowTitles()]).catch((fault) => {
    if (number === asked && entry?.id !== id) close(); // what was shown before is not what was asked for
    throw fault;
  });
  if (number !== asked) return;
  show(opened);
  byId("entry").hidden = false;
  if (at !== null) words.goTo(at, { play: hear });
  if (settled()) attempt(showRelated)();
  else followEntry(id, (changed) => entry?.id === id && show(changed)).then(() => entry?.id === id && showRelated()).catch(() => {});
}

export function close() {
  words.silence();
  setAside();
  asked += 1;
  entry = null;
  byId("entry").hidden = true;
}

async function knowTitles() {
  titles ??= await get("/sessions").then((all) => new Map(all.map(({ slug, title }) => [slug, title])), () => null);
}

function show(shown) {
  const same = entry?.id === shown.id;
  if (same) journal.changed(shown);
  else setAside();
  entry = shown;
  byId("entry-title").textContent = `${dayName(entry.shift_day)}, ${spokenTime(entry.spoken_at)}`;
  const facts = [isSpoken(entry) ? entry.duration_seconds && length(entry.duration_seconds) : messages.written, titles?.get(entry.guide) ?? entry.guide];
  if (entry.mood_before) facts.push(messages.moodBefore({ mood: entry.mood_before }));
  if (entry.mood_after) facts.push(messages.moodAfter({ mood: entry.mood_after }));
  byId("entry-line").textContent = facts.filter(Boolean).join(", ");
  const state = byId("entry-state");
  // For a transcription that failed, the next step is the button below.
  const step = entry.failure && entry.failure.code !== "transcription_failed" ? ` ${entry.failure.next_step}` : "";
  state.textContent = stateSentence(entry) + step;
  state.classList.toggle("needs", entry.state === "failed");
  byId("entry-noise").hidden = !entry.mostly_noise;
  byId("entry-retry-line").hidden = entry.state !== "failed";
  words.show(entry, { same });
  tags.show(entry, { settled: settled() });
  if (!same) byId("entry-related").hidden = true;
  // An answer that comes late, say to a tag, leaves the words alone that are being typed.
  const waiting = begun.take(entry.id);
  if (waiting) goOn(waiting);
  else if (!same || byId("entry-edit-form").hidden) edit(false);
  if (!same && !waiting) lookForBegun(entry.id);
}

function goOn(changes) {
  edit(true, changes);
  say(messages.begun);
}

async function lookForBegun(id) {
  const changes = await begun.left(id);
  if (!changes) return;
  if (entry?.id === id && byId("entry-edit-form").hidden) goOn(changes);
  else begun.setAside(id, changes);
}

// What else is about the same; nothing is said if there is nothing.
async function showRelated() {
  const { id } = entry;
  const { results } = await get(`/entries/${id}/related`, { limit: MOST_RELATED + 1 });
  if (entry?.id !== id) return;
  const shown = results.filter((result) => !undo.leaving(result.entry.id)).slice(0, MOST_RELATED);
  byId("entry-related").hidden = !shown.length;
  byId("entry-related-list").replaceChildren(...shown.map((result) => journal.entryLine(result.entry, { result, withDay: true, withWhy: false })));
}

// `changes` that were begun before.
function edit(editing, changes = {}) {
  byId("entry-edit-form").hidden = !editing;
  byId("entry-text").hidden = editing;
  byId("entry-edit").hidden = editing || !settled();
  if (editing) {
    const given = { ...entry, ...changes };
    byId("entry-edit-text").value = given.text;
    for (const [name, field] of MOODS) byId(field).value = given[name] ?? "";
    byId("entry-edit-text").focus();
  }
}

function leaveEdit() {
  clearTimeout(typing);
  begun.drop(entry.id);
  edit(false);
  byId("entry-edit").focus();
}

// What stands in the form and is not kept yet.
function corrections() {
  const changes = {};
  if (!entry || byId("entry-edit-form").hidden) return changes;
  const text = byId("entry-edit-text").value;
  // A field knows only one kind of line end.
  if (text !== entry.text.replace(/\r\n?/g, "\n")) changes.text = text;
  for (const [name, field] of MOODS) {
    const given = Number(byId(field).value) || null;
    if (given !== entry[name]) changes[name] = given;
  }
  return changes;
}

const anything = (changes) => Object.keys(changes).length > 0;

function setAside() {
  clearTimeout(typing);
  const changes = corrections();
  if (anything(changes)) begun.setAside(entry.id, changes);
}

function keepBegun() {
  clearTimeout(typing);
  if (!entry || byId("entry-edit-form").hidden) return;
  const changes = corrections();
  if (anything(changes)) begun.keep(entry.id, changes);
  else begun.drop(entry.id);
}

async function keepEdit() {
  const changes = corrections();
  if (anything(changes)) show(await ask("PATCH", `/entries/${entry.id}`, { body: changes }));
  leaveEdit();
  say(messages.kept);
}

async function remove() {
  const { id } = entry;
  words.forget();
  close();
  begun.drop(id);
  await undo.letGo(id, () => {
    journal.back(id);
    location.hash = `#/journal/${id}`;
  });
  journal.gone(id);
  location.replace("#/journal"); // the way back does not lead to what is gone
}

tags.setUp({ changed: show, hear: (seconds) => words.goTo(seconds, { play: true }) });
byId("entry-edit").addEventListener("click", () => edit(true));
byId("entry-edit-cancel").addEventListener("click", leaveEdit);
byId("entry-edit-form").addEventListener("submit", attempt(keepEdit));
byId("entry-retry").addEventListener("click", attempt(async () => {
  await ask("POST", `/entries/${entry.id}/retry`);
  await open(entry.id);
}));
byId("entry-delete").addEventListener("click", attempt(remove));
window.addEventListener("beforeunload", (event) => {
  if (begun.any() || anything(corrections())) event.preventDefault();
});
window.addEventListener("pagehide", keepBegun);
byId("entry-edit-form").addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(keepBegun, PAUSE_MILLISECONDS);
});
