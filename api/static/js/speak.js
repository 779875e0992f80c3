// The Speak screen: shows how speaking stands, and takes what the person presses.

import { onAdded, settled } from "./adding.js";
import { Circle } from "./circle.js";
import { get, isOutOfReach } from "./http.js";
import { speak as messages } from "./messages.js";
import { NoMicrophone, canListen } from "./microphone.js";
import { attempt, byId, make } from "./page.js";
import { Speaking } from "./speaking.js";
import { length } from "./times.js";
import * as words from "./words-so-far.js";

const FREE = "free";
const LOOK_AGAIN_MILLISECONDS = 10_000;
const KEYS = { " ": "next", Enter: "next", s: "skip", b: "back" };
const CONTROLS = "a, button, input, textarea, select, label, summary, audio, dialog";

const circle = new Circle(byId("speak-toggle"));
const speaking = new Speaking({
  changed: show,
  level: (loudness) => speaking.phase === "listening" && circle.open(0.25 + 0.75 * loudness),
  heard: words.add,
});
let title = messages.invitation;
let trouble = ""; // what keeps the person from speaking, such as a microphone that is not allowed
let loading = null; // slug of the reflection whose questions are not here yet; without them nobody begins
let unseen = false; // what was ended by leaving the screen has not been shown yet
let adding = null; // {sentence, kind, entry} of a recording that is handed over

export async function open({ slug = null, listenNow = false } = {}) {
  const toShow = unseen && !slug && !listenNow && ["filed", "failed", "kept"].includes(speaking.phase);
  unseen = false;
  if (speaking.busy || speaking.unsent || toShow) return;
  byId("speak-guides").open = false;
  trouble = canListen() ? "" : messages.cannotListen;
  adding = null;
  title = messages.invitation;
  speaking.reset(slug);
  loading = slug;
  show();
  if (slug) {
    try {
      const session = await get(`/sessions/${slug}`);
      if (loading !== slug) return; // another one was opened meanwhile
      title = session.title;
      speaking.reset(slug, session.prompts ?? []);
    } finally {
      if (loading === slug) loading = null;
      show();
    }
  }
  if (listenNow && canListen()) await begin();
}

// Leaving the screen while speaking ends the entry as the button would. What waits for a decision goes on waiting.
export function leave() {
  unseen = speaking.busy;
  if (speaking.phase !== "found") attempt(() => speaking.done())();
}

// What was begun is not done yet.
export const busy = () => speaking.busy;

// The reflections that ask; none of them is the one that only listens.
async function offerGuides() {
  if (!byId("speak-guides").open) return;
  const all = await get("/sessions");
  const asking = all.filter(({ kind, slug }) => kind === "reflection" && slug !== FREE);
  const links = asking.map(({ slug, title }) => make("a", { href: `#/speak/${slug}`, "aria-current": slug === speaking.guide && "true" }, title));
  if (speaking.guide) links.push(make("a", { href: "#/speak" }, messages.without));
  byId("speak-guide-list").replaceChildren(...links.map((link) => make("li", {}, link)));
}

// True when something was left behind, so that this screen is the one to show. As long as the machine is out of reach, it
// is looked for again, and handed over beside whatever the person does then.
export async function leftBehind({ quietly = false } = {}) {
  if (!canListen()) return false;
  try {
    return await speaking.find({ quietly });
  } catch (fault) {
    if (isOutOfReach(fault)) setTimeout(() => leftBehind({ quietly: true }).catch(() => {}), LOOK_AGAIN_MILLISECONDS);
    throw fault;
  }
}

async function begin() {
  words.clear();
  trouble = "";
  adding = null;
  await withMicrophone(() => speaking.begin());
}

async function withMicrophone(act) {
  try {
    // The keys for the questions work when no other control has them.
    if (speaking.guide) byId("main").focus({ preventScroll: true });
    await act();
  } catch (fault) {
    if (!(fault instanceof NoMicrophone)) throw fault;
    trouble = fault.message;
    show();
  }
}

// --- What is shown ---------------------------------------------------------------------------------------------------

