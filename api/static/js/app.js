// Which screen is shown, and the first one.

import { meet } from "./away.js";
import { Circle } from "./circle.js";
import * as entry from "./entry.js";
import { ask, get, isOutOfReach } from "./http.js";
import * as journal from "./journal.js";
import * as lock from "./lock.js";
import { page as said, pair as pairing, screens as words, today as sentences } from "./messages.js";
import { attempt, byId, hideFault, make, sentenceOf, showFault } from "./page.js";
import * as player from "./player.js";
import * as practise from "./practise.js";
import * as settings from "./settings.js";
import * as speak from "./speak.js";
import * as undo from "./undo.js";
import * as write from "./write.js";

const MORNING = { slug: "morning-arrival", minutes: 10 };
const MORNING_ENDS_AT_HOUR = 12;
const LATEST = 3;

let shown = null;
let atOnce = false; // the circle on the first screen begins to listen, not only opens the screen

function show(name, title) {
  if (shown === "speak" && name !== "speak") speak.leave();
  if (name !== "player") player.leave(); // also what was begun and has not been shown yet
  if (shown === "settings" && name !== "settings") settings.leave();
  if (name !== "journal") entry.close();
  shown = name;
  for (const screen of document.querySelectorAll(".screen")) screen.hidden = screen.id !== name;
  document.title = title ? said.titled({ title }) : said.title;
  const room = { session: "practise", player: "practise", write: "speak" }[name] ?? name;
  for (const link of document.querySelectorAll(".top a")) {
    if (link.hash === (room === "today" ? "#/" : `#/${room}`)) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

const SCREENS = {
  "": today,
  practise: async (slug) => {
    if (!slug) {
      show("practise", words.practise);
      return practise.open();
    }
    await practise.openSession(slug);
    return location.hash === `#/practise/${slug}` && show("session", byId("session-title").textContent);
  },
  speak: (slug) => {
    show("speak", words.speak);
    const listenNow = atOnce;
    atOnce = false;
    return speak.open({ slug, listenNow });
  },
  write: (slug) => {
    show("write", words.write);
    return write.open(slug);
  },
  play: () => (player.playing() ? show("player", words.playing) : (location.hash = "#/practise")),
  journal: openJournal,
  settings: () => {
    show("settings", words.settings);
    return settings.open();
  },
};

// Without what was asked for these screens would be empty; the others have a sentence of their own, or can do without.
const needs = (name, [detail]) => ["practise", "write", "settings"].includes(name) || (name === "journal" && detail && byId("entry").hidden);

// What trying again wouldn't bring, and where the way leads on from there.
const GONE = {
  unknown_entry: [words.gone, words.journal, "#/journal"],
  unknown_session: [words.noSession, words.practise, "#/practise"],
  not_paired: [null, pairing.title, "/pair"], // an installed page has no address line to type that into
};

function fail(fault, again) {
  show("failed", words.failed);
  byId("failed-title").textContent = words.failed;
  const [sentence, act, way] = GONE[fault.code] ?? [null, words.again, null];
  byId("failed-said").textContent = sentence ?? sentenceOf(fault);
  byId("failed-again").textContent = act;
  byId("failed-again").onclick = way ? () => location.replace(way) : again;
}

let openedId = null;
let listScroll = 0; // how far down the list was when an entry was opened from it

// `at` and `act`: a moment of the recording, and whether it is heard at once.
async function openJournal(id = null, at = null, act = "") {
  const before = shown === "journal" ? openedId : null;
  if (shown === "journal" && id && !before) listScroll = scrollY;
  const list = shown !== "journal" || !journal.isThere();
  show("journal", words.journal);
  openedId = id;
  byId("journal").classList.toggle("open", Boolean(id));
  if (!id) entry.close();
  // Whoever loads the page again, or comes back to it, is not spoken to a second time.
  if (act === "hear") history.replaceState(null, "", `#/journal/${id}/${at}`);
  const moment = at === null || Number.isNaN(Number(at)) ? null : Number(at);
  if (id && moment === null && !before) scrollTo(0, 0);
  await Promise.all([list ? journal.open() : null, id ? entry.open(id, { at: moment, hear: act === "hear" }) : null]);
  journal.mark(id);
  if (before && !id) scrollTo(0, listScroll);
  return id ? byId("entry-title") : before && journal.linkOf(before);
}

let going = 0; // what comes late for a screen that was left moves nothing any more

async function go() {
  const number = ++going;
  hideFault();
  if (lock.isShut()) {
    show("none", "");
    lock.cover();
    return;
  }
  const [, name = "", ...details] = location.hash.split("/");
  const first = shown === null;
  let place = null; // where the new screen is read from, if not at its top
  try {
    place = await (SCREENS[name] ?? today)(...details);
  } catch (fault) {
    if (number !== going) return;
    if (fault.code === "journal_locked") show("locked", words.locked);
    else if (fault.code !== "page_locked" && (fault.code in GONE || needs(name, details))) fail(fault, go);
    else if (fault.code !== "page_locked") showFault(fault); // that shows by itself
  }
  if (number !== going) return;
  // A screen reader begins where the new screen does; the first one begins at the top by itself.
  const busy = ["TEXTAREA", "INPUT"].includes(document.activeElement?.tagName) || byId("undo").contains(document.activeElement);
  if (!first && !busy) (place instanceof HTMLElement ? place : byId("main")).focus({ preventScroll: true });
}

async function today() {
  const hour = new Date().getHours();
  const morning = hour >= 4 && hour < MORNING_ENDS_AT_HOUR;
  show("today", "");
  new Circle(byId("today-act")).rest(true);
  byId("today-act").classList.toggle("listening", !morning);
  byId("greeting").textContent = hour < 4 ? sentences.night : morning ? sentences.morning : hour < 18 ? sentences.afternoon : sentences.evening;
  byId("today-act-name").textContent = morning ? sentences.tenMinutes : words.speak;
  byId("today-act-line").textContent = morning ? sentences.tenMinutesOf : sentences.speakAnd;
  byId("today-act").onclick = attempt(morning ? () => player.play(MORNING) : listen);
  byId("today-alternatives").replaceChildren(
    morning ? make("a", { href: "#/speak", onclick: listen }, words.speak) : make("a", { href: `#/practise/${MORNING.slug}` }, sentences.tenMinutes),
    make("a", { href: "#/practise/coherent-breathing" }, sentences.breathe),
  );
  await showLatest();
}

async function showLatest() {
  const { entries, away } = await get("/entries", { limit: LATEST + 1 }).catch((fault) => {
    if (!isOutOfReach(fault)) throw fault;
    return { entries: [], away: true };
  });
  const latest = entries.filter(({ id }) => !undo.leaving(id)).slice(0, LATEST);
  byId("today-note").textContent = away ? sentences.away : latest.length ? "" : sentences.first;
  byId("today-note").hidden = !byId("today-note").textContent;
  byId("today-entries").hidden = !latest.length;
  byId("today-list").replaceChildren(...latest.map((each) => journal.entryLine(each, { withDay: true })));
}

function listen() {
  atOnce = true;
  location.hash = "#/speak";
}

async function unlock(event) {
  await ask("POST", "/unlock", { body: { passphrase: byId("passphrase").value } });
  event.target.reset();
  await start();
}

byId("unlock").addEventListener("submit", attempt(unlock));
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  byId("main").focus();
});
practise.onBegin(player.play);
window.addEventListener("hashchange", go);

// Speaking and sessions go on when the page locks; only where one can go from there is locked.
const goesOn = () => (shown === "speak" && speak.busy()) || (shown === "player" && player.playing() && !byId("player-audio").ended);

let started = false;
lock.setUp({ stays: goesOn, opened: () => (started ? go() : start()) });

// What was being said when the page went away comes first, whatever screen was asked for.
async function start() {
  if (await lock.begin()) return;
  started = true;
  undo.finish().catch(() => {}); // tried again by the next page
  write.handOver();
  meet().catch(() => {}); // so that one can speak while the machine is out of reach
  const leftBehind = await speak.leftBehind().catch(() => false);
  if (leftBehind && !location.hash.startsWith("#/speak")) location.hash = "#/speak";
  else go();
}
start();

// Not before the page is there: what it keeps for later is not to hold up what is wanted now.
window.addEventListener("load", () => keepPage().catch(() => {}));

// The page, and what its first screens ask for: the worker keeps what it sees.
async function keepPage() {
  const workers = navigator.serviceWorker;
  await workers?.register("/service-worker.js");
  if (!workers?.controller) await new Promise((resolve) => workers?.addEventListener("controllerchange", resolve, { once: true }));
  await Promise.all([get("/sessions"), get("/health")]);
}
