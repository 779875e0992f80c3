// Speaking as it goes on: who has the word, what sounds when, and where the sound of the microphone goes.
//
// phase: idle, opening, asking (the question is said, nothing is heard), listening, filing, filed, found (left behind when
// the page went away, waits for the person), failed.

import { settled } from "./adding.js";
import { get } from "./http.js";
import { LiveEntry } from "./live.js";
import { Microphone, RATE_HZ } from "./microphone.js";
import { SpokenLines, tone } from "./tones.js";
import { leftBehind, release } from "./unsent.js";

const IN_BETWEEN = ["idle", "filed", "failed", "kept"];

export class Speaking {
  // `changed` is called after each change, `level` with the loudness, `heard` with words.
  constructor({ changed, level, heard }) {
    Object.assign(this, { changed, level, heard });
    this.microphone = null;
    this.turnNumber = 0; // of what is being said or begun; whoever was before that stops
    this.entryNumber = 0; // of the entry that is spoken; one that is handed over later tells nothing any more
    this.reset();
  }

  // As if nothing had been said; not while something is.
  reset(guide = null, prompts = []) {
    Object.assign(this, { guide, prompts, live: null, index: 0, count: 0 });
    Object.assign(this, { broken: false, safe: 0, timebox: null, filed: null, split: false, fault: null, closing: [] });
    this.lines = guide ? new SpokenLines(guide) : null;
    this.phase = "idle";
    this.entryNumber += 1;
  }

  get question() {
    return this.busy && this.phase !== "filing" && this.prompts[this.index];
  }

  get busy() {
    return !IN_BETWEEN.includes(this.phase);
  }

  // --- What the person does ----------------------------------------------------------------------------------------

