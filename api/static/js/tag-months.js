// When a tag came up, month by month: shown while the list is narrowed to one tag, and each month narrows it further.

import { get } from "./http.js";
import { journal as messages, listed, locale } from "./messages.js";
import { byId, make } from "./page.js";

const MOST_MONTHS = 12;
const MOST_TOGETHER = 3;
const SVG = "http://www.w3.org/2000/svg";

let shown = null; // the tag whose months are there, or come
let history = null;

// `on`: the month that is chosen, such as 2026-10; `choose` is called with one that is pressed.
export async function show(tag, on, choose) {
  const place = byId("tag-months");
  if (tag !== shown) {
    shown = tag;
    history = null;
    place.hidden = true;
    if (!tag) return;
    const came = await get(`/tags/${encodeURIComponent(tag)}`);
    if (shown !== tag) return;
    history = came;
  }
  if (!history?.timeline.length) return;
  const months = lastMonths(history.timeline.map(({ since, count }) => [since.slice(0, 7), count]));
  const most = Math.max(...months.map(([, count]) => count));
  byId("tag-months-title").textContent = messages.months({ tag });
  byId("tag-months-list").replaceChildren(...months.map(([month, count]) => make("li", {}, count ? monthButton(month, count, most, month === on, choose) : gap(month))));
  const together = history.together.slice(0, MOST_TOGETHER).map(({ name }) => name);
  byId("tag-together").textContent = together.length ? messages.together({ tags: listed(together) }) : "";
  place.hidden = false;
}

// Every month from the first to the last, so that months without any are seen, too.
function lastMonths(counts) {
  const known = new Map(counts);
  const months = [];
  let [year, month] = counts.at(-1)[0].split("-").map(Number);
  const [first] = counts[0];
  while (months.length < MOST_MONTHS) {
    const name = `${year}-${String(month).padStart(2, "0")}`;
    months.unshift([name, known.get(name) ?? 0]);
    if (name <= first) break;
    month -= 1;
    if (!month) [year, month] = [year - 1, 12];
  }
  return months;
}

function monthButton(month, count, most, chosen, choose) {
  const name = messages.month({ month: spelled(month), count });
  return make("button", { type: "button", "aria-pressed": String(chosen), "aria-label": name, title: name, onclick: () => choose(month) }, dot(count / most), make("span", {}, short(month)));
}

const gap = (month) => make("span", { class: "gap" }, dot(0), make("span", {}, short(month)));

// Its area tells how often.
function dot(part) {
  const svg = document.createElementNS(SVG, "svg");
  const circle = document.createElementNS(SVG, "circle");
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", "aria-hidden": "true" })) svg.setAttribute(key, value);
  for (const [key, value] of Object.entries({ cx: 12, cy: 12, r: part ? (2 + 8 * Math.sqrt(part)).toFixed(2) : 1 })) circle.setAttribute(key, value);
  svg.append(circle);
  return svg;
}

const dateOf = (day) => {
  const [year, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date);
};

const short = (month) => dateOf(month).toLocaleDateString(locale, { month: "short" });

// 2026, 2026-10 or 2026-10-05 as one says it; nothing for nothing.
export function spelled(day) {
  if (!day) return "";
  const parts = day.split("-").length;
  return dateOf(day).toLocaleDateString(locale, { year: "numeric", month: parts > 1 ? "long" : undefined, day: parts > 2 ? "numeric" : undefined });
}
