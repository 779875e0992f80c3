// What is being written, and what could not be handed over yet: kept in the browser, encrypted like sound that is unsent.
// In the open lie only when it was begun and whether it is done.

import { agree, agreedKey } from "./away.js";
import { toBytes, toText } from "./base64.js";
import { hold } from "./hold.js";
import { withOffset } from "./times.js";

export const PAUSE_MILLISECONDS = 800; // of typing, after which it is kept

const PREFIX = "outbreath draft ";
const LOCK = "outbreath drafts";

export class Draft {
  // One that is begun now. `key` and `half` come with the first words.
  constructor({ name = PREFIX + crypto.randomUUID(), begun = withOffset(new Date()), half = null, key = null } = {}) {
    Object.assign(this, { name, begun, half, key });
    this.working = Promise.resolve();
    this.held = null;
  }

  // From now on no other tab goes on with it. False when another one does.
  take() {
    this.held ??= hold(this.name);
    return this.held.taken;
  }

  release() {
    this.held?.release();
    this.held = null;
  }

  // Keeps words, in any form that JSON knows. False in a browser that never met the machine, or keeps nothing.
  keep(words, { done = false } = {}) {
    this.take();
    this.working = this.working.then(() => this.#keep(words, done)).catch(() => false);
    return this.working;
  }

  async drop() {
    await this.working;
    localStorage.removeItem(this.name);
    this.release();
  }

  async #keep(words, done) {
    if (!this.key) Object.assign(this, await agree());
    if (!this.key) return false;
    const nonce = crypto.getRandomValues(new Uint8Array(12));
    const sealed = await crypto.subtle.encrypt(this.#cipher(nonce), this.key, new TextEncoder().encode(JSON.stringify(words)));
    const { begun, half } = this;
    localStorage.setItem(this.name, JSON.stringify({ begun, half, done, nonce: toText(nonce), sealed: toText(new Uint8Array(sealed)) }));
    return true;
  }

  // The words of one that was found. Throws when the machine is out of reach.
  async open({ nonce, sealed }) {
    this.key ??= await agreedKey(this.half);
    const opened = await crypto.subtle.decrypt(this.#cipher(toBytes(nonce)), this.key, toBytes(sealed));
    return JSON.parse(new TextDecoder().decode(opened));
  }

  #cipher(iv) {
    return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(this.name) };
  }
}

// What was kept under a name, {draft, done, words()}; null if there is nothing.
export function find(name) {
  const there = localStorage.getItem(name);
  if (!there) return null;
  const { begun, half, done, ...content } = JSON.parse(there);
  const draft = new Draft({ name, begun, half });
  return { draft, done, words: () => draft.open(content) };
}

// All that were written and are no entries yet, the oldest first.
export function kept() {
  const all = Object.keys(localStorage).filter((name) => name.startsWith(PREFIX)).map(find);
  return all.sort((one, other) => (one.draft.begun < other.draft.begun ? -1 : 1));
}

// Only one page at a time hands over what is done.
export const alone = (act) => navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => lock && act());
