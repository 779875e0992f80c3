// Which screen is shown, and the first one.

import { Circle } from "./circle.js";
import * as entry from "./entry.js";
import { ask, get } from "./http.js";
import * as journal from "./journal.js";
import { attempt, byId, hideFault, make, showFault } from "./page.js";
import * as player from "./player.js";
import * as practise from "./practise.js";
import * as speak from "./speak.js";

const MORNING = { slug: "morning-arrival", minutes: 10 };
const MORNING_ENDS_AT_HOUR = 12;
const LATEST = 3;

let shown = null;
let atOnce = false; // the circle on the first screen begins to listen, not only opens the screen

function show(name, title) {
  if (shown === "speak" && name !== "speak") speak.leave();
  if (shown === "player" && name !== "player") player.leave();
  if (name !== "journal") entry.close();
  shown = name;
  for (const screen of document.querySelectorAll(".screen")) screen.hidden = screen.id !== name;
  document.title = title ? `${title} - Outbreath` : "Outbreath";
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
      show("practise", "Practise");
      return practise.open();
    }
    await practise.openSession(slug);
    return location.hash === `#/practise/${slug}` && show("session", byId("session-title").textContent);
  },
  speak: (slug) => {
    show("speak", "Speak");
    const listenNow = atOnce;
    atOnce = false;
    return speak.open({ slug, listenNow });
  },
  write: () => {
    show("write", "Write");
    byId("write-text").focus();
  },
  play: () => (player.playing() ? show("player", "Playing") : (location.hash = "#/practise")),
  journal: async (id) => {
    const list = shown !== "journal" || !id;
    show("journal", "Journal");
    byId("journal").classList.toggle("open", Boolean(id));
    byId("entry").hidden = !id;
    if (!id) entry.close();
    await Promise.all([list ? journal.open() : null, id ? entry.open(id) : null]);
    journal.mark(id);
    if (id) byId("entry-title").scrollIntoView({ block: "nearest" });
  },
};

async function go() {
  hideFault();
  const [, name = "", detail = null] = location.hash.split("/");
  const first = shown === null;
  try {
    await (SCREENS[name] ?? today)(detail);
  } catch (fault) {
    if (fault.code === "journal_locked") show("locked", "Locked");
    else showFault(fault);
  }
  // A screen reader begins where the new screen does; the first one begins at the top by itself.
  if (!first && !["TEXTAREA", "INPUT"].includes(document.activeElement?.tagName)) byId("main").focus({ preventScroll: true });
}

async function today() {
  const hour = new Date().getHours();
  const morning = hour >= 4 && hour < MORNING_ENDS_AT_HOUR;
  show("today", "");
  new Circle(byId("today-act")).rest(true);
  byId("today-act").classList.toggle("listening", !morning);
  byId("greeting").textContent = hour < 4 ? "Still up. Go gently." : morning ? "Good morning." : hour < 18 ? "Good afternoon." : "Good evening.";
  byId("today-act-name").textContent = morning ? "Ten minutes" : "Speak";
  byId("today-act-line").textContent = morning ? "Morning arrival" : "and it is filed";
  byId("today-act").onclick = attempt(morning ? () => player.play(MORNING) : listen);
  byId("today-alternatives").replaceChildren(
    morning ? make("a", { href: "#/speak", onclick: listen }, "Speak") : make("a", { href: `#/practise/${MORNING.slug}` }, "Ten minutes"),
    make("a", { href: "#/practise/coherent-breathing" }, "Breathe"),
  );
  const { entries } = await get("/entries", { limit: LATEST });
  byId("today-entries").hidden = !entries.length;
  byId("today-list").replaceChildren(...entries.map((each) => journal.entryLine(each, { withDay: true })));
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

// What was being said when the page went away comes first, whatever screen was asked for.
async function start() {
  const leftBehind = await speak.leftBehind().catch(() => false);
  if (leftBehind && !location.hash.startsWith("#/speak")) location.hash = "#/speak";
  else go();
}
start();
