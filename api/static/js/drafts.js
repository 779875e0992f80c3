// What is being written, and what could not be handed over yet: kept in the browser, encrypted like sound that is unsent.
// In the open lie only when it was begun and whether it is done.

import { agree, agreedKey } from "./away.js";
import { toBytes, toText } from "./base64.js";
import { withOffset } from "./times.js";

const PREFIX = "outbreath draft ";
const LOCK = "outbreath drafts";

export class Draft {
  // One that is begun now. `key` and `half` come with the first words.
  constructor({ name = PREFIX + crypto.randomUUID(), begun = withOffset(new Date()), half = null, key = null } = {}) {
    Object.assign(this, { name, begun, half, key });
    this.working = Promise.resolve();
  }

  // Keeps words {guide, answers}. False in a browser that never met the machine, or keeps nothing.
  keep(words, { done = false } = {}) {
    this.working = this.working.then(() => this.#keep(words, done)).catch(() => false);
    return this.working;
  }

  async drop() {
    await this.working;
    localStorage.removeItem(this.name);
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

// All that were kept: [{draft, done, words()}], the oldest first.
export function kept() {
  const names = Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));
  const all = names.map((name) => {
    const { begun, half, done, ...content } = JSON.parse(localStorage.getItem(name));
    const draft = new Draft({ name, begun, half });
    return { draft, done, words: () => draft.open(content) };
  });
  return all.sort((one, other) => (one.draft.begun < other.draft.begun ? -1 : 1));
}

// Only one page at a time hands over what is done.
export const alone = (act) => navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => lock && act());
