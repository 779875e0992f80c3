// The sentences of the page, to be read through and to be translated in one place.

import { clock, length, locale } from "./times.js";

const list = new Intl.ListFormat(locale, { type: "conjunction" });

export const page = {
  today: "Today",
  yesterday: "Yesterday",
  broken: "Something on this page is broken. Load it again.",
  outOfReach: { message: "Outbreath doesn't answer.", next_step: "See that it is still running on your machine, then try again." },
  // What stands in a list for an entry that has no words to show.
  states: {
    recording: "Being recorded.",
    recovered: "Recovered. It is being written down.",
    transcribing: "Being written down.",
    no_speech: "No speech was heard. The recording is kept.",
  },
  failed: (why) => `${why ?? "It couldn't be written down."} The recording is kept.`,
};

export const screens = {
  name: "Outbreath",
  practise: "Practise",
  speak: "Speak",
  write: "Write",
  playing: "Playing",
  journal: "Journal",
  settings: "Settings",
  locked: "Locked",
  failed: "This can't be shown now.",
  gone: "There is no such entry any more.",
  again: "Try again",
  night: "Still up. Go gently.",
  morning: "Good morning.",
  afternoon: "Good afternoon.",
  evening: "Good evening.",
  tenMinutes: "Ten minutes",
  tenMinutesOf: "Morning arrival",
  speakAnd: "and it is filed",
  breathe: "Breathe",
  first: "Nothing is kept yet. What you speak or write stays on your own machine, for you alone.",
  away: "Your machine is out of reach. You can speak all the same; what you say is kept here, encrypted, until it answers.",
};

export const journal = {
  earlier: "Earlier entries",
  more: "More entries",
  looking: "Looking through your journal.",
  empty: "Nothing here yet. What you speak or write is kept here, for you alone.",
  noneLeft: "No entry fits. Leave something out of the box above.",
  nothingFound: "Nothing found. Other words may lead there; what you mean counts, too.",
  found: (shown, total) => (total === 1 ? "One entry." : shown < total ? `The best ${shown} of ${total} entries.` : `${total} entries.`),
  why: (reasons) => list.format(reasons.map((reason) => ({ words: "words", meaning: "meaning", tag: "tag" })[reason])),
  hear: (seconds) => `Hear it, ${clock(seconds)}`,
  anyDay: "Any day",
  days: (since, until) => [since && `from ${since}`, until && `to ${until}`].filter(Boolean).join(" ").replace(/^./, (letter) => letter.toUpperCase()),
  onDays: (period) => `In ${period}`,
  months: (tag) => `When “${tag}” came up`,
  month: (name, count) => `${name}, ${count === 1 ? "one entry" : `${count} entries`}`,
  together: (names) => `Often together with ${list.format(names)}.`,
};

export const entry = {
  written: "Written",
  before: (mood) => `mood before ${mood} of 5`,
  after: (mood) => `after ${mood} of 5`,
  words: "Your words. With the arrow keys you go from word to word; Enter lets you hear one.",
  unsure: "Not sure of this word",
  someUnsure: "Dotted words may be wrong. Touch any word to hear it.",
  touch: "Touch any word to hear it.",
  play: "Play",
  pause: "Pause",
  place: (now, all) => `${clock(now)} of ${clock(all)}`,
  noTags: "No tags yet.",
  tagsCome: "Tags come with the words.",
  yours: "yours",
  suggested: (kind) => `suggested ${kind}`,
  keepTag: "Yes, keep it",
  refuseTag: "No, remove it",
  removeTag: "Remove it",
  others: "Other entries with it",
  tagKept: (name) => `Kept: ${name}.`,
  tagRemoved: (name) => `Removed: ${name}.`,
  kept: "Kept.",
  begun: "This is what you were writing.",
  deleted: "Deleted: words, recording and tags. In a moment nothing brings them back.",
  undo: "Undo",
  undone: "It is back.",
};

export const speak = {
  invitation: "Speak, when you like.",
  how: "Each question is spoken first, then you are heard. You need no headphones.",
  without: "Without questions",
  acts: { begin: "Speak", goOn: "Go on", again: "Try again", done: "Done" },
  actsAloud: { begin: "Start speaking", goOn: "Go on", again: "Try again", done: "Done, file it" },
  wait: "Wait a moment",
  states: {
    opening: "One moment.",
    asking: "Asking. Then you are heard.",
    listening: "Listening.",
    filing: "Filing.",
    found: "What you said is kept. Go on, or be done?",
  },
  safe: (seconds) => `Safe: ${length(seconds)}.`,
  next: "Next question",
  finish: "Finish",
  showWords: "Show the words",
  hideWords: "Hide the words",
  broken: "The line is broken. Your words are kept here; it goes on by itself.",
  away: "Your machine is out of reach. What you said is kept here, encrypted, and filed when it answers.",
  elsewhere: "This entry goes on in another window.",
  cannotListen: "This browser can't listen here. Open the page at 127.0.0.1 in a current browser, or add a recording.",
  wereSpeaking: "You were speaking.",
  saidIsKept: "What you said is kept.",
  filed: "Filed. Go gently.",
  kept: "Kept. Go gently.",
  split: " The line broke for long, so it lies in two entries.",
  endings: { ready: "Written down. ", no_speech: "No speech was heard. ", failed: "It is kept. " },
  ending: "It is being written down. ",
  read: "Read it",
  open: "Open it",
  notFiled: (fault) => `It isn't filed yet, and still in this page. ${fault.message} ${fault.nextStep ?? ""}`,
};

