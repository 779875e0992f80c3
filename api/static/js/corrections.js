// Changes to an entry that are begun and not filed yet. They wait in the page while the person is elsewhere in it and,
// encrypted, in the browser in case the page dies.

import { Draft, find } from "./drafts.js";

const PREFIX = "outbreath correction "; // and the entry's id

const waiting = new Map(); // by the entry's id
const drafts = new Map(); // by the entry's id, as long as anything is begun

export const any = () => waiting.size > 0;

export function keep(id, changes) {
  if (!drafts.has(id)) drafts.set(id, new Draft({ name: PREFIX + id }));
  drafts.get(id).keep(changes);
}

export function setAside(id, changes) {
  waiting.set(id, changes);
  keep(id, changes);
}

// What waits in this page; it waits no longer.
export function take(id) {
  const changes = waiting.get(id);
  waiting.delete(id);
  return changes;
}

// What a page that died has left; nothing if another tab goes on with it.
export async function left(id) {
  const found = drafts.has(id) ? null : find(PREFIX + id);
  if (!found || !(await found.draft.take())) return null;
  const changes = await found.words().catch(() => null);
  if (changes && !drafts.has(id)) drafts.set(id, found.draft);
  else found.draft.release();
  return changes;
}

export function drop(id) {
  waiting.delete(id);
  drafts.get(id)?.drop();
  drafts.delete(id);
}
