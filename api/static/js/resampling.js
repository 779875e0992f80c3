// Sound at another rate: what a browser hears at 44.1 or 48 kHz becomes the 16 kHz that the server takes.
//
// A windowed sinc (Kaiser) that takes away everything which the new rate cannot hold; else a hiss at 10 kHz would come
// back as a tone at 6 kHz. It streams: pieces of any size go in, and the same comes out as if they were one.

const PASS = 0.42; // of the lower of both rates: up to 6.7 kHz nothing is lost
const STOP = 0.53; // from 8.5 kHz on nothing is left
const ATTENUATION_DB = 70;
const KAISER_BETA = 0.1102 * (ATTENUATION_DB - 8.7);

const gcd = (a, b) => (b ? gcd(b, a % b) : a);

// The modified Bessel function of the first kind, order 0.
function bessel(x) {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-12; k += 1) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

// One row of weights for each place that an output sample can have between two input samples.
function weightTable(fromRate, toRate, phases) {
  const lower = Math.min(fromRate, toRate) / fromRate;
  const cutoff = ((PASS + STOP) / 2) * lower;
  const transition = 2 * Math.PI * (STOP - PASS) * lower;
  const half = Math.ceil((ATTENUATION_DB - 7.95) / (2.285 * transition) / 2);
  const rows = [];
  for (let phase = 0; phase < phases; phase += 1) {
    const row = new Float32Array(2 * half);
    let sum = 0;
    for (let tap = 0; tap < 2 * half; tap += 1) {
      const at = tap - half + 1 - phase / phases;
      const inside = 1 - (at / half) ** 2;
      const window = inside > 0 ? bessel(KAISER_BETA * Math.sqrt(inside)) / bessel(KAISER_BETA) : 0;
      const sinc = at === 0 ? 2 * cutoff : Math.sin(2 * Math.PI * cutoff * at) / (Math.PI * at);
      row[tap] = window * sinc;
      sum += row[tap];
    }
    rows.push(row.map((weight) => weight / sum));
  }
  return { half, rows };
}

export class Resampler {
  constructor(fromRate, toRate) {
    const common = gcd(fromRate, toRate);
    this.step = fromRate / common;
    this.phases = toRate / common;
    ({ half: this.half, rows: this.rows } = weightTable(fromRate, toRate, this.phases));
    this.reset();
  }

  // Forgets what came before: the next sample is a first one.
  reset() {
    this.held = new Float32Array(this.half - 1); // silence before the beginning, so that the first sample has a past
    this.phase = 0;
  }

  // All that can be said by now; about a millisecond stays until more comes.
  push(samples) {
    const input = new Float32Array(this.held.length + samples.length);
    input.set(this.held);
    input.set(samples, this.held.length);
    const output = [];
    let at = 0;
    while (at + 2 * this.half <= input.length) {
      const row = this.rows[this.phase];
      let sum = 0;
      for (let tap = 0; tap < row.length; tap += 1) sum += row[tap] * input[at + tap];
      output.push(sum);
      this.phase += this.step;
      at += Math.floor(this.phase / this.phases);
      this.phase %= this.phases;
    }
    this.held = input.slice(at);
    return Float32Array.from(output);
  }

  // The rest; what comes afterwards is a new sound.
  flush() {
    const rest = this.push(new Float32Array(this.half));
    this.reset();
    return rest;
  }
}

// Samples from -1 to 1 as 16 bit numbers; what is too loud is cut off, not turned around.
export function to16Bit(samples) {
  return Int16Array.from(samples, (sample) => Math.max(-32768, Math.min(32767, Math.round(sample * 32768))));
}
