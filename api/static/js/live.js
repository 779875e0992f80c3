// An entry that is being spoken: hands sound over to the server, however often the line breaks, and tells what comes back.

import { get } from "./http.js";
import { Line } from "./line.js";
import { speak as messages } from "./messages.js";
import { RATE_HZ } from "./microphone.js";
import { Outbox } from "./outbox.js";
import { Unsent, claim } from "./unsent.js";

const FRAME_SAMPLES = 1600; // a tenth of a second at once; fewer would only be more work for both sides
const NEXT_TO_NOTHING_SAMPLES = RATE_HZ / 20;
const OVER = ["not_ready", "unknown_entry"];
const ELSEWHERE = { code: "taken_over", message: messages.elsewhere, nextStep: "" };

export class LiveEntry {
  // `told` has a function for each thing that happens: prompt, listening, safe, words, silence, closing, filed, broken,
  // fault.
  constructor({ guide = null, told, outbox = new Outbox(), unsent = null, ended = false, resting = false }) {
    Object.assign(this, { guide, told, outbox, unsent, ended, resting });
    this.spokenAt = null; // when it was begun, if that was before the server could be reached
    this.away = null; // keeps what is said as long as the server has given no key
    this.before = []; // what is kept of entries that this one goes on for
    this.secondsBefore = 0;
    this.line = new Line({
      query: () => this.#query(),
      came: (event) => this.#take(event),
      broke: () => this.#broke(),
      takenOver: () => this.#fail(ELSEWHERE),
      owes: () => !this.endSent && (!this.ready || this.cursor - this.outbox.begin > RATE_HZ / 2),
    });
    this.#startAnew();
  }

  // One that was left behind when the page went away: {entry, half, guide, saved, index, turns, ended}. Null if it was kept
  // for another journal, whose key opens it, and this one's does not. Throws when the machine is out of reach.
  static async found({ entry, half, spokenAt, guide, saved, index, turns, ended }, told) {
    const unsent = new Unsent(entry, { half });
    await unsent.unlock();
    const pieces = await unsent.sound().catch(() => null);
    if (!pieces) return null;
    const outbox = new Outbox({ begin: saved, index, turns, pieces });
    if (!half) return new LiveEntry({ guide, told, outbox, unsent, ended, resting: true });
    if (!pieces.length) {
      unsent.dropAll();
      return null;
    }
    outbox.startAgain(saved);
    const live = new LiveEntry({ guide, told, outbox, ended, resting: true });
    live.before.push(unsent);
    live.spokenAt = spokenAt;
    return live;
  }

  // True while something was said that a page which goes away would lose.
  get onlyHere() {
    return this.outbox.pieces.length > 0 && !this.#keeper?.key;
  }

  hear(samples) {
    this.outbox.add(samples);
    if (this.outbox.end - this.cursor >= FRAME_SAMPLES) this.#send();
    this.#keep();
  }

  // The person asks for another question.
  turn(type, to) {
    this.outbox.turn(type, to);
    this.flush();
  }

  end() {
    this.ended = true;
    this.flush();
  }

  // Everything goes out, and is kept until it has arrived. Resolves when it is.
  flush() {
    this.#send();
    return this.#keep({ all: true });
  }

  // After a fault: what is left goes out, and the entry is done.
  again() {
    this.ended = true;
    this.connect();
  }

  connect() {
    this.line.open();
  }

