// The journal: what was said, by day; and one box to find it again, by words, meaning, tags and dates.

import { get } from "./http.js";
import { journal as messages, listed } from "./messages.js";
import { attempt, byId, dayName, make, sentenceOf, stateSentence } from "./page.js";
import { onlyNarrows, tagsIn, toggleTag, unfinished, valueOf, withDays } from "./query.js";
import * as months from "./tag-months.js";
import { clock, length, spokenTime } from "./times.js";
import { leaving } from "./undo.js";
import { isSettled, lookAfter } from "./unsettled.js";

const PAGE_SIZE = 30;
const FOUND_AT_ONCE = 20;
const MOST_FOUND = 100;
const MOST_TAGS = 5;
const LATE_MILLISECONDS = 400; // what takes longer is said
const LOCKED = "journal_locked";
const NEAR = "1200px"; // so far below the screen the next page is fetched

const box = byId("query");

let cursor = null;
let beyond = false; // more were found than are shown
let asked = 0; // an answer that comes after a newer question is dropped
let searching = null; // what is under way
let tags = [];

export async function open() {
  await Promise.all([list(), learnTags().catch(() => {})]); // they only help
}

// As it was left, for whoever comes back from an entry.
export const isThere = () => byId("journal-list").childElementCount > 0;

// A line of a list: when, how long, the first words or those that were found; what was spoken can be heard from there.
export function entryLine(entry, { result = null, withDay = false, withWhy = true } = {}) {
  const said = result ? marked(result) : [entry.text.slice(0, 300)];
  const none = !entry.text;
  const words = make("span", { class: none ? "words-said none" : "words-said" }, ...(none ? [stateSentence(entry)] : said));
  const spoken = entry.duration_seconds === null ? "" : `, ${length(entry.duration_seconds)}`;
  const day = withDay ? `${dayName(entry.shift_day, { weekday: "short" })}, ` : "";
  const why = result && withWhy ? make("span", { class: "why" }, listed(result.matched.map((reason) => messages.reasons[reason]))) : null;
  const when = make("span", { class: "when" }, day + spokenTime(entry.spoken_at) + spoken);
  const target = `#/journal/${entry.id}`;
  // Rounded up, or the moment would lie before its word.
  const at = result && result.at_seconds !== null ? Math.ceil(result.at_seconds * 100) / 100 : null;
  const line = make(
    "li",
    { "data-entry": entry.id, class: result ? "found" : null },
    make("a", { href: at === null ? target : `${target}/${at}` }, make("span", { class: "facts" }, when, why), words),
    at === null ? null : make("a", { class: "hear", href: `${target}/${at}/hear` }, messages.hear({ clock: clock(at) })),
  );
  if (!isSettled(entry)) lookAfter(line, entry, (now) => entryLine(now, { withDay }));
  return line;
}

function* marked({ snippet, marks }) {
  const all = [...snippet]; // offsets count characters, not halves of pictures
  let behind = 0;
  for (const { start, end } of marks) {
    yield all.slice(behind, start).join("");
    yield make("mark", {}, all.slice(start, end).join(""));
    behind = end;
  }
  yield all.slice(behind).join("");
}

