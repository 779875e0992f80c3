// Runs beside the page, on the thread of the sound: gathers what the microphone hears and posts it in small pieces.

const PIECE_SAMPLES = 1024; // about 20 ms

class Gatherer extends AudioWorkletProcessor {
  constructor() {
    super();
    this.piece = new Float32Array(PIECE_SAMPLES);
    this.filled = 0;
    // Whoever asks for the rest gets it, and then hears that it was all.
    this.port.onmessage = () => {
      this.post();
      this.port.postMessage(null);
    };
  }

  process([channels]) {
    for (const sample of channels[0] ?? []) {
      this.piece[this.filled] = sample;
      this.filled += 1;
      if (this.filled === PIECE_SAMPLES) this.post();
    }
    return true;
  }

  post() {
    if (this.filled) this.port.postMessage(this.piece.slice(0, this.filled));
    this.filled = 0;
  }
}

registerProcessor("gatherer", Gatherer);
