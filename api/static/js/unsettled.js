// Lines of entries to which something still happens: drawn anew until nothing does.

import { get } from "./http.js";

const SETTLED = ["ready", "no_speech", "failed"];
const LOOK_MILLISECONDS = 3000;
const GONE = 404;

const lines = new Map(); // an element, and the entry as it is drawn there
let looking = 0;

export const isSettled = ({ state }) => SETTLED.includes(state);

// `draw` makes the line of the entry as it is then.
export function lookAfter(line, entry, draw) {
  lines.set(line, { entry, draw });
  looking ||= setTimeout(look, LOOK_MILLISECONDS);
}

async function look() {
  for (const [line, { entry, draw }] of [...lines]) {
    const now = line.isConnected ? await get(`/entries/${entry.id}`).catch((fault) => (fault.status === GONE ? null : entry)) : entry;
    if (!line.isConnected) lines.delete(line);
    else if (!now) takeOut(line);
    else if (now.state !== entry.state || now.text !== entry.text) replace(line, draw(now));
  }
  looking = lines.size ? setTimeout(look, LOOK_MILLISECONDS) : 0;
}

function replace(line, next) {
  lines.delete(line);
  const focused = line.contains(document.activeElement);
  if (line.querySelector("[aria-current]")) next.querySelector("a").setAttribute("aria-current", "true");
  line.replaceWith(next);
  if (focused) next.querySelector("a").focus();
}

function takeOut(line) {
  lines.delete(line);
  const day = line.closest("[data-day]");
  line.remove();
  if (day && !day.querySelector("li")) day.remove();
}
