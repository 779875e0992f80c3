// The four soft tones of Outbreath: listening, saved, next, finished. The same as in the terminal.

export function tone(name) {
  const sound = new Audio(`/tones/${name}.wav`);
  sound.volume = 0.5;
  // A browser may refuse to sound before the first touch; the words on the page say it as well.
  return sound.play().catch(() => {});
}