  // Throws NoMicrophone when nothing can be heard; then there is no entry either.
  async begin() {
    this.reset(this.guide, this.prompts);
    if (!(await this.#openMicrophone("idle"))) return;
    this.live = new LiveEntry({ guide: this.guide, told: this.#told() });
    this.live.connect();
    // With a guide the first question is said before; without one, what is said from now on is kept.
    if (!this.guide) this.#listen();
  }

  // Looks for what was left behind when a page went away, and hands it over. True when the person has to say what becomes
  // of the last one; never when it is done `quietly`, beside something else. Throws when the machine is out of reach.
  async find({ quietly = false } = {}) {
    const left = await leftBehind();
    try {
      const [last, ...others] = quietly ? [null, ...left] : left;
      for (const old of others) {
        (await LiveEntry.found({ ...old, ended: true }, NOBODY))?.connect();
        left.splice(left.indexOf(old), 1);
      }
      return Boolean(last) && (await this.#take(last));
    } catch (fault) {
      for (const { entry } of left) release(entry);
      throw fault;
    }
  }

  async #take(left) {
    const { guide, ended, saved } = left;
    const prompts = guide ? await get(`/sessions/${guide}`).then((session) => session.prompts, () => []) : [];
    this.reset(guide, prompts);
    const live = await LiveEntry.found(left, this.#told());
    if (!live) return false;
    this.live = live;
    this.index = live.outbox.indexAtEnd;
    this.#set({ phase: ended ? "filing" : "found", safe: left.half ? 0 : saved / RATE_HZ });
    live.connect();
    return true;
  }

  // The person goes on with what was left behind.
  async goOn() {
    if (!(await this.#openMicrophone("found"))) return;
    this.live.resting = false;
    if (this.guide) await this.#present(this.index);
    else this.#listen();
  }

  async turn(type) {
    const { microphone } = this;
    if (!microphone || !this.count) return;
    const to = type === "back" ? Math.max(0, this.index - 1) : this.index + 1;
    const last = to === this.count;
    if (!last) this.index = to;
    await microphone.hold();
    if (!last || type === "skip") this.live.turn(type, to);
    if (last) await this.done();
    else await this.#present(to, { afterwards: true });
  }

  async done() {
    if (!this.busy || this.phase === "filing") return;
    this.turnNumber += 1;
    this.lines?.stop();
    if (!this.live) return; // the microphone is not open yet, and will not be used
    this.#set({ phase: "filing" });
    await this.#closeMicrophone();
    const { live } = this;
    live.end();
    await live.flush();
    if (this.phase === "filing" && this.broken && !live.onlyHere) this.#set({ phase: "kept" });
  }

  // There is something that a fault kept from being sent.
  get unsent() {
    return this.phase === "failed" && Boolean(this.live?.outbox.pieces.length);
  }

  get saidSomething() {
    return this.safe > 0 || this.unsent;
  }

  again() {
    this.#set({ phase: "filing", fault: null });
    this.live.again();
  }

  // --- Whose turn it is --------------------------------------------------------------------------------------------

  // False when the person went away meanwhile.
  async #openMicrophone(before) {
    this.#set({ phase: "opening" });
    const { turnNumber } = this;
    try {
      this.microphone = await Microphone.open({
        heard: (samples) => this.live?.hear(samples),
        level: this.level,
        // A device that goes away ends the entry; what it heard is filed like any other.
        gone: () => this.microphone && this.done(),
      });
    } catch (fault) {
      this.#set({ phase: before });
      throw fault;
    }
    if (turnNumber === this.turnNumber) return true;
    await this.#closeMicrophone();
    this.#set({ phase: before });
    return false;
  }

  async #closeMicrophone() {
    const { microphone } = this;
    this.microphone = null;
    await microphone?.close();
  }

  // The question is said, then a soft tone, then the person is heard. Whoever asks for another one meanwhile gets that.
  async #present(index, { afterwards = false } = {}) {
    this.turnNumber += 1;
    const { turnNumber } = this;
    const current = () => turnNumber === this.turnNumber && this.microphone;
    this.lines.stop();
    this.lines.prepare(index);
    this.#set({ phase: "asking", index });
    await this.microphone.hold();
    if (afterwards && current()) await tone("next");
    if (current()) await this.lines.say(index);
    if (current()) await tone("listening");
    if (!current()) return;
    this.#listen({ sounded: true });
    this.lines.prepare(index + 1);
  }

  #listen({ sounded = false } = {}) {
    this.microphone.release();
    this.#set({ phase: "listening" });
    if (!sounded) tone("listening");
  }

  // --- What the server says ----------------------------------------------------------------------------------------

  #told() {
    let farewell = Promise.resolve();
    const { entryNumber } = this;
    const told = {
      prompt: ({ count }, moreToCome) => {
        this.#set({ count: this.prompts.some(Boolean) ? count : 0 });
        if (this.guide && this.phase === "opening" && this.microphone && !moreToCome) this.#present(0);
      },
      listening: (timebox) => this.#set({ broken: false, timebox }),
      safe: (safe) => this.#set({ safe }),
      words: (words) => this.heard(words),
      silence: () => this.microphone?.held === false && tone("listening"),
      broken: () => {
        this.#set({ broken: true });
        if (this.phase === "opening" && this.guide && this.microphone) this.#askUnheard();
      },
      closing: (lines) => {
        this.#set({ closing: lines, broken: false });
        const { count, lines: spoken } = this;
        farewell = tone("saved").then(() => lines.length && spoken?.say(count || 1));
      },
      filed: (entry, split) => {
        this.#closeMicrophone();
        this.#set({ phase: "filed", filed: entry, split, broken: false });
        settled(entry.id).then((last) => last && this.filed === entry && this.#set({ filed: last }));
        farewell.then(() => this.phase === "filed" && tone("finished"));
      },
      fault: (fault) => {
        this.turnNumber += 1;
        this.lines?.stop();
        this.#closeMicrophone();
        this.#set({ phase: "failed", fault, broken: false });
      },
    };
    const heeded = (tell) => (...news) => entryNumber === this.entryNumber && tell(...news);
    return Object.fromEntries(Object.entries(told).map(([kind, tell]) => [kind, heeded(tell)]));
  }

  // The machine is out of reach: the questions are known, and are read.
  #askUnheard() {
    this.#set({ count: this.prompts.some(Boolean) ? this.prompts.length : 0 });
    if (this.count) this.#present(0);
    else this.#listen();
  }

  #set(changes) {
    Object.assign(this, changes);
    this.changed();
  }
}

const NOTHING = () => {};
const NOBODY = Object.fromEntries(
  ["prompt", "listening", "safe", "words", "silence", "broken", "closing", "filed", "fault"].map((kind) => [kind, NOTHING]),
);