export const microphone = {
  NotAllowedError: "The microphone isn't allowed for this page. Allow it beside the address, then press Speak again.",
  NotFoundError: "There is no microphone here. Plug one in, or add a recording below.",
  other: "The microphone can't be used. See that no other program holds it, then try again.",
};

export const write = {
  title: "Write",
  words: "Your words",
  filed: "Filed. Go gently.",
  kept: "Your machine is out of reach. What you wrote is kept here, encrypted, and filed when it answers.",
  draft: "This is what you were writing.",
  draftAway: "What you were writing is kept here, and comes back when your machine answers.",
};

export const practise = {
  parts: { meditation: "Meditate", breathing: "Breathe", reflection: "Reflect" },
  beds: { none: "none", rain: "rain", ocean: "ocean", brown: "brown noise", drone: "drone" },
  ownVoice: "own",
  faulty: (line, problem, hint) => `Line ${line}: ${problem}; ${hint}.`,
  basis: (basis) => `Basis: ${basis}`,
  kept: "kept",
  choice: ({ minutes, guidance, bed, voice }) => `${minutes} min, ${guidance} guidance, ${bed === "none" ? "no bed" : bed}, ${voice}`,
  play: (name) => name,
  remove: "Remove",
  removeKept: (name) => `Remove ${name}`,
  removed: "Removed from this browser.",
  beingKept: "One moment. It is being made, and kept whole.",
  isKept: "Kept. It plays when your machine is out of reach.",
};

export const player = {
  paused: "Paused",
  goOn: "Go on",
  pause: "Pause",
  again: "Try again",
  moment: "One moment",
  finished: "Finished",
  vibration: "With vibration",
  noVibration: "Without vibration",
  preparing: "Being spoken",
  preparingLine: "This session is spoken for the first time. It begins by itself.",
  left: (seconds) => (seconds < 45 ? "less than a minute" : seconds < 90 ? "about a minute" : `about ${Math.round(seconds / 60)} minutes`),
};

const VOICES = { own: "your own" };
const capital = (text) => text.replace(/^./, (letter) => letter.toUpperCase());

export const settings = {
  kept: "Kept. It holds for what you begin from now on.",
  fixed: (name, source) => `Fixed by ${source === "environment" ? `the environment (OUTBREATH_${name.toUpperCase()})` : "a flag of the command"}; it can't be changed here.`,
  voice: (name) => capital(VOICES[name] ?? name),
  bed: (name) => (name === null ? "as each session has it" : (practise.beds[name] ?? name)),
  language: (code, names) => (code === null ? "Whatever is heard" : names.of(code)),
  lock_after_minutes: (minutes) => (minutes === 1 ? "one minute without a touch" : `${minutes} minutes without a touch`),
  hints: { language: (code) => (code === "en" ? "" : "Tags are suggested for English only; yours are kept in any language.") },
  hear: "Hear it",
  stop: "Stop",
  moment: "One moment",
  neverLocks: "There is none: whoever holds this device while it is awake can open the page.",
  locks: "When nobody has touched it for a while, each page asks for the passcode. What is being recorded goes on.",
  setPasscode: "Set a passcode",
  changePasscode: "Change it",
  keepPasscode: "Keep it",
  removePasscode: "Take it away",
  notTheSame: "These two differ. Type it again.",
  passcodeKept: "Kept. All other pages are locked now.",
  passcodeGone: "There is no passcode any more.",
  privacy: "Your words, recordings and tags are encrypted on the machine that runs Outbreath. Until what you say is safe there, this browser keeps it, encrypted too. Nothing goes anywhere else, and nobody is watching.",
};

export const lock = {
  title: "Locked - Outbreath",
  wait: (seconds) => `That was tried too often. Wait ${seconds < 90 ? `${seconds} s` : `${Math.ceil(seconds / 60)} minutes`}.`,
  again: "You can try again now.",
  forgotten: "Forgotten? On the machine that runs Outbreath, this takes it away: outbreath passcode --remove",
};
