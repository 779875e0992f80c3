// Keeps in the browser what the server does not have yet, also when the page is loaded again or the browser dies.
//
// The sound is encrypted with a key that the server gives for this entry, or that was agreed on with it while it was out
// of reach; it is never stored here. In the open lie only the entry's id, its guide, how much is safe, and the turns that
// were asked for.

import { agree, agreedKey, imported } from "./away.js";
import { hold } from "./hold.js";
import { get } from "./http.js";
import { withOffset } from "./times.js";

const NAME = "outbreath";
const ENTRIES = "entries";
const PIECES = "pieces";

const claims = new Map(); // what this page has: entry -> {taken, release}
let opened = null;

function database() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore(ENTRIES, { keyPath: "entry" });
      asked.result.createObjectStore(PIECES, { keyPath: ["entry", "start"] });
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  return opened;
}

// One transaction over both stores; resolves with what `act` asked for once all of it is on disk.
async function change(act, mode = "readwrite") {
  const transaction = (await database()).transaction([ENTRIES, PIECES], mode, { durability: "relaxed" });
  const asked = act(transaction.objectStore(ENTRIES), transaction.objectStore(PIECES));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(asked?.result);
    transaction.onabort = () => reject(transaction.error);
  });
}

// From below the first, for a range that holds nothing is none to a browser.
const piecesOf = (entry, before = []) => IDBKeyRange.bound([entry, -1], [entry, before], false, true);

// Entries that no page has and of which something may still be here, the latest first: [{entry, half, spokenAt, guide, saved,
// index, turns, ended}]. From now on this page has them.
export async function leftBehind() {
  const all = await change((entries) => entries.getAll(), "readonly").catch(() => []);
  const left = [];
  for (const each of all) {
    if (claims.has(each.entry)) continue;
    if (await claim(each.entry)) left.push(each);
    else release(each.entry);
  }
  return left.sort((one, other) => (one.entry < other.entry ? 1 : -1));
}

// As long as this page lives, or until it is released, no other one takes the entry for left behind. False when another
// one has it.
export function claim(entry) {
  if (!claims.has(entry)) claims.set(entry, hold(`outbreath ${entry}`));
  return claims.get(entry).taken;
}

export function release(entry) {
  claims.get(entry)?.release();
  claims.delete(entry);
}

export class Unsent {
  // `half`: of the key that was agreed on for an entry that the server knows nothing of.
  constructor(entry, { half = null, key = null, spokenAt = null } = {}) {
    Object.assign(this, { entry, half, key, spokenAt });
    // One after the other: a piece is never deleted before it was put. A browser that keeps nothing (private mode, full
    // disk) is no reason to stop: what is unsent is in the page as well.
    this.working = Promise.resolve();
  }

  // For what is said while the server is out of reach; null in a page that never met it.
  static async away() {
    const agreed = await agree();
    const now = new Date();
    return agreed && new Unsent(`away ${now.toISOString()} ${crypto.randomUUID()}`, { ...agreed, spokenAt: withOffset(now) });
  }

  // The key, asked for once; until it is there nothing is stored.
  async unlock() {
    if (this.key) return;
    this.key = this.half ? await agreedKey(this.half) : await imported((await get(`/entries/${this.entry}/unsent-key`)).key);
  }

  // Keeps how the entry stands, and sound [{start, samples}]; drops the pieces that begin before `first`, since each of
  // them is safe on the server.
  keep({ guide, saved, index, turns, ended }, pieces, first) {
    const { entry, half, spokenAt } = this;
    return this.#then(async () => {
      const sealed = await Promise.all(pieces.map((piece) => this.#seal(piece)));
      await change((entries, store) => {
        entries.put({ entry, half, spokenAt, guide, saved, index, turns, ended });
        store.delete(piecesOf(entry, first));
        for (const piece of sealed) store.put(piece);
      });
    });
  }

  dropAll() {
    return this.#then(() =>
      change((entries, pieces) => {
        entries.delete(this.entry);
        pieces.delete(piecesOf(this.entry));
      }),
    );
  }

  // The sound that is still here, in order.
  async sound() {
    await this.unlock();
    const sealed = await change((_, pieces) => pieces.getAll(piecesOf(this.entry)), "readonly");
    return Promise.all(sealed.map((piece) => this.#open(piece)));
  }

  async #seal({ start, samples }) {
    const nonce = crypto.getRandomValues(new Uint8Array(12));
    const sealed = await crypto.subtle.encrypt(this.#cipher(nonce, start), this.key, samples);
    return { entry: this.entry, start, nonce, sealed };
  }

  async #open({ start, nonce, sealed }) {
    return { start, samples: new Int16Array(await crypto.subtle.decrypt(this.#cipher(nonce, start), this.key, sealed)) };
  }

  #cipher(iv, start) {
    return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(`${this.entry} ${start}`) };
  }

  #then(work) {
    this.working = this.working.then(work).catch(() => {});
    return this.working;
  }
}