// Which entry of the list is open beside it.
export function mark(id) {
  for (const link of byId("journal-list").querySelectorAll("a:not(.hear)")) {
    if (link.closest("li").dataset.entry === id) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

export const linkOf = (id) => lineOf(id)?.querySelector("a");
const lineOf = (id) => byId("journal-list").querySelector(`li[data-entry="${id}"]`);

// --- What becomes of an entry meanwhile ------------------------------------------------------------------------------

export function changed(entry) {
  const line = lineOf(entry.id);
  const open = line?.querySelector("[aria-current]");
  if (line && !line.classList.contains("found")) line.replaceWith(entryLine(entry));
  if (open) mark(entry.id);
  attempt(learnTags)();
}

export function gone(id) {
  const line = lineOf(id);
  if (!line) return;
  line.hidden = true;
  const day = line.closest("[data-day]");
  if (day) day.hidden = !day.querySelector("li:not([hidden])");
}

export function back(id) {
  const line = lineOf(id);
  if (!line) {
    attempt(list)(); // it was made anew meanwhile
    return;
  }
  line.hidden = false;
  line.closest("[data-day]")?.removeAttribute("hidden");
}

// --- The list --------------------------------------------------------------------------------------------------------

// One question at a time: whoever types faster than answers come is answered once for all that was typed meanwhile.
function list() {
  asked += 1;
  showFilters();
  searching ??= answerAll().finally(() => (searching = null));
  return searching;
}

async function answerAll() {
  let number;
  do {
    number = asked;
    await answer(number, box.value.trim());
  } while (number !== asked);
}

async function answer(number, query) {
  const late = setTimeout(() => number === asked && !isThere() && (byId("journal-state").textContent = messages.looking), LATE_MILLISECONDS);
  byId("journal-again").hidden = true;
  try {
    if (query && !onlyNarrows(query)) {
      const found = await get("/search", { q: query, limit: FOUND_AT_ONCE });
      if (number === asked) showFound(found, FOUND_AT_ONCE);
    } else {
      const page = await get("/entries", { q: query, limit: PAGE_SIZE });
      if (number === asked) showDays(page, query);
    }
  } catch (fault) {
    if (number !== asked) return;
    if (fault.code === LOCKED) throw fault;
    showFault(fault);
  } finally {
    clearTimeout(late);
  }
}

// What was found before stays; without it, what keeps the journal away stands in its place, with the way on.
function showFault(fault) {
  if (isThere()) throw fault;
  byId("journal-state").textContent = sentenceOf(fault);
  byId("journal-again").hidden = false;
}

function showDays(page, query) {
  byId("journal-list").replaceChildren();
  byId("journal-state").textContent = page.entries.length ? (query ? messages.found({ count: page.total }) : "") : query ? messages.noneLeft : messages.empty;
  addPage(page);
}

function addPage(page) {
  const place = byId("journal-list");
  for (const entry of page.entries.filter(({ id }) => !leaving(id))) {
    let day = place.lastElementChild;
    if (day?.dataset.day !== entry.shift_day) {
      day = make("div", { "data-day": entry.shift_day }, make("h2", {}, dayName(entry.shift_day)), make("ul", { class: "entries" }));
      place.append(day);
    }
    day.lastElementChild.append(entryLine(entry));
  }
  cursor = page.next_cursor;
  beyond = false;
  byId("journal-more").textContent = messages.earlier;
  byId("journal-more").hidden = !cursor;
}

// The next page comes before its place is in sight; the button is for whoever goes there by key, or is faster.
async function more() {
  if (beyond) await showBeyond();
  if (!cursor) return;
  const from = cursor;
  const number = asked;
  cursor = null; // asked for once
  try {
    const page = await get("/entries", { q: box.value.trim(), cursor: from, limit: PAGE_SIZE });
    if (number === asked) addPage(page);
  } catch (fault) {
    if (number === asked) cursor = from;
    throw fault;
  }
}

async function showBeyond() {
  const number = asked;
  const at = byId("journal-list").querySelectorAll("li").length;
  const found = await get("/search", { q: box.value.trim(), limit: MOST_FOUND });
  if (number !== asked) return;
  showFound(found, MOST_FOUND);
  byId("journal-list").querySelectorAll("li")[at]?.querySelector("a").focus();
}

function showFound({ results, total }, limit) {
  cursor = null;
  beyond = total > results.length && limit < MOST_FOUND;
  byId("journal-more").hidden = !beyond;
  byId("journal-more").textContent = messages.more;
  const shown = results.filter(({ entry }) => !leaving(entry.id)).map((result) => entryLine(result.entry, { result, withDay: true }));
  byId("journal-list").replaceChildren(...(shown.length ? [make("ul", { class: "entries" }, ...shown)] : []));
  byId("journal-state").textContent = shown.length ? found(shown.length, total - results.length + shown.length) : messages.nothingFound;
}

const found = (shown, total) => (shown < total ? messages.best({ shown, total }) : messages.found({ count: total }));

// --- Narrowing it: everything stands in the box, and the words below only write it there ----------------------------

async function learnTags() {
  tags = (await get("/tags")).map(({ name }) => name);
  byId("known-tags").replaceChildren(...tags.map((name) => make("option", { value: name })));
  showFilters();
}

function showFilters() {
  const query = box.value;
  const chosen = tagsIn(query);
  const begun = unfinished(query)?.value.toLowerCase();
  const meant = begun ? tags.filter((name) => name.startsWith(begun) && !chosen.includes(name)) : [];
  const shown = [...new Set([...chosen, ...(meant.length ? meant : tags)])].slice(0, Math.max(MOST_TAGS, chosen.length));
  const focused = document.activeElement?.closest?.("#tag-filters") && document.activeElement.textContent;
  byId("tag-filters").replaceChildren(...shown.map((name) => filter(name, chosen.includes(name))));
  if (focused) [...byId("tag-filters").children].find(({ textContent }) => textContent === focused)?.focus();
  const [on, since, until] = ["on", "from", "to"].map((name) => valueOf(query, name));
  byId("days-toggle").textContent = on ? messages.onDays({ period: months.spelled(on) }) : days(months.spelled(since), months.spelled(until));
  byId("day-since").value = since.length === 10 ? since : "";
  byId("day-until").value = until.length === 10 ? until : "";
  attempt(() => months.show(chosen.length === 1 ? chosen[0] : null, on, chooseMonth))();
}

function days(since, until) {
  if (since && until) return messages.between({ since, until });
  return since ? messages.since({ since }) : until ? messages.until({ until }) : messages.anyDay;
}

const filter = (name, chosen) =>
  make("button", { class: "plain", type: "button", "aria-pressed": String(chosen), onclick: attempt(() => write(toggleTag(box.value, name))) }, name);

const chooseMonth = (month) => write(withDays(box.value, { on: valueOf(box.value, "on") === month ? "" : month }));

async function write(query) {
  box.value = query;
  await list();
}

// The tag goes into the box, never into the address: a tag of one's own is the person's word, and addresses are remembered.
export async function openWithTag(name) {
  box.value = toggleTag("", name);
  byId("journal-list").replaceChildren();
  if (location.hash === "#/journal") await open();
  else location.hash = "#/journal";
}

box.addEventListener("input", attempt(list));
byId("days-toggle").addEventListener("click", ({ target }) => {
  byId("days").hidden = !byId("days").hidden;
  target.setAttribute("aria-expanded", String(!byId("days").hidden));
});
byId("search").addEventListener("submit", attempt(list));
for (const end of ["since", "until"]) {
  byId(`day-${end}`).addEventListener("change", attempt(() => write(withDays(box.value, { since: byId("day-since").value, until: byId("day-until").value }))));
}
byId("journal-again").addEventListener("click", attempt(async () => {
  await open();
  if (isThere()) byId("main").focus({ preventScroll: true });
}));
byId("journal-more").addEventListener("click", attempt(more));
new IntersectionObserver((seen) => cursor && seen.some(({ isIntersecting }) => isIntersecting) && attempt(more)(), { rootMargin: NEAR }).observe(byId("journal-more"));
