// Small pieces that every screen uses: elements, sentences, dates.

// The page speaks English; its dates are written as the reader's English has them.
export const locale = navigator.languages.find((language) => language.startsWith("en")) ?? "en-GB";

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

export function showFault(fault) {
  const place = byId("fault");
  place.textContent = fault.nextStep ? `${fault.message} ${fault.nextStep}` : "Something on this page is broken. Load it again.";
  place.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => (place.hidden = true), 12000);
}

export function hideFault() {
  byId("fault").hidden = true;
}

// Runs what an element was asked to do; what goes wrong is told.
export const attempt = (act) => async (event) => {
  event?.preventDefault?.();
  try {
    hideFault();
    await act(event);
  } catch (fault) {
    showFault(fault);
  }
};

export function clock(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

export function length(seconds) {
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  return minutes ? `${minutes} min ${whole % 60} s` : `${whole} s`;
}

// The wall-clock time at the place where it was spoken, whatever time zone this browser is in.
export const spokenTime = (rfc3339) => rfc3339.slice(11, 16);

// A moment with the offset of the place where this browser is (RFC 3339).
export function withOffset(moment) {
  const minutes = -moment.getTimezoneOffset();
  const local = new Date(moment.getTime() + minutes * 60000).toISOString().slice(0, 19);
  const two = (number) => String(number).padStart(2, "0");
  return `${local}${minutes < 0 ? "-" : "+"}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
}

export function dayName(day, { weekday = "long", today = new Date() } = {}) {
  const [year, month, date] = day.split("-").map(Number);
  const then = new Date(year, month - 1, date);
  const days = Math.round((new Date(today.getFullYear(), today.getMonth(), today.getDate()) - then) / 86400000);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  const sameYear = then.getFullYear() === today.getFullYear();
  return then.toLocaleDateString(locale, { weekday, day: "numeric", month: "long", year: sameYear ? undefined : "numeric" });
}

// Typed entries are ready from the start; all others have a recording, whose length may not be known yet.
export const isSpoken = (entry) => entry.duration_seconds !== null || entry.state !== "ready";

// What stands in a list for an entry that has no words to show.
export function stateSentence(entry) {
  return {
    recording: "Being recorded.",
    recovered: "Recovered. It is being written down.",
    transcribing: "Being written down.",
    no_speech: "No speech was heard. The recording is kept.",
    failed: `${entry.failure?.message ?? "It couldn't be written down."} The recording is kept.`,
  }[entry.state] ?? "";
}
