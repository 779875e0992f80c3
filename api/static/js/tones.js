// What the page lets sound: the four soft tones (the same as in the terminal), and lines that are spoken.

import { address } from "./http.js";

const TONE_VOLUME = 0.5;
const LATEST_START_MILLISECONDS = 8000; // a line that does not begin by then is left out; its words are on the page

// listening, saved, next, finished. Resolves when it has sounded.
export function tone(name) {
  const sound = new Audio(`/tones/${name}.wav`);
  sound.volume = TONE_VOLUME;
  return sounded(sound);
}

// The spoken lines of a reflection: one before each question, and the closing words behind the last.
export class SpokenLines {
  constructor(slug) {
    this.slug = slug;
    this.sounds = new Map();
  }

  // Loads a line, so that it can also be said when the line to the server is broken.
  prepare(index) {
    if (this.sounds.has(index)) return;
    const sound = new Audio(address(`/sessions/${this.slug}/prompts/${index}/audio`));
    sound.preload = "auto";
    this.sounds.set(index, sound);
  }

  // Resolves when the line has been said, or was stopped.
  say(index) {
    this.stop();
    this.prepare(index);
    this.sounding = this.sounds.get(index);
    this.sounding.currentTime = 0;
    return sounded(this.sounding);
  }

  stop() {
    this.sounding?.pause();
  }
}

// Resolves when a sound is over, whatever ended it. A browser may refuse to sound before the first touch, and a server may
// be out of reach; the words on the page say it as well.
function sounded(sound) {
  return new Promise((resolve) => {
    const late = setTimeout(over, LATEST_START_MILLISECONDS);
    function over() {
      clearTimeout(late);
      for (const kind of ["ended", "error", "pause"]) sound.removeEventListener(kind, over);
      resolve();
    }
    sound.addEventListener("playing", () => clearTimeout(late), { once: true });
    for (const kind of ["ended", "error", "pause"]) sound.addEventListener(kind, over);
    sound.play().catch(over);
  });
}
