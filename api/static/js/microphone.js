// The microphone: what it hears, as 16 bit samples at 16 kHz, and how loud it is.

import { microphone as messages } from "./messages.js";
import { Resampler, to16Bit } from "./resampling.js";

export const RATE_HZ = 16000;

// What browsers do to make calls pleasant costs words here. Nothing else sounds while the person is heard.
const AS_IT_IS = { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: false };
const REST_MILLISECONDS = 500; // so long the last piece is waited for; a context that sleeps gives none

export class NoMicrophone extends Error {
  constructor(cause) {
    super({ NotAllowedError: messages.refused, NotFoundError: messages.missing }[cause.name] ?? messages.unusable);
  }
}

// False in browsers that are too old, and for addresses that a browser doesn't trust with a microphone.
export const canListen = () => Boolean(navigator.mediaDevices && globalThis.AudioWorkletNode && globalThis.WebSocket);

export class Microphone {
  // `heard` is called with samples while it is not held, `level` with the loudness, 0 to 1, `gone` when it is lost.
  static async open({ heard, level, gone }) {
    // Made before anything is waited for, so that it belongs to the touch that asked for it.
    const context = new AudioContext();
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: AS_IT_IS });
      await context.audioWorklet.addModule("/static/js/microphone-worklet.js");
      await context.resume();
    } catch (fault) {
      stream?.getTracks().forEach((track) => track.stop());
      context.close();
      throw new NoMicrophone(fault);
    }
    return new Microphone(stream, context, { heard, level, gone });
  }

  constructor(stream, context, { heard, level, gone }) {
    Object.assign(this, { stream, context, heard, level });
    this.held = true;
    this.loudness = 0;
    this.resampler = new Resampler(context.sampleRate, RATE_HZ);
    // Several channels become one, should a browser not do as it was asked.
    this.node = new AudioWorkletNode(context, "gatherer", { numberOfOutputs: 0, channelCount: 1, channelCountMode: "explicit" });
    this.node.port.onmessage = ({ data }) => (data ? this.#take(data) : this.rest?.());
    this.source = context.createMediaStreamSource(stream);
    this.source.connect(this.node);
    stream.getAudioTracks()[0].addEventListener("ended", gone);
  }

  // From now on what it hears is passed on.
  release() {
    this.resampler.reset();
    this.held = false;
  }

  // All that was heard until now is passed on, and nothing more.
  hold() {
    if (this.held) return Promise.resolve();
    this.holding ??= this.#hold().finally(() => (this.holding = null));
    return this.holding;
  }

  async close() {
    await this.hold();
    this.stream.getTracks().forEach((track) => track.stop());
    this.node.port.onmessage = null;
    await this.context.close();
  }

  async #hold() {
    const rest = new Promise((resolve) => (this.rest = resolve));
    this.node.port.postMessage(null);
    await Promise.race([rest, new Promise((resolve) => setTimeout(resolve, REST_MILLISECONDS))]);
    this.held = true;
    this.heard(to16Bit(this.resampler.flush()));
  }

  #take(samples) {
    this.#measure(samples);
    if (!this.held) this.heard(to16Bit(this.resampler.push(samples)));
  }

  #measure(samples) {
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    const now = Math.min(1, Math.max(0, 1 + Math.log10(power + 1e-9) / 5));
    this.loudness += (now - this.loudness) * (now > this.loudness ? 0.3 : 0.06);
    this.level(this.held ? 0 : this.loudness);
  }
}
