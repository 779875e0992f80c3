// The lock of the page: asks for the passcode when nobody has touched it for a while. The server decides; this only keeps
// out of sight what has come before.

import { ask, get } from "./http.js";
import { lock as messages } from "./messages.js";
import { byId, hideFault } from "./page.js";
import * as words from "./words-so-far.js";

const TOLD_EVERY_MILLISECONDS = 10_000;
const LOOK_MILLISECONDS = 1000;
const PATIENCE_MILLISECONDS = 4000;
const AFTERGLOW_MILLISECONDS = 20_000; // so long what was just finished is seen, if nobody touches anything
const TOUCHES = ["pointerdown", "pointermove", "wheel", "keydown"];
const REMEMBERED = "outbreath locks"; // in the browser's storage: "yes" or nothing
const BESIDE = ["unseen", "fault"]; // stay where they are when the rest goes

const others = new BroadcastChannel("outbreath lock"); // the other tabs
let has = false; // a passcode
let locksAt = Infinity; // by the wall clock: others stand still while a phone sleeps
let toldAt = 0;
let shut = false;
let stayedUntil = 0;
let looking = null;
let stays = () => false;
let opened = () => {};
let title = "";

// `stays`: something is heard or recorded that the lock does not end; `opened` is called when the page may be shown.
export function setUp(told) {
  ({ stays, opened } = told);
}

export const isShut = () => shut;

// True when the page is locked from the start. Only where there was a passcode the last time is anything held up by that.
export async function begin() {
  const known = remembered();
  const locked = look();
  const now = known && (await Promise.race([locked, new Promise((done) => setTimeout(done, PATIENCE_MILLISECONDS, false))]));
  if (now) {
    shut = true;
    cover();
  } else {
    locked.then((late) => late && !shut && lock());
  }
  return shut;
}

// How the lock stands, as the server says it.
export function take({ passcode, locked, seconds_left: left }) {
  has = passcode;
  locksAt = left === null ? Infinity : Date.now() + 1000 * left;
  if (passcode !== remembered()) remember(passcode);
  return locked;
}

function remembered() {
  try {
    return localStorage.getItem(REMEMBERED) === "yes";
  } catch {
    return true; // storage that is switched off
  }
}

function remember(yes) {
  try {
    if (yes) localStorage.setItem(REMEMBERED, "yes");
    else localStorage.removeItem(REMEMBERED);
  } catch {
    // Then each page waits for the answer.
  }
}

// True when the server says that it is locked. One that does not answer has nothing to hide either.
function look() {
  looking ??= get("/lock").then(take, () => false).finally(() => (looking = null));
  return looking;
}

export async function lockNow() {
  await ask("POST", "/lock/close");
  others.postMessage("locked");
  lock();
}

// --- Touches ---------------------------------------------------------------------------------------------------------

function touched(event) {
  if (!has) return;
  if (shut) {
    if (!covered() && !stays() && event.type !== "pointermove") lock();
    return;
  }
  const now = Date.now();
  if (now >= locksAt) {
    if (event.type === "keydown" && !stays()) event.preventDefault();
    overdue();
  } else if (now - toldAt >= TOLD_EVERY_MILLISECONDS) {
    toldAt = now;
    ask("POST", "/lock/touch").then(take, () => {}); // that it is locked is told to all: see below
  }
}

function tick() {
  const now = Date.now();
  if (stays()) stayedUntil = now;
  if (shut && !covered() && now - stayedUntil > AFTERGLOW_MILLISECONDS) lock();
  else if (!shut && now >= locksAt) overdue();
}

// Nothing is seen while the server is asked: another tab may have been touched meanwhile.
async function overdue() {
  if (!stays()) cover();
  if (await look()) lock();
  else if (Date.now() >= locksAt) shut = true; // it doesn't answer, and the time is over
  else if (!shut) uncover();
}

// --- Locked ----------------------------------------------------------------------------------------------------------

function lock() {
  shut = true;
  document.body.classList.add("shut");
  words.clear();
  if (stays()) return;
  // A page that begins anew remembers nothing. One that holds words which are nowhere else is only covered.
  byId("entry-audio").pause();
  if (losesSomething()) cover();
  else location.reload();
}

function losesSomething() {
  const leaving = new Event("beforeunload", { cancelable: true });
  window.dispatchEvent(leaving);
  const typed = [...document.querySelectorAll("#write-answers textarea, #entry-tag")].some(({ value }) => value.trim());
  return leaving.defaultPrevented || typed || !byId("entry-edit-form").hidden;
}

const covered = () => document.body.classList.contains("covered");

export function cover() {
  if (covered()) return;
  hideFault();
  title = document.title;
  document.title = messages.title;
  document.body.classList.add("covered");
  for (const each of document.body.children) each.inert = each.id !== "lock" && !BESIDE.some((name) => each.matches(`.${name}, #${name}`));
  byId("lock").hidden = false;
  byId("lock-passcode").focus({ preventScroll: true });
}

function uncover() {
  byId("lock").hidden = true;
  byId("lock-form").reset();
  byId("lock-open").disabled = false;
  byId("lock-state").textContent = "";
  for (const each of document.body.children) each.inert = false;
  if (covered()) document.title = title;
  document.body.classList.remove("covered", "shut");
  shut = false;
}

async function open(event) {
  event.preventDefault();
  const field = byId("lock-passcode");
  if (byId("lock-open").disabled) return;
  byId("lock-open").disabled = true; // it is looked at slowly on purpose, and each look counts
  byId("lock-state").textContent = "";
  try {
    take(await ask("POST", "/lock/open", { body: { passcode: field.value } }));
    others.postMessage("opened");
    uncover();
  } catch (fault) {
    say(fault);
    field.select();
    return;
  }
  await opened();
}

// A wait is waited for; meanwhile nothing can be tried.
function say(fault) {
  const waits = fault.retryAfter ?? 0;
  byId("lock-state").textContent = waits ? waiting(waits) : [fault.message, fault.code === "wrong_passcode" ? "" : fault.nextStep].filter(Boolean).join(" ");
  byId("lock-open").disabled = waits > 0;
  if (!waits) return;
  setTimeout(() => {
    byId("lock-open").disabled = false;
    byId("lock-state").textContent = messages.again;
  }, 1000 * waits);
}

const waiting = (seconds) => (seconds < 90 ? messages.waitSeconds({ seconds }) : messages.waitMinutes({ minutes: Math.ceil(seconds / 60) }));

async function lookAgain() {
  if (!shut && Date.now() >= locksAt) await overdue();
  else if ((shut || covered()) && !(await look())) {
    uncover();
    await opened();
  }
}

byId("lock-form").addEventListener("submit", open);
byId("lock-now").addEventListener("click", cover);
for (const touch of TOUCHES) document.addEventListener(touch, touched, { capture: true, passive: touch !== "keydown" });
document.addEventListener("visibilitychange", () => !document.hidden && lookAgain());
window.addEventListener("pageshow", lookAgain);
window.addEventListener("focus", lookAgain);
// Any answer may say that it is locked: another passcode was set, or the server was started anew.
document.addEventListener("page-locked", () => (shut && covered()) || lock());
others.addEventListener("message", async ({ data }) => {
  if (data === "opened") lookAgain();
  else if (!shut && (await look())) lock();
});
setInterval(tick, LOOK_MILLISECONDS);
