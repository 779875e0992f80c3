// The line to the server over which one speaks: a web socket that comes back by itself when it breaks.

import { address } from "./http.js";

const SHORTEST_WAIT_MILLISECONDS = 500;
const LONGEST_WAIT_MILLISECONDS = 5000;
const LOOK_MILLISECONDS = 1000;
const DEAF_MILLISECONDS = 6000; // a server that owes an answer for so long is not there, whatever the socket says
const PAGE_GIVES_UP = 4000; // any close code but 1000, which would end the entry
const TAKEN_OVER = 4001; // another page goes on with the entry; coming back would only take it away from there

export class Line {
  // `query` gives what is asked for, each time anew; `came` is called with each event, `broke` when the line is gone,
  // `takenOver` when it will not come back; `owes` says whether an answer is waited for.
  constructor({ query, came, broke, takenOver, owes }) {
    Object.assign(this, { query, came, broke, takenOver, owes, attempts: 0, socket: null });
  }

  open() {
    this.watching ??= setInterval(() => this.#watch(), LOOK_MILLISECONDS);
    const url = new URL(address("/entries/live", this.query()), location.href).href.replace(/^http/, "ws");
    this.socket = new WebSocket(url);
    this.aliveAt = performance.now();
    this.socket.onmessage = ({ data }) => {
      this.aliveAt = performance.now();
      this.came(JSON.parse(data));
    };
    this.socket.onclose = ({ code }) => (code === TAKEN_OVER ? this.takenOver() : this.lose());
  }

  // It works: should it break again, the first wait is short.
  holds() {
    this.attempts = 0;
  }

  send(samples) {
    this.socket.send(samples);
  }

  ask(type) {
    this.socket.send(JSON.stringify({ type }));
  }

  // It is gone, and will be tried again with growing waits.
  lose() {
    this.leave();
    this.broke();
    const wait = Math.min(LONGEST_WAIT_MILLISECONDS, SHORTEST_WAIT_MILLISECONDS * 2 ** this.attempts);
    this.attempts += 1;
    this.waiting = setTimeout(() => this.open(), wait);
  }

  leave() {
    if (!this.socket) return;
    this.socket.onmessage = this.socket.onclose = null;
    this.socket.close(PAGE_GIVES_UP);
    this.socket = null;
  }

  // For good.
  close() {
    clearTimeout(this.waiting);
    clearInterval(this.watching);
    this.watching = null;
    this.leave();
  }

  #watch() {
    if (!this.socket || !this.owes()) this.aliveAt = performance.now();
    else if (performance.now() - this.aliveAt > DEAF_MILLISECONDS) this.lose();
  }
}