function show() {
  const { phase, busy, broken, count, index, safe, timebox } = speaking;
  const heard = ["asking", "listening"].includes(phase);
  byId("speak-title").textContent = heading();
  showHow();
  showState();
  const act = { idle: "begin", filed: "begin", kept: "begin", found: "goOn", failed: speaking.unsent ? "again" : "begin" }[phase] ?? (heard ? "done" : "");
  byId("speak-toggle").dataset.act = act;
  byId("speak-act").textContent = messages.acts[act] ?? "";
  byId("speak-toggle").disabled = !act || !canListen() || loading !== null;
  byId("speak-toggle").setAttribute("aria-label", messages.actsAloud[act] ?? messages.wait);
  byId("speak-toggle").classList.toggle("listening", phase !== "asking");
  byId("speak-safe").textContent = messages.safe({ length: length(Math.floor(safe)) });
  byId("speak-safe").hidden = !(busy && safe >= 1);
  byId("speak-turns").hidden = !(heard && count > 1);
  byId("speak-back").hidden = index === 0;
  byId("speak-next").textContent = index + 1 < count ? messages.next : messages.finish;
  byId("speak-done").hidden = phase !== "found";
  byId("speak-alternatives").hidden = busy;
  byId("speak-guides").hidden = busy;
  byId("speak-write").href = speaking.guide ? `#/write/${speaking.guide}` : "#/write";
  words.offer(heard);
  circle.rest(phase !== "listening");
  circle.passed(busy && timebox ? safe / timebox : 0);
}

function heading() {
  if (speaking.phase === "filed" || adding?.entry) return messages.filed;
  if (speaking.phase === "kept") return messages.kept;
  if (speaking.phase === "found") return speaking.question || messages.wereSpeaking;
  if (speaking.phase === "filing") return speaking.closing.join(" ") || messages.states.opening;
  return speaking.question || (speaking.busy ? messages.invitation : title);
}

function showHow() {
  const how = byId("speak-how");
  const { closing, busy, prompts, phase } = speaking;
  const guided = prompts.some(Boolean) && (!busy || phase === "asking" || phase === "opening");
  const said = phase === "filed" ? closing.join(" ") : "";
  how.textContent = said || (guided ? messages.how : "");
  how.classList.toggle("spoken", Boolean(said));
  how.hidden = !how.textContent;
}

function showState() {
  const state = byId("speak-state");
  const [kind, ...said] = adding ? [adding.kind, ...ending(adding.entry, adding.sentence)] : sentences();
  if (state.textContent === said.map((each) => each.textContent ?? each).join("")) return; // else it would be read out again
  state.replaceChildren(...said);
  state.className = `state ${kind}`;
}

// The kind of state, and what is said of it.
function sentences() {
  const { phase, fault, broken, filed, split } = speaking;
  if (trouble) return ["needs", trouble];
  if (phase === "kept") return ["saved", messages.away];
  if (broken) return ["needs", messages.broken];
  if (phase === "filed") return ["saved", ...ending(filed), split ? ` ${messages.split}` : ""];
  if (phase === "failed") return ["needs", [fault.message, fault.nextStep, speaking.saidSomething && messages.saidIsKept].filter(Boolean).join(" ")];
  return ["", messages.states[phase] ?? ""];
}

function ending(entry, sentence = "") {
  if (!entry) return [sentence];
  const said = messages.endings[entry.state] ?? messages.ending;
  return [said, " ", make("a", { href: `#/journal/${entry.id}` }, entry.state === "ready" ? messages.read : messages.open)];
}

// --- What is pressed -------------------------------------------------------------------------------------------------

const PRESS = {
  begin,
  done: () => speaking.done(),
  goOn: () => withMicrophone(() => speaking.goOn()),
  again: () => speaking.again(),
};

function pressKey(event) {
  const type = KEYS[event.key];
  const elsewhere = event.target.closest?.(CONTROLS) || event.ctrlKey || event.metaKey || event.altKey || event.repeat;
  if (!type || elsewhere || byId("speak").hidden || !speaking.count) return;
  event.preventDefault();
  attempt(() => speaking.turn(type))();
}

byId("speak-toggle").addEventListener("click", attempt(() => PRESS[byId("speak-toggle").dataset.act]?.()));
byId("speak-guides").addEventListener("toggle", attempt(offerGuides));
byId("speak-done").addEventListener("click", attempt(() => speaking.done()));
for (const type of ["back", "skip", "next"]) byId(`speak-${type}`).addEventListener("click", attempt(() => speaking.turn(type)));
document.addEventListener("keydown", pressKey);
onAdded(
  () => speaking.guide,
  async (sentence, kind, entry = null) => {
    const shown = { sentence, kind, entry };
    adding = shown;
    show();
    if (!entry) return;
    const last = await settled(entry.id);
    if (adding !== shown || !last) return;
    adding = { ...shown, entry: last };
    show();
  },
);
window.addEventListener("pagehide", () => speaking.live?.flush());
window.addEventListener("beforeunload", (event) => {
  if (speaking.live?.onlyHere) event.preventDefault();
});