  // For a new entry, or for one to go on with.
  #query() {
    this.cursor = this.outbox.begin;
    this.sentTurns = 0;
    this.ready = this.endSent = false;
    return this.unsent ? { entry: this.unsent.entry, saved: this.cursor / RATE_HZ } : { guide: this.guide, spoken_at: this.spokenAt };
  }

  // --- What comes --------------------------------------------------------------------------------------------------

  #take(event) {
    const take = {
      prompt: () => this.#prompted(event),
      listening: () => this.ready || this.#connected(event),
      saved: () => this.#saved(event.seconds),
      segment: () => this.#heard(event.words),
      silence: () => this.told.silence(),
      closing: () => this.told.closing(event.lines),
      ready: () => this.#filed(event.entry),
      filed: () => this.#filed(event.entry),
      error: () => this.#refused(event.error),
    };
    take[event.type]?.();
  }

  #prompted(event) {
    if (!this.ready) this.indexAtConnecting = event.index;
    else if (this.outbox.turned(event.index)) this.sentTurns -= 1;
    this.told.prompt(event, this.outbox.turns.length > 0);
  }

  #connected({ entry, seconds, timebox_seconds: timebox }) {
    const place = Math.round(seconds * RATE_HZ);
    // The server has a little more than it could say before the line broke. It drops as much of what comes first.
    if (place > this.cursor) this.line.send(new Int16Array(place - this.cursor));
    this.cursor = place;
    this.outbox.resumed(place, this.indexAtConnecting);
    this.ready = true;
    this.line.holds();
    if (!this.unsent) {
      this.unsent = new Unsent(entry);
      claim(entry);
    }
    this.#unlock(this.unsent);
    this.told.listening(timebox);
    this.#send();
  }

  async #unlock(unsent) {
    await unsent.unlock().catch(() => {}); // asked again when the line is back
    if (!unsent.key || unsent !== this.unsent) return;
    if (this.away) {
      this.before.push(this.away);
      this.away = null;
      this.outbox.keepAnew();
    }
    await this.#keep({ all: true });
    this.before.splice(0).forEach((old) => old.dropAll());
  }

  #saved(seconds) {
    this.outbox.saved(Math.round(seconds * RATE_HZ));
    this.#keep();
    this.told.safe(this.secondsBefore + seconds);
  }

  // After a break the server says all words again; they stay as they were.
  #heard(words) {
    const fresh = words.filter(({ start }) => start > this.lastWordAt);
    if (!fresh.length) return;
    this.lastWordAt = fresh.at(-1).start;
    this.told.words(fresh);
  }

  #filed(entry) {
    this.#close();
    for (const kept of [...this.before, this.away, this.unsent]) kept?.dropAll();
    this.told.filed(entry, this.secondsBefore > 0);
  }

  #refused(error) {
    if (this.unsent && OVER.includes(error.code)) {
      this.ready = false;
      this.line.leave();
      this.#over().catch((fault) => (fault.status ? this.#fail(fault) : this.line.lose()));
    } else if (!this.ready || error.code !== "bad_value") {
      this.#fail({ code: error.code, message: error.message, nextStep: error.next_step });
    }
  }

  #fail(fault) {
    this.#close();
    if (fault.code === "nothing_recorded") this.unsent?.dropAll();
    this.told.fault(fault);
  }

  // --- When it breaks ----------------------------------------------------------------------------------------------

  #broke() {
    this.ready = false;
    this.goingAway ??= this.#goAway();
    this.told.broken();
  }

  async #goAway() {
    const away = await Unsent.away().catch(() => null); // a browser without what it takes
    if (!away || this.unsent?.key) return;
    claim(away.entry);
    this.away = away;
    if (!this.unsent) this.spokenAt = away.spokenAt;
    await this.#keep({ all: true });
  }

  #close() {
    this.ready = false;
    this.line.close();
  }

  // The server was started anew, or waited in vain: what it has is an entry, what it has not becomes another one.
  async #over() {
    const entry = await get(`/entries/${this.unsent.entry}`).catch((fault) => {
      if (fault.code === "unknown_entry") return null;
      throw fault;
    });
    const place = Math.max(this.outbox.begin, Math.round((entry?.duration_seconds ?? 0) * RATE_HZ));
    const nothingLeft = this.outbox.end - place < NEXT_TO_NOTHING_SAMPLES;
    if (entry && nothingLeft && (this.ended || this.resting)) {
      this.#filed(entry);
      return;
    }
    this.secondsBefore += entry ? place / RATE_HZ : 0;
    this.outbox.startAgain(place);
    this.before.push(this.unsent);
    this.unsent = this.goingAway = this.spokenAt = null;
    this.#startAnew();
    this.connect();
  }

  #startAnew() {
    this.lastWordAt = -1;
    this.indexAtConnecting = 0;
  }

  // --- What goes ---------------------------------------------------------------------------------------------------

  // Sound and turns in the order in which they came. Browsers run on little-endian machines, as the line wants it.
  #send() {
    if (!this.ready || this.endSent) return;
    for (;;) {
      const turn = this.outbox.turns[this.sentTurns];
      const samples = this.outbox.between(this.cursor, turn?.at ?? this.outbox.end);
      if (samples.length) this.line.send(samples);
      else if (turn) this.#sendTurn(turn);
      else break;
      this.cursor += samples.length;
    }
    if (this.ended) this.line.ask("end");
    this.endSent = this.ended;
  }

  #sendTurn({ type }) {
    this.line.ask(type);
    this.sentTurns += 1;
  }

  get #keeper() {
    return this.unsent?.key ? this.unsent : this.away;
  }

  #keep(which) {
    if (!this.#keeper) return Promise.resolve();
    const { guide, ended, outbox } = this;
    const { begin: saved, index, turns } = outbox;
    const pieces = outbox.toKeep(which);
    const first = outbox.pieces[0]?.start ?? outbox.begin;
    const changed = pieces.length || which?.all || first !== this.firstKept;
    this.firstKept = first;
    return changed ? this.#keeper.keep({ guide, saved, index, turns: [...turns], ended }, pieces, first) : Promise.resolve();
  }
}
