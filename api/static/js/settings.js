// The settings of the page. Each is kept as soon as it is chosen.

import { address, ask, get } from "./http.js";
import * as lock from "./lock.js";
import { locale, settings as messages, practise } from "./messages.js";
import { attempt, byId, make, showFault } from "./page.js";

const SELECTS = ["voice", "bed", "language", "lock_after_minutes"];
const MINUTES = [1, 2, 5, 10, 15, 30, 60];
const UNSET = ""; // stands for null in a list

const sample = new Audio();
const languages = new Intl.DisplayNames([locale], { type: "language" });
const NAMED = {
  voice: (name) => (name === "own" ? messages.ownVoice : name.replace(/^./, (letter) => letter.toUpperCase())),
  bed: (name) => (name === null ? messages.ownBed : (practise.beds[name] ?? name)),
  language: (code) => (code === null ? messages.anyLanguage : languages.of(code)),
  lock_after_minutes: (count) => messages.untouched({ count }),
};
let shown = {}; // by name, as the server has them
let changing = "set"; // or "remove": what the form of the passcode is open for

export async function open() {
  closeForm();
  for (const id of ["settings-state", "passcode-said"]) byId(id).textContent = "";
  const [settings, state] = await Promise.all([get("/settings"), get("/lock")]);
  lock.take(state);
  show(settings);
  showPasscode(state);
}

export function leave() {
  sample.pause();
  closeForm();
}

function show({ settings, this_machine: here }) {
  shown = Object.fromEntries(settings.map((each) => [each.name, each]));
  for (const name of SELECTS) fill(shown[name]);
  const { value, fixed } = shown.guidance;
  for (const radio of byId("setting-guidance").querySelectorAll("input")) radio.checked = radio.value === value;
  byId("setting-guidance").disabled = fixed;
  for (const name of Object.keys(shown)) hint(shown[name]);
  byId("settings-phones").hidden = !here;
}

function fill({ name, value, choices, fixed }) {
  const select = byId(`setting-${name}`);
  let offered = choices ?? [...new Set([...MINUTES, value])].sort((one, other) => one - other);
  const named = (each) => NAMED[name](each);
  if (name === "language") offered = offered.toSorted((one, other) => (one === null ? -1 : other === null ? 1 : named(one).localeCompare(named(other))));
  select.replaceChildren(...offered.map((each) => make("option", { value: each ?? UNSET, selected: each === value }, named(each))));
  select.disabled = fixed;
}

function hint({ name, source, fixed, value }) {
  const said = fixed ? fixedBy(name, source) : name === "language" && value !== "en" ? messages.tagsInEnglish : "";
  byId(`setting-${name}-hint`).textContent = said;
  byId(`setting-${name}-hint`).hidden = !said;
}

const fixedBy = (name, source) =>
  source === "environment" ? messages.fixedByEnvironment({ variable: `OUTBREATH_${name.toUpperCase()}` }) : messages.fixedByFlag;

async function change(name, value) {
  const locks = name === "lock_after_minutes";
  const said = byId(locks ? "passcode-said" : "settings-state"); // where it was changed
  said.textContent = "";
  try {
    show(await ask("PATCH", "/settings", { body: { [name]: value } }));
    if (locks) lock.take(await get("/lock"));
    said.textContent = locks ? messages.keptAtOnce : messages.kept;
    document.dispatchEvent(new Event("settings-changed"));
  } catch (fault) {
    show(await get("/settings"));
    throw fault;
  }
}

// --- A voice ---------------------------------------------------------------------------------------------------------

async function hear() {
  if (!sample.paused) {
    sample.pause();
    return;
  }
  const path = `/voices/${byId("setting-voice").value}/sample`;
  byId("voice-sample").textContent = messages.moment;
  sample.src = address(path);
  try {
    await sample.play();
  } catch (fault) {
    byId("voice-sample").textContent = messages.hear;
    if (fault.name !== "AbortError") await get(path); // says what is the matter
  }
}

sample.addEventListener("playing", () => (byId("voice-sample").textContent = messages.stop));
for (const end of ["pause", "ended"]) sample.addEventListener(end, () => (byId("voice-sample").textContent = messages.hear));

// --- The passcode ----------------------------------------------------------------------------------------------------

function showPasscode({ passcode }) {
  byId("passcode-state").textContent = passcode ? messages.locks : messages.neverLocks;
  byId("passcode-set").textContent = passcode ? messages.changePasscode : messages.setPasscode;
  for (const id of ["lock-after", "passcode-remove", "lock-at-once"]) byId(id).hidden = !passcode;
  byId("passcode-current-line").hidden = !passcode;
  byId("passcode-current").required = passcode;
}

function openForm(what) {
  changing = what;
  const sets = what === "set";
  byId("passcode-form").hidden = false;
  byId("passcode-actions").hidden = true;
  byId("passcode-new-lines").hidden = !sets;
  for (const id of ["passcode-new", "passcode-again"]) byId(id).required = sets;
  byId("passcode-keep").textContent = sets ? messages.keepPasscode : messages.removePasscode;
  byId(byId("passcode-current-line").hidden ? "passcode-new" : "passcode-current").focus();
}

function closeForm() {
  byId("passcode-form").reset();
  byId("passcode-form").hidden = true;
  byId("passcode-actions").hidden = false;
  byId("passcode-fault").textContent = "";
}

async function keepPasscode(event) {
  event.preventDefault();
  const [current, passcode, again] = ["current", "new", "again"].map((name) => byId(`passcode-${name}`).value);
  byId("passcode-fault").textContent = "";
  if (changing === "set" && passcode !== again) {
    byId("passcode-fault").textContent = messages.notTheSame;
    byId("passcode-again").select();
    return;
  }
  try {
    const state = await ask("PUT", "/lock/passcode", { body: { passcode: changing === "set" ? passcode : null, current: current || null } });
    lock.take(state);
    closeForm();
    showPasscode(state);
    byId("passcode-set").focus();
    byId("passcode-said").textContent = state.passcode ? messages.passcodeKept : messages.passcodeGone;
  } catch (fault) {
    if (!fault.nextStep) throw fault;
    byId("passcode-fault").textContent = `${fault.message} ${fault.nextStep}`;
  }
}

for (const name of SELECTS) {
  const number = name === "lock_after_minutes";
  byId(`setting-${name}`).addEventListener("change", attempt(({ target: { value } }) => change(name, number ? Number(value) : value === UNSET ? null : value)));
}
byId("setting-guidance").addEventListener("change", attempt(({ target }) => change("guidance", target.value)));
byId("settings-form").addEventListener("submit", (event) => event.preventDefault());
byId("voice-sample").addEventListener("click", attempt(hear));
byId("passcode-set").addEventListener("click", () => openForm("set"));
byId("passcode-remove").addEventListener("click", () => openForm("remove"));
byId("lock-at-once").addEventListener("click", attempt(lock.lockNow));
byId("passcode-cancel").addEventListener("click", () => {
  closeForm();
  byId("passcode-set").focus();
});
byId("passcode-form").addEventListener("submit", (event) => keepPasscode(event).catch(showFault));
