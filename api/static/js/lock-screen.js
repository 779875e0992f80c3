// What a phone shows and offers while its screen is locked, and what the keys of a keyboard or a headset do.

const STEP_SECONDS = 15;

// `acts`: play, pause, next, previous, and seek, which takes seconds from the beginning.
export function offer({ title, chapters, audio, acts }) {
  const session = navigator.mediaSession;
  if (!session) return;
  const artwork = [192, 512].map((size) => ({ src: `/static/icons/outbreath-${size}.png`, sizes: `${size}x${size}`, type: "image/png" }));
  session.metadata = new MediaMetadata({ title, artist: "Outbreath", artwork });
  const several = chapters.length > 1;
  const handlers = {
    play: acts.play,
    pause: acts.pause,
    nexttrack: several ? acts.next : null,
    previoustrack: several ? acts.previous : null,
    seekbackward: ({ seekOffset }) => acts.seek(audio.currentTime - (seekOffset ?? STEP_SECONDS)),
    seekforward: ({ seekOffset }) => acts.seek(audio.currentTime + (seekOffset ?? STEP_SECONDS)),
    seekto: ({ seekTime }) => acts.seek(seekTime),
  };
  for (const [action, handler] of Object.entries(handlers)) {
    try {
      session.setActionHandler(action, handler);
    } catch {
      // this browser knows no such action
    }
  }
}

// How far it is, for the bar that the phone draws.
export function place(audio, seconds) {
  const position = Math.min(audio.currentTime, seconds);
  navigator.mediaSession?.setPositionState?.({ duration: seconds, position, playbackRate: 1 });
}

export function withdraw() {
  if (navigator.mediaSession) navigator.mediaSession.metadata = null;
}
