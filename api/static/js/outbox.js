// What the person said and asked for, in order, until the server has it. Knows nothing of lines or storage.
//
// Places are samples from the beginning of the entry. A turn (next, skip, back) lies between two samples.

const PIECE_SAMPLES = 8000; // half a second

export class Outbox {
  // `pieces` [{start, samples}] and `turns` [{type, at, to}] as they were kept; all before `begin` is safe.
  constructor({ begin = 0, index = 0, pieces = [], turns = [] } = {}) {
    this.begin = begin;
    this.index = index; // the question that the server is at
    this.pieces = [];
    this.turns = turns;
    this.end = begin;
    for (const { start, samples } of pieces) this.#place(start, samples);
  }

  add(samples) {
    let from = 0;
    while (from < samples.length) {
      const last = this.pieces.at(-1);
      const open = last && last.length < PIECE_SAMPLES ? last : this.#newPiece();
      const taken = samples.subarray(from, from + PIECE_SAMPLES - open.length);
      open.samples.set(taken, open.length);
      open.length += taken.length;
      this.end += taken.length;
      from += taken.length;
    }
  }

  // The person asks for question `to`.
  turn(type, to) {
    this.turns.push({ type, at: this.end, to });
  }

  // Where the person stands, when all they asked for has been done.
  get indexAtEnd() {
    return this.turns.at(-1)?.to ?? this.index;
  }

  // Pieces that are full, or all of them; each only once.
  toKeep({ all = false } = {}) {
    const those = this.pieces.filter((piece) => piece.kept < piece.length && (all || piece.length === PIECE_SAMPLES));
    for (const piece of those) piece.kept = piece.length;
    return those.map(({ start, samples, length }) => ({ start, samples: samples.slice(0, length) }));
  }

  // What was kept lies where it is not to be found any more.
  keepAnew() {
    for (const piece of this.pieces) piece.kept = 0;
  }

  // Some of the sound between two places.
  between(from, to) {
    const piece = this.pieces.find(({ start, length }) => start <= from && from < start + length);
    return piece ? piece.samples.slice(from - piece.start, Math.min(to, piece.start + piece.length) - piece.start) : new Int16Array();
  }

  // The server has everything before a place.
  saved(place) {
    this.begin = Math.max(this.begin, place);
    this.end = Math.max(this.end, this.begin);
    this.pieces = this.pieces.filter(({ start, length }) => start + length > this.begin);
  }

  // The server is at a question. True when that was the first turn it was asked for.
  turned(index) {
    const done = this.turns[0]?.to === index;
    if (done) this.turns.shift();
    this.index = index;
    return done;
  }

  // After a break the server is at a place and a question. What it did before that is not to be asked again.
  resumed(place, index) {
    this.saved(place);
    this.turns = this.turns.filter(({ at }) => at >= place);
    const here = this.turns.filter(({ at }) => at === place);
    this.turns.splice(0, here.findLastIndex(({ to }) => to === index) + 1);
    this.index = index;
  }

  // The entry is over, having everything before a place; what is left becomes another one, at the same question.
  startAgain(place) {
    const missed = this.turns.filter(({ at }) => at < place);
    const index = missed.at(-1)?.to ?? this.index;
    this.saved(place);
    const { begin } = this;
    const left = this.pieces.map(({ start, samples, length }) => ({ start, samples: samples.subarray(0, length) }));
    const turns = this.turns.filter((turn) => !missed.includes(turn)).map((turn) => ({ ...turn, at: turn.at - begin }));
    const sound = left.map(({ start, samples }) => samples.subarray(Math.max(0, begin - start)));
    const before = Array.from({ length: index }, (_, passed) => ({ type: "next", at: 0, to: passed + 1 }));
    Object.assign(this, { begin: 0, end: 0, index: 0, pieces: [], turns: [...before, ...turns] });
    for (const samples of sound) this.add(samples);
  }

  #newPiece() {
    const piece = { start: this.end, samples: new Int16Array(PIECE_SAMPLES), length: 0, kept: 0 };
    this.pieces.push(piece);
    return piece;
  }

  // A piece that was kept, where it was. A gap is silence, so that all behind it keeps its place.
  #place(start, samples) {
    if (start + samples.length <= this.end) return;
    if (start > this.end && this.pieces.length) this.add(new Int16Array(start - this.end));
    if (!this.pieces.length) this.end = Math.max(this.begin, start);
    this.add(samples.subarray(Math.max(0, this.end - start)));
  }
}
