// Entries that are not spoken here: recordings that were made elsewhere.

import { ask, followEntry } from "./http.js";
import { speak as messages } from "./messages.js";
import { attempt, byId } from "./page.js";
import { withOffset } from "./times.js";

let unsent = null; // the form that the server does not have yet

// Hands over a recording; `shown` is told what to say meanwhile: (sentence, kind, entry).
async function add(filled, shown) {
  unsent = filled;
  byId("speak-unsent").hidden = true;
  shown(messages.states.filing, "");
  let entry;
  try {
    entry = await ask("POST", "/entries", { body: filled });
  } catch (fault) {
    shown(messages.notFiled({ why: [fault.message, fault.nextStep].filter(Boolean).join(" ") }), "needs");
    offerCopy(filled.get("audio"));
    return;
  }
  unsent = null;
  shown("", "saved", entry);
}

function offerCopy(sound) {
  byId("speak-unsent").hidden = false;
  const copy = byId("speak-copy");
  URL.revokeObjectURL(copy.href);
  copy.href = URL.createObjectURL(sound);
  copy.download = sound.name;
}

// Resolves with the entry when nothing more happens to it by itself, or with null.
export const settled = (id) => followEntry(id, () => {}).catch(() => null);

export function onAdded(guide, shown) {
  byId("speak-file").addEventListener("change", attempt(async (event) => {
    const [sound] = event.target.files;
    if (!sound) return;
    const made = new FormData();
    if (guide()) made.append("guide", guide());
    if (sound.lastModified) made.append("spoken_at", withOffset(new Date(sound.lastModified)));
    // Last, so that all else is known when the sound begins to arrive.
    made.append("audio", sound, sound.name);
    event.target.value = "";
    await add(made, shown);
  }));
  byId("speak-again").addEventListener("click", attempt(() => add(unsent, shown)));
}

window.addEventListener("beforeunload", (event) => {
  if (unsent) event.preventDefault();
});
