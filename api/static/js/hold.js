// What one page has, no other page takes, until it lets go or is gone.

// `taken` tells whether this page has it; false when another one does.
export function hold(name) {
  let release = null;
  const held = new Promise((resolve) => (release = resolve));
  const taken = new Promise((resolve) => {
    navigator.locks.request(name, { ifAvailable: true }, (lock) => {
      resolve(Boolean(lock));
      return lock && held;
    });
  });
  return { taken, release };
}
