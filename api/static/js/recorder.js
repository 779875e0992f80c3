// The microphone: what it hears stays in this page until the server has it.

const KINDS = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
const SLICE_MILLISECONDS = 1000;

const NO_MICROPHONE = {
  NotAllowedError: "The microphone isn't allowed for this page. Allow it beside the address, then press Speak again.",
  NotFoundError: "There is no microphone here. Plug one in, or add a recording below.",
};

export class NoMicrophone extends Error {
  constructor(cause) {
    super(NO_MICROPHONE[cause.name] ?? "The microphone can't be used. See that no other program holds it, then try again.");
  }
}

export class Recorder {
  // `level` is called with the loudness, 0 to 1, about thirty times a second.
  static async start(level) {
    if (!navigator.mediaDevices) throw new NoMicrophone({});
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, noiseSuppression: true } });
    } catch (fault) {
      throw new NoMicrophone(fault);
    }
    return new Recorder(stream, level);
  }

  constructor(stream, level) {
    this.stream = stream;
    this.pieces = [];
    const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
    this.recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: 48000 });
    this.recorder.addEventListener("dataavailable", (event) => event.data.size && this.pieces.push(event.data));
    // A device that goes away ends the recording; what it heard is kept like any other.
    this.ended = new Promise((resolve) => this.recorder.addEventListener("stop", resolve, { once: true }));
    this.recorder.start(SLICE_MILLISECONDS);
    this.startedAt = performance.now();
    this.#watch(level);
  }

  get seconds() {
    return (performance.now() - this.startedAt) / 1000;
  }

  // Ends the recording and gives all of it.
  async stop() {
    if (this.recorder.state !== "inactive") this.recorder.stop();
    await this.ended;
    this.stream.getTracks().forEach((track) => track.stop());
    cancelAnimationFrame(this.watching);
    await this.context.close();
    return new Blob(this.pieces, { type: this.recorder.mimeType.split(";")[0] });
  }

  #watch(level) {
    this.context = new AudioContext();
    const analyser = this.context.createAnalyser();
    analyser.fftSize = 1024;
    this.context.createMediaStreamSource(this.stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    let smooth = 0;
    const look = () => {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      const now = Math.min(1, Math.max(0, 1 + Math.log10(power + 1e-9) / 5));
      smooth += (now - smooth) * (now > smooth ? 0.3 : 0.06);
      level(smooth);
      this.watching = requestAnimationFrame(look);
    };
    look();
  }
}
