// The Write screen: an entry that is typed, freely or along the questions of a reflection. What is typed is kept, encrypted,
// until it is filed; also while the machine is out of reach.

import { Draft, PAUSE_MILLISECONDS, alone, kept } from "./drafts.js";
import { ask, get, isOutOfReach } from "./http.js";
import { write as messages } from "./messages.js";
import { attempt, byId, make, say } from "./page.js";

const LOOK_AGAIN_MILLISECONDS = 10_000;

let guide = null;
let draft = new Draft();
let typing = 0;
let looking = 0;
let filing = false; // pressed twice, it is filed once

const fields = () => [...byId("write-answers").querySelectorAll("textarea")];
const answers = () => fields().map(({ value }) => value);
const something = (words) => words.some((each) => each.trim());

export async function open(slug = null) {
  if (slug !== guide || !fields().length) {
    const session = slug ? await get(`/sessions/${slug}`) : null;
    guide = slug;
    renew();
    byId("write-title").textContent = session?.title ?? messages.title;
    lay(session?.prompts.filter(Boolean).length ? session.prompts : [messages.words]);
  }
  byId("write-state").textContent = "";
  await restore();
  fields()[0].focus();
}

function lay(questions) {
  const rows = questions.length > 1 ? 4 : 9;
  byId("write-answers").replaceChildren(
    ...questions.flatMap((question, number) => [make("label", { for: `write-${number}` }, question), make("textarea", { id: `write-${number}`, rows })]),
  );
}

function renew() {
  draft.release();
  draft = new Draft();
}

// What was being written here when the page went away comes back, if nothing new is there.
async function restore() {
  const left = kept().filter(({ done, draft: { name } }) => !done && name !== draft.name);
  for (const each of left.reverse()) {
    if (!(await each.draft.take())) continue; // it is being written in another tab
    const words = await each.words().catch((fault) => isOutOfReach(fault) && "away");
    const fits = words?.guide === guide && words.answers?.length === fields().length;
    if (fits && !something(answers())) return goOn(each.draft, words);
    each.draft.release();
    if (something(answers())) return;
    if (words === "away") byId("write-state").textContent = messages.draftAway;
  }
}

function goOn(found, words) {
  draft = found;
  fields().forEach((field, number) => (field.value = words.answers[number]));
  byId("write-state").textContent = messages.draft;
}

function keep() {
  clearTimeout(typing);
  return something(answers()) ? draft.keep({ guide, answers: answers() }) : draft.drop();
}

async function file() {
  if (filing) return;
  const words = { guide, answers: answers() };
  if (!something(words.answers)) {
    fields()[0].focus();
    return;
  }
  keep();
  const filed = draft;
  const held = fields();
  filing = true;
  for (const field of held) field.readOnly = true; // what is typed now would be lost when they are emptied
  try {
    const entry = await send(words, null);
    await filed.drop();
    // Who has gone elsewhere meanwhile is not fetched back.
    if (!byId("write").hidden && filed === draft) location.hash = `#/journal/${entry.id}`;
    if (filed === draft) clear();
    say(messages.filed);
  } catch (fault) {
    if (!isOutOfReach(fault) || !(await filed.keep(words, { done: true }))) throw fault;
    if (filed === draft) clear();
    byId("write-state").textContent = messages.kept;
    lookAgain();
  } finally {
    filing = false;
    for (const field of held) field.readOnly = false;
  }
}

// Only the person's own words; the questions are the guide's.
function send({ guide: slug, answers: those }, begun) {
  const text = those.map((each) => each.trim()).filter(Boolean).join("\n\n");
  return ask("POST", "/entries", { body: { text, guide: slug ?? undefined, spoken_at: begun ?? undefined } });
}

function clear() {
  clearTimeout(typing);
  renew();
  for (const field of fields()) field.value = "";
}

// --- Handed over when the machine is back -----------------------------------------------------------------------------

export async function handOver() {
  clearTimeout(looking);
  if (!kept().some(({ done }) => done)) return;
  await alone(async () => {
    for (const each of kept().filter(({ done }) => done)) await handOverOne(each).catch(() => {}); // tried again
  });
  lookAgain();
}

async function handOverOne({ draft: old, words }) {
  const written = await words();
  await send(written, old.begun).catch((fault) => {
    if (fault.code !== "unknown_session") throw fault;
    return send({ ...written, guide: null }, old.begun); // its guide is gone meanwhile
  });
  await old.drop();
  byId("write-state").textContent = messages.filed;
}

function lookAgain() {
  clearTimeout(looking);
  if (kept().some(({ done }) => done)) looking = setTimeout(handOver, LOOK_AGAIN_MILLISECONDS);
}

byId("write-form").addEventListener("submit", attempt(file));
byId("write-form").addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(keep, PAUSE_MILLISECONDS);
});
window.addEventListener("pagehide", () => keep());
