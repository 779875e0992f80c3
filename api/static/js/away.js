// Keys for what is said while the machine is out of reach. Page and machine agree on one without a word between them:
// ECDH on P-256, then HKDF. The page keeps two public halves, from which nobody but the machine can derive the key again.

import { toBytes, toText } from "./base64.js";
import { ask, get } from "./http.js";

const MACHINE = "outbreath machine";
const CURVE = { name: "ECDH", namedCurve: "P-256" };
const PURPOSE = "outbreath unsent sound, machine away";

// The machine's half, for later. A browser that stores nothing has to keep what is said in the page.
export async function meet() {
  const { public_key: half } = await get("/unsent-keys");
  localStorage.setItem(MACHINE, half);
}

// A new key, and the page's half of it; null when the machine was never met.
export async function agree() {
  const theirs = localStorage.getItem(MACHINE);
  if (!theirs) return null;
  const machine = toBytes(theirs);
  const pair = await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]);
  const ours = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const point = await crypto.subtle.importKey("raw", machine, CURVE, false, []);
  const secret = await crypto.subtle.deriveBits({ name: "ECDH", public: point }, pair.privateKey, 256);
  const shared = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array([...machine, ...ours]), info: new TextEncoder().encode(PURPOSE) };
  const key = await crypto.subtle.deriveKey(how, shared, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  return { key, half: toText(ours) };
}

// The key that belongs to a half, from the machine.
export async function agreedKey(half) {
  const { key } = await ask("POST", "/unsent-keys", { body: { public_key: half } });
  return imported(key);
}

// A key as the machine gives it.
export function imported(key) {
  return crypto.subtle.importKey("raw", toBytes(key), "AES-GCM", false, ["encrypt", "decrypt"]);
}
