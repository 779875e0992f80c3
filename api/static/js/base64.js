// Bytes as text, for what is asked over JSON or kept as text.

export const toBytes = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

export const toText = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
