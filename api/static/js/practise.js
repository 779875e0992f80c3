// The library, and one session with its choices.

import { get } from "./http.js";
import { attempt, byId, make } from "./page.js";

const PARTS = { meditation: "Meditate", breathing: "Breathe", reflection: "Reflect" };
const BEDS = { none: "none", rain: "rain", ocean: "ocean", brown: "brown noise", drone: "drone" };

let session = null;
let choices = null; // beds, voices and what the settings say

export async function open() {
  const all = await get("/sessions");
  byId("library").replaceChildren(
    ...Object.entries(PARTS).flatMap(([kind, title]) => {
      const those = all.filter((each) => each.kind === kind);
      return those.length ? [make("h2", {}, title), make("ul", { class: "sessions" }, ...those.map(line))] : [];
    }),
  );
}

function line({ slug, title, minutes }) {
  const lengths = minutes.open ? "open" : `${minutes.default} min`;
  return make("li", {}, make("a", { href: `#/practise/${slug}` }, make("span", { class: "title" }, title), make("span", { class: "when" }, lengths)));
}

export async function openSession(slug) {
  [session, choices] = await Promise.all([get(`/sessions/${slug}`), choices ?? get("/health")]);
  if (session.kind === "reflection") {
    location.replace(`#/speak/${slug}`);
    return;
  }
  byId("session-title").textContent = session.title;
  // A script with faults can't be played; its author is told which line to mend.
  const faults = session.faults.map(({ line: number, problem, hint }) => `Line ${number}: ${problem}; ${hint}.`);
  byId("session-warnings").replaceChildren(...[...faults, ...session.warnings].map((each) => make("li", {}, each)));
  byId("session-choices").hidden = faults.length > 0;
  byId("session-basis").textContent = session.basis ? `Basis: ${session.basis}` : "";
  const slider = byId("minutes");
  Object.assign(slider, { min: Math.max(1, Math.ceil(session.minutes.min)), max: session.minutes.max });
  slider.value = session.minutes.default;
  showMinutes();
  const { guidance, voice } = choices.defaults;
  byId("session-choices").querySelector(`[name=guidance][value=${guidance}]`).checked = true;
  options("bed", choices.beds.map((bed) => [bed, BEDS[bed] ?? bed]), choices.defaults.bed ?? session.bed);
  options("voice", choices.voices.map((name) => [name, name[0].toUpperCase() + name.slice(1)]), voice);
}

function options(id, pairs, chosen) {
  const known = pairs.some(([value]) => value === chosen);
  const all = known ? pairs : [...pairs, [chosen, "own"]];
  byId(id).replaceChildren(...all.map(([value, shown]) => make("option", { value, selected: value === chosen }, shown)));
}

function showMinutes() {
  const minutes = byId("minutes").value;
  byId("minutes-shown").textContent = `${minutes} min`;
  byId("minutes").setAttribute("aria-valuetext", `${minutes} minutes`);
}

export function onBegin(play) {
  byId("session-choices").addEventListener("submit", attempt(() => {
    const { guidance } = byId("session-choices").elements;
    return play({ slug: session.slug, minutes: byId("minutes").value, guidance: guidance.value, bed: byId("bed").value, voice: byId("voice").value });
  }));
}

byId("minutes").addEventListener("input", showMinutes);
