// The breath in the hand, where a phone can: one long touch to breathe in, two short ones to breathe out.

import { byId } from "./page.js";
import { player as messages } from "./messages.js";

const WISH = "no vibration";
const PATTERNS_MILLISECONDS = { in: [120], out: [50, 120, 50], hold: [25], rest: [25] };

const button = byId("player-vibration");

const wished = () => localStorage.getItem(WISH) === null;

// Before a session: only one with paced breaths has something to tell.
export function offer(cues) {
  button.hidden = !navigator.vibrate || !cues.some(({ phase }) => phase);
  show();
}

export function phase(name) {
  if (wished()) navigator.vibrate?.(PATTERNS_MILLISECONDS[name] ?? 0);
}

function show() {
  button.textContent = wished() ? messages.noVibration : messages.vibration;
}

button.addEventListener("click", () => {
  if (wished()) localStorage.setItem(WISH, "yes");
  else localStorage.removeItem(WISH);
  navigator.vibrate?.(0);
  show();
});
