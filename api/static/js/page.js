// Small pieces that every screen uses: elements, sentences, dates.

import { journal as inJournal, locale, page as words } from "./messages.js";

export const byId = (id) => document.getElementById(id);

// make("li", {class: "x"}, "text", child): an element. Text is always text, never markup.
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

// Tells a screen reader, without moving anything on the screen.
export function say(sentence) {
  byId("said").textContent = sentence;
}

let hiding = 0;

// What went wrong, then what to do; what nobody foresaw is not told in the browser's words.
export const sentenceOf = (fault) => (fault.nextStep ? `${fault.message} ${fault.nextStep}` : words.broken);

export function showFault(fault) {
  const place = byId("fault");
  place.textContent = sentenceOf(fault);
  place.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => (place.hidden = true), 12000);
}

export function hideFault() {
  byId("fault").hidden = true;
}

// Runs what an element was asked to do; what goes wrong is told. What went wrong before has been read by whoever does
// something else; what the page does by itself leaves it there.
export const attempt = (act) => async (event) => {
  event?.preventDefault?.();
  try {
    if (event) hideFault();
    await act(event);
  } catch (fault) {
    showFault(fault);
  }
};

export function dayName(day, { weekday = "long", today = new Date() } = {}) {
  const [year, month, date] = day.split("-").map(Number);
  const then = new Date(2000, 0, 1);
  then.setFullYear(year, month - 1, date); // given at once, a year below 100 would be one of the last century
  const days = Math.round((new Date(today.getFullYear(), today.getMonth(), today.getDate()) - then) / 86400000);
  if (days === 0) return words.today;
  if (days === 1) return words.yesterday;
  const sameYear = then.getFullYear() === today.getFullYear();
  return then.toLocaleDateString(locale, { weekday, day: "numeric", month: "long", year: sameYear ? undefined : "numeric" });
}

// Typed entries are ready from the start; all others have a recording, whose length may not be known yet.
export const isSpoken = (entry) => entry.duration_seconds !== null || entry.state !== "ready";

// What stands in a list for an entry that has no words to show.
export function stateSentence(entry) {
  return {
    ...inJournal.states,
    failed: inJournal.states.failed({ why: entry.failure?.message ?? inJournal.states.failedSomehow }),
  }[entry.state] ?? "";
}
