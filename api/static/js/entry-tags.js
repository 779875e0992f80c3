// The tags of an entry, each with the words that earned it, and the person's yes and no.

import { ask } from "./http.js";
import * as journal from "./journal.js";
import { entry as messages, journal as found } from "./messages.js";
import { attempt, byId, make, say } from "./page.js";
import { clock } from "./times.js";

const CONTEXT_CHARACTERS = 30;

let entry = null;
let changed = () => {}; // called with the entry as it is then
let hear = () => {}; // called with a moment of the recording

export function setUp(callbacks) {
  ({ changed, hear } = callbacks);
}

export function show(shown, { settled }) {
  const open = entry?.id === shown.id ? openNames() : [];
  entry = shown;
  const none = make("p", { class: "quiet" }, settled ? messages.noTags : messages.tagsCome);
  byId("entry-tags").replaceChildren(...(entry.tags.length ? entry.tags.map((tag) => element(tag, open.includes(tag.name))) : [none]));
}

const openNames = () => [...byId("entry-tags").querySelectorAll("details[open]")].map(({ dataset }) => dataset.name);

function element(tag, open) {
  const yours = tag.source === "person";
  const button = (sentence, act) => make("button", { class: "plain", type: "button", onclick: attempt(act) }, sentence);
  return make(
    "details",
    { "data-name": tag.name, open },
    make("summary", {}, make("span", {}, tag.name), make("span", { class: "kind" }, yours ? messages.yours : messages.suggested({ kind: messages.kinds[tag.kind] }))),
    ...tag.evidence.map(reason),
    make(
      "p",
      { class: "actions" },
      yours ? null : button(messages.keepTag, () => keep(tag)),
      button(yours ? messages.removeTag : messages.refuseTag, () => remove(tag)),
      button(messages.others, () => journal.openWithTag(tag.name)),
    ),
  );
}

// The words that earned it; spoken ones can be heard.
function reason(span) {
  const at = span.start_seconds;
  const listen = () => make("button", { class: "plain", type: "button", onclick: () => hear(at) }, found.hear({ clock: clock(at) }));
  return make("blockquote", {}, make("p", {}, ...inContext(span)), at === null ? null : listen());
}

// With a few of the words around them, cut between words. Offsets count characters, not halves of pictures.
function inContext({ text, start, end }) {
  const all = [...entry.text];
  const between = (one, other) => all.slice(one, other).join("");
  if (between(start, end) !== text) return [text];
  let from = Math.max(0, start - CONTEXT_CHARACTERS);
  let to = Math.min(all.length, end + CONTEXT_CHARACTERS);
  if (from > 0) from = Math.min(start, all.indexOf(" ", from) + 1);
  if (to < all.length) to = Math.max(end, all.lastIndexOf(" ", to));
  const before = (from > 0 ? "…" : "") + between(from, start);
  const after = between(end, to) + (to < all.length ? "…" : "");
  return [before, make("strong", {}, text), after];
}

const path = (name) => `/entries/${entry.id}/tags/${encodeURIComponent(name)}`;

async function keep({ name, kind }) {
  changed(await ask("PUT", path(name), { query: { kind } }));
  say(messages.tagKept({ name }));
  summaryOf(name)?.focus();
}

async function remove({ name }) {
  const at = entry.tags.findIndex((tag) => tag.name === name);
  changed(await ask("DELETE", path(name)));
  say(messages.tagRemoved({ name }));
  // Whoever goes on by keyboard is at the tag that took its place.
  const next = entry.tags[Math.min(at, entry.tags.length - 1)];
  (next ? summaryOf(next.name) : byId("entry-tag"))?.focus();
}

const summaryOf = (name) => byId("entry-tags").querySelector(`details[data-name="${CSS.escape(name)}"] summary`);

byId("entry-tag-form").addEventListener("submit", attempt(async (event) => {
  const name = byId("entry-tag").value.trim();
  if (name) await keep({ name });
  event.target.reset();
  byId("entry-tag").focus();
}));
