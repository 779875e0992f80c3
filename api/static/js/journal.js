// The journal: what was said, by day; searching it.

import { get } from "./http.js";
import { attempt, byId, dayName, length, make, spokenTime, stateSentence } from "./page.js";

const PAGE_SIZE = 30;
const SEARCH_PAUSE_MILLISECONDS = 250;

let cursor = null;
let tag = null;
let asked = 0; // answers that arrive after a newer question are dropped
let waiting = 0;

export async function open() {
  await Promise.all([list(), showFilters()]);
}

// A line of a list: when, how long, the first words or the snippet.
export function entryLine(entry, { snippet = null, withDay = false } = {}) {
  const words = snippet || entry.text.slice(0, 300);
  const said = make("span", { class: words ? "words-said" : "words-said none" }, words || stateSentence(entry));
  const spoken = entry.duration_seconds === null ? "" : `, ${length(entry.duration_seconds)}`;
  const day = withDay ? `${dayName(entry.shift_day)}, ` : "";
  const when = make("span", { class: "when" }, day + spokenTime(entry.spoken_at) + spoken);
  return make("li", {}, make("a", { href: `#/journal/${entry.id}` }, when, said));
}

// Which entry of the list is open beside it.
export function mark(id) {
  for (const link of byId("journal-list").querySelectorAll("a")) {
    if (link.hash === `#/journal/${id}`) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

async function list() {
  const query = byId("query").value.trim();
  const number = ++asked;
  if (query) {
    const found = await get("/search", { q: query, limit: 50 });
    if (number === asked) showFound(found, query);
    return;
  }
  const page = await get("/entries", { tag, limit: PAGE_SIZE });
  if (number !== asked) return;
  byId("journal-list").replaceChildren();
  const empty = tag ? "No entry with this tag." : "Nothing here yet. What you speak or write is kept here, for you alone.";
  byId("journal-state").textContent = page.entries.length ? "" : empty;
  addPage(page);
}

function addPage(page) {
  const place = byId("journal-list");
  for (const entry of page.entries) {
    let day = place.lastElementChild;
    if (day?.dataset.day !== entry.shift_day) {
      day = make("div", { "data-day": entry.shift_day }, make("h2", {}, dayName(entry.shift_day)), make("ul", { class: "entries" }));
      place.append(day);
    }
    day.lastElementChild.append(entryLine(entry));
  }
  cursor = page.next_cursor;
  byId("journal-more").hidden = !cursor;
}

function showFound(found, query) {
  byId("journal-more").hidden = true;
  const shown = found.results.map(({ entry, snippet }) => entryLine(entry, { snippet, withDay: true }));
  byId("journal-list").replaceChildren(make("ul", { class: "entries" }, ...shown));
  const count = found.total === 1 ? "One entry." : `${found.total} entries.`;
  byId("journal-state").textContent = shown.length ? count : `Nothing found for “${query}”.`;
}

async function showFilters() {
  const place = byId("tag-filters");
  const tags = await get("/tags");
  const shown = tags.slice(0, 6).map(({ name }) =>
    make("button", { class: "plain", type: "button", "aria-pressed": String(name === tag), onclick: attempt(() => choose(name)) }, name),
  );
  place.replaceChildren(...shown);
  place.hidden = !shown.length;
  byId("known-tags").replaceChildren(...tags.map(({ name }) => make("option", { value: name })));
}

async function choose(name) {
  tag = tag === name ? null : name;
  byId("query").value = "";
  await open();
}

byId("query").addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(attempt(list), SEARCH_PAUSE_MILLISECONDS);
});
byId("search").addEventListener("submit", attempt(list));
byId("journal-more").addEventListener("click", attempt(async () => addPage(await get("/entries", { tag, cursor, limit: PAGE_SIZE }))));
