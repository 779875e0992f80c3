// Moments and lengths as they are written.

import { units } from "./messages.js";

export function clock(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

export function length(seconds) {
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  return minutes ? units.minutesAndSeconds({ minutes, seconds: whole % 60 }) : units.seconds({ seconds: whole });
}

// How long it will take, as one says it.
export const about = (seconds) => (seconds < 45 ? units.soon : units.about({ count: Math.round(seconds / 60) }));

// The wall-clock time at the place where it was spoken, whatever time zone this browser is in.
export const spokenTime = (rfc3339) => rfc3339.slice(11, 16);

// A moment with the offset of the place where this browser is (RFC 3339).
export function withOffset(moment) {
  const minutes = -moment.getTimezoneOffset();
  const local = new Date(moment.getTime() + minutes * 60000).toISOString().slice(0, 19);
  const two = (number) => String(number).padStart(2, "0");
  return `${local}${minutes < 0 ? "-" : "+"}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
}
