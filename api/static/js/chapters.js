// The sections of a session: a list to choose from, and which of them sounds.

import { byId, make } from "./page.js";
import { clock } from "./times.js";

const START_AGAIN_SECONDS = 3; // later than that, one step back leads to the section's own beginning

let chapters = [];
let buttons = [];

export function list(those, jump) {
  chapters = those;
  buttons = chapters.map(({ title, start }) =>
    make("button", { type: "button", class: "plain", onclick: () => jump(start) }, make("span", {}, title), make("span", { class: "when" }, clock(start))),
  );
  byId("player-chapters").open = false;
  byId("player-chapters").hidden = chapters.length < 2;
  byId("player-chapter-list").replaceChildren(...buttons.map((button) => make("li", {}, button)));
}

export function mark(now) {
  const current = chapters.findLastIndex(({ start }) => start <= now);
  buttons.forEach((button, number) => (number === current ? button.setAttribute("aria-current", "true") : button.removeAttribute("aria-current")));
}

// Where the section begins behind the one that sounds; undefined behind the last.
export const nextStart = (now) => chapters.find(({ start }) => start > now)?.start;

// Where the one that sounds begins, or the one before it, if it has only just begun.
export const previousStart = (now) => chapters.findLast(({ start }) => start < now - START_AGAIN_SECONDS)?.start ?? 0;
