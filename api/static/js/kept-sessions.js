// Sessions that are kept in the browser, to be played when the machine is out of reach. The service worker answers with them.

import { Fault, OUT_OF_REACH, address } from "./http.js";

const STORE = "outbreath-kept-sessions"; // the service worker knows it by this name
const FORMAT = "mp3"; // every browser plays it, and its length is exact

const audioAddress = ({ slug, minutes, guidance, bed, voice }) => address(`/sessions/${slug}/audio`, { minutes, guidance, bed, voice, format: FORMAT });
const timelineAddress = ({ slug, minutes, guidance, bed, voice }) => address(`/sessions/${slug}/timeline`, { minutes, guidance, bed, voice });

let kept = []; // as they were chosen: [{slug, minutes, guidance, bed, voice}]

// A browser keeps nothing for pages it doesn't trust.
export const canKeep = () => Boolean(globalThis.caches && navigator.serviceWorker?.controller);

export const all = () => kept;

export const of = (slug) => kept.filter((each) => each.slug === slug);

// Where the sound of a session is, if it is kept exactly as it is wanted; null if not.
export function sound(choices) {
  const url = audioAddress(choices);
  return kept.some((each) => audioAddress(each) === url) ? url : null;
}

// Has the whole session made, and keeps it with its words.
export async function keep(choices) {
  navigator.storage?.persist?.().catch(() => {});
  const [timeline, audio] = await Promise.all([timelineAddress(choices), audioAddress(choices)].map(asked));
  const store = await caches.open(STORE);
  await store.put(timelineAddress(choices), timeline);
  await store.put(audioAddress(choices), audio);
  await look();
}

export async function remove(choices) {
  const store = await caches.open(STORE);
  await Promise.all([store.delete(audioAddress(choices)), store.delete(timelineAddress(choices))]);
  await look();
}

// Finds out what is kept; another tab may have changed it.
export async function look() {
  if (!globalThis.caches) return;
  const requests = await caches.open(STORE).then((store) => store.keys());
  const addresses = requests.map(({ url }) => new URL(url)).filter(({ pathname }) => pathname.endsWith("/audio"));
  kept = addresses.map(({ pathname, searchParams }) => {
    const { minutes, guidance, bed, voice } = Object.fromEntries(searchParams);
    return { slug: pathname.split("/").at(-2), minutes, guidance, bed, voice };
  });
}

async function asked(url) {
  const answer = await fetch(url).catch(() => null);
  if (answer?.ok) return answer;
  const { error } = (await answer?.json().catch(() => null)) ?? {};
  throw new Fault(error ?? OUT_OF_REACH);
}

look().catch(() => {}); // a browser that keeps nothing
