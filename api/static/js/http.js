// Asking the server. Every failure becomes a Fault with the server's own sentence and next step.

import { page as messages } from "./messages.js";

const API = "/api/v1";

export class Fault extends Error {
  // `retryAfter`: in so many seconds it is worth trying again; null if that was not said.
  constructor({ code, message, next_step: nextStep }, status = 0, retryAfter = null) {
    super(message);
    Object.assign(this, { code, nextStep, status, retryAfter });
  }
}

export const OUT_OF_REACH = { code: "out_of_reach", ...messages.outOfReach };

export const isOutOfReach = (fault) => fault.code === OUT_OF_REACH.code;

export function address(path, values = {}) {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== "");
  const query = new URLSearchParams(given).toString();
  return API + path + (query ? `?${query}` : "");
}

export async function ask(method, path, { body, query } = {}) {
  const json = body !== undefined && !(body instanceof FormData);
  let response;
  try {
    response = await fetch(address(path, query), {
      method,
      body: json ? JSON.stringify(body) : body,
      headers: json ? { "Content-Type": "application/json" } : {},
    });
  } catch {
    throw new Fault(OUT_OF_REACH);
  }
  const answer = response.status === 204 ? null : await response.json().catch(() => undefined);
  // The line broke in the middle of the answer, or something else than the server answered.
  if (answer === undefined && response.ok) throw new Fault(OUT_OF_REACH);
  if (answer?.error?.code === "page_locked") document.dispatchEvent(new Event("page-locked"));
  if (!response.ok) throw new Fault(answer?.error ?? OUT_OF_REACH, response.status, Number(response.headers.get("Retry-After")) || null);
  return answer;
}

export const get = (path, query) => ask("GET", path, { query });

// Calls `changed` with the entry at once and after each change; resolves with the last one, when no more will come.
export function followEntry(id, changed) {
  return new Promise((resolve, reject) => {
    const events = new EventSource(address(`/entries/${id}/events`));
    let last = null;
    events.addEventListener("entry", (event) => {
      last = JSON.parse(event.data);
      changed(last);
    });
    events.addEventListener("end", () => {
      events.close();
      resolve(last);
    });
    events.addEventListener("error", () => {
      if (events.readyState === EventSource.CLOSED) reject(new Fault(OUT_OF_REACH));
    });
  });
}
