// The words that have been understood by now, behind a toggle that stays as the person left it.

import { entry as entryMessages, speak as messages } from "./messages.js";
import { byId, make } from "./page.js";

const SHOWN = "outbreath words shown"; // in the browser's storage: "yes" or nothing; never a word

const place = byId("speak-words");
const toggle = byId("speak-words-toggle");

export function add(words) {
  for (const { text, uncertain } of words) {
    place.append(make("span", { class: uncertain ? "unsure" : null, title: uncertain ? entryMessages.unsure : null }, text), " ");
  }
  place.scrollTop = place.scrollHeight;
}

export const clear = () => place.replaceChildren();

// Whether there is something to show at present.
export function offer(offered) {
  toggle.hidden = !offered;
  place.hidden = !offered || !shown();
  toggle.textContent = shown() ? messages.hideWords : messages.showWords;
  toggle.setAttribute("aria-expanded", String(shown()));
}

function shown() {
  try {
    return localStorage.getItem(SHOWN) === "yes";
  } catch {
    return false; // storage that is switched off
  }
}

toggle.addEventListener("click", () => {
  try {
    if (shown()) localStorage.removeItem(SHOWN);
    else localStorage.setItem(SHOWN, "yes");
  } catch {
    return;
  }
  offer(true);
});
