// The library, and one session with its choices.

import { get } from "./http.js";
import * as kept from "./kept-sessions.js";
import { practise as messages, units } from "./messages.js";
import { attempt, byId, make } from "./page.js";

let session = null;
let begin = null; // plays a session
let choices = null; // beds, voices and what the settings say

export async function open() {
  const all = await get("/sessions");
  byId("library").replaceChildren(
    ...Object.entries(messages.parts).flatMap(([kind, title]) => {
      const ofKind = all.filter((each) => each.kind === kind);
      const lines = ofKind.map((each) => line(each, kept.of(each.slug).length > 0));
      return lines.length ? [make("h2", {}, title), make("ul", { class: "sessions" }, ...lines)] : [];
    }),
  );
}

function line({ slug, title, minutes }, isKept) {
  const lengths = minutes.open ? messages.open : units.minutes({ minutes: minutes.default });
  return make("li", {}, make("a", { href: `#/practise/${slug}` }, make("span", { class: "title" }, title), make("span", { class: "when" }, isKept ? messages.lengthKept({ length: lengths }) : lengths)));
}

export async function openSession(slug) {
  [session, choices] = await Promise.all([get(`/sessions/${slug}`), choices ?? get("/health")]);
  if (session.kind === "reflection") {
    location.replace(`#/speak/${slug}`);
    return;
  }
  byId("session-title").textContent = session.title;
  // A script with faults can't be played; its author is told which line to mend.
  const faults = session.faults.map(({ line: number, problem, hint }) => messages.faulty({ line: number, problem, hint }));
  byId("session-warnings").replaceChildren(...[...faults, ...session.warnings].map((each) => make("li", {}, each)));
  byId("session-choices").hidden = faults.length > 0;
  byId("session-basis").textContent = session.basis ? messages.basis({ basis: session.basis }) : "";
  const slider = byId("minutes");
  Object.assign(slider, { min: Math.max(1, Math.ceil(session.minutes.min)), max: session.minutes.max });
  slider.value = session.minutes.default;
  showMinutes();
  const { guidance, voice } = choices.defaults;
  byId("session-choices").querySelector(`[name=guidance][value=${guidance}]`).checked = true;
  options("bed", choices.beds.map((bed) => [bed, messages.beds[bed] ?? bed]), choices.defaults.bed ?? session.bed);
  options("voice", choices.voices.map((name) => [name, named(name)]), voice);
  byId("keep-state").textContent = "";
  await kept.look().catch(() => {});
  showKept();
}

const named = (voice) => voice[0].toUpperCase() + voice.slice(1);

function options(id, pairs, chosen) {
  const known = pairs.some(([value]) => value === chosen);
  const all = known ? pairs : [...pairs, [chosen, messages.ownVoice]];
  byId(id).replaceChildren(...all.map(([value, shown]) => make("option", { value, selected: value === chosen }, shown)));
}

function showMinutes() {
  const minutes = Number(byId("minutes").value);
  byId("minutes-shown").textContent = units.minutes({ minutes });
  byId("minutes").setAttribute("aria-valuetext", units.spelled({ count: minutes }));
}

const chosen = () => ({
  slug: session.slug,
  minutes: byId("minutes").value,
  guidance: byId("session-choices").elements.guidance.value,
  bed: byId("bed").value,
  voice: byId("voice").value,
});

export function onBegin(play) {
  begin = play;
  byId("session-choices").addEventListener("submit", attempt(() => play(chosen())));
}

// --- Kept for when the machine is out of reach ------------------------------------------------------------------------

function showKept() {
  const those = kept.of(session.slug);
  byId("keep").hidden = !kept.canKeep();
  byId("session-kept").hidden = !those.length;
  byId("session-kept-list").replaceChildren(...those.map(keptLine));
}

function keptLine(choice) {
  const name = messages.choice({ ...choice, guidance: messages.guidances[choice.guidance], bed: choice.bed === "none" ? messages.noBed : (messages.beds[choice.bed] ?? choice.bed), voice: named(choice.voice) });
  const play = make("button", { type: "button", class: "plain", onclick: attempt(() => begin(choice)) }, name);
  const remove = make("button", { type: "button", class: "plain", "aria-label": messages.removeKept({ name }), onclick: attempt(() => forget(choice)) }, messages.remove);
  return make("li", {}, play, remove);
}

async function forget(choice) {
  await kept.remove(choice);
  byId("keep-state").textContent = messages.removed;
  showKept();
}

async function keepChosen() {
  byId("keep").disabled = true;
  byId("keep-state").textContent = messages.beingKept;
  try {
    await kept.keep(chosen());
    byId("keep-state").textContent = messages.isKept;
  } catch (fault) {
    byId("keep-state").textContent = "";
    throw fault;
  } finally {
    byId("keep").disabled = false;
  }
  showKept();
}

byId("minutes").addEventListener("input", showMinutes);
byId("keep").addEventListener("click", attempt(keepChosen));
document.addEventListener("settings-changed", () => (choices = null));
