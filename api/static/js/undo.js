// Deleting, with a while to take it back. Until the while is over the entry is out of sight; only then is it deleted.
//
// Which ones are meant stays in the browser's storage meanwhile, as ids and nothing else, so that a page that goes away
// does not bring back what the person let go.

import { hold } from "./hold.js";
import { address, ask, isOutOfReach } from "./http.js";
import { entry as messages } from "./messages.js";
import { attempt, byId, say } from "./page.js";

const WHILE_MILLISECONDS = 12_000;
const LOOK_MILLISECONDS = 250;
const AGAIN_MILLISECONDS = 10_000;
const KEPT = "outbreath deleting";
const GONE_ALREADY = 404;

const place = byId("undo");
let pending = null; // {id, left, undone, release}
let clock = 0;
let again = 0;

export const leaving = (id) => pending?.id === id || kept().includes(id);

// `undone` is called when the person takes it back.
export async function letGo(id, undone) {
  await carryOut();
  pending = { id, left: WHILE_MILLISECONDS, undone, release: hold(lockOf(id)).release };
  keep([...kept(), id]);
  byId("undo-said").textContent = messages.deleted;
  place.hidden = false;
  byId("undo-act").focus({ preventScroll: true });
  say(messages.deleted);
  clearInterval(clock);
  clock = setInterval(tick, LOOK_MILLISECONDS);
}

// While the person is at it with keyboard or pointer, the time stands still.
function tick() {
  if (!pending) return;
  if (!place.matches(":hover") && !byId("undo-act").matches(":focus-visible")) pending.left -= LOOK_MILLISECONDS;
  if (pending.left <= 0) attempt(carryOut)();
}

function settle() {
  const done = pending;
  pending = null;
  clearInterval(clock);
  place.hidden = true;
  done?.release();
  return done;
}

async function carryOut() {
  const done = settle();
  if (done) await remove(done.id).catch(later);
}

// What is out of reach is deleted when it is there again, and out of sight until then.
function later(fault) {
  if (!isOutOfReach(fault)) throw fault;
  clearTimeout(again);
  again = setTimeout(() => finish().catch(() => {}), AGAIN_MILLISECONDS);
}

async function remove(id) {
  await ask("DELETE", `/entries/${id}`).catch((fault) => {
    if (fault.status !== GONE_ALREADY) throw fault;
  });
  keep(kept().filter((each) => each !== id));
}

function takeBack() {
  const done = settle();
  if (!done) return;
  keep(kept().filter((each) => each !== done.id));
  say(messages.undone);
  done.undone();
}

// What an earlier page could not finish. Another tab may be waiting still: it holds what it waits for.
export async function finish() {
  for (const id of kept()) {
    await navigator.locks.request(lockOf(id), { ifAvailable: true }, (free) => free && remove(id).catch(later));
  }
}

const lockOf = (id) => `outbreath deleting ${id}`;

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "[]");
  } catch {
    return []; // storage that is switched off
  }
}

function keep(ids) {
  try {
    if (ids.length) localStorage.setItem(KEPT, JSON.stringify(ids));
    else localStorage.removeItem(KEPT);
  } catch {
    // Then it is deleted when the page goes away, or not at all if the page is killed.
  }
}

byId("undo-act").addEventListener("click", takeBack);
window.addEventListener("pagehide", () => {
  const done = settle();
  if (done) fetch(address(`/entries/${done.id}`), { method: "DELETE", keepalive: true });
});
