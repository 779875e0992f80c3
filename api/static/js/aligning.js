// Which piece of a text is which word of the recording, also when the person has corrected the text since.

const MOST_COMPARISONS = 4_000_000;

// [{start, end, word, from, to}]: offsets in the text, the word that was heard there (null if it was corrected), and when.
export function aligned(text, words, corrected) {
  if (!words.length) return [];
  return corrected ? byComparing(text, words) : inOrder(text, words);
}

function inOrder(text, words) {
  const found = [];
  let behind = 0;
  for (const word of words) {
    const start = text.indexOf(word.text, behind);
    if (start < 0) continue;
    behind = start + word.text.length;
    found.push({ start, end: behind, word, from: word.start, to: word.end });
  }
  return found;
}

const plain = (text) => text.replace(/[^\p{L}\p{N}]/gu, "").toLowerCase();

// Words that are the same keep their time; those that were corrected share the time between their neighbours.
function byComparing(text, words) {
  const written = [...text.matchAll(/\S+/g)].map((found) => ({ start: found.index, end: found.index + found[0].length, word: null }));
  for (const [one, other] of common(written.map(({ start, end }) => plain(text.slice(start, end))), words.map((word) => plain(word.text)))) {
    written[one].word = words[other];
  }
  for (let at = 0; at < written.length; ) {
    if (written[at].word) {
      Object.assign(written[at], { from: written[at].word.start, to: written[at].word.end });
      at += 1;
      continue;
    }
    let next = at;
    while (next < written.length && !written[next].word) next += 1;
    const from = at ? written[at - 1].to : words[0].start;
    const to = Math.max(from, next < written.length ? written[next].word.start : words.at(-1).end);
    const each = (to - from) / (next - at);
    for (let index = at; index < next; index += 1) Object.assign(written[index], { from: from + each * (index - at), to: from + each * (index - at + 1) });
    at = next;
  }
  return written;
}

// Pairs of places at which both lists have the same, in order: as many as there can be.
function common(ones, others) {
  let first = 0;
  while (first < Math.min(ones.length, others.length) && ones[first] === others[first]) first += 1;
  let last = 0;
  while (last < Math.min(ones.length, others.length) - first && ones.at(-1 - last) === others.at(-1 - last)) last += 1;
  const pairs = Array.from({ length: first }, (_, at) => [at, at]);
  for (const [one, other] of inTheMiddle(ones.slice(first, ones.length - last), others.slice(first, others.length - last))) {
    pairs.push([first + one, first + other]);
  }
  for (let at = last; at > 0; at -= 1) pairs.push([ones.length - at, others.length - at]);
  return pairs;
}

function inTheMiddle(ones, others) {
  const width = others.length + 1;
  if (ones.length * width > MOST_COMPARISONS) return []; // a text that is new as a whole
  const most = new Uint16Array((ones.length + 1) * width); // how many are the same from these two places on
  for (let one = ones.length - 1; one >= 0; one -= 1) {
    for (let other = others.length - 1; other >= 0; other -= 1) {
      const here = one * width + other;
      most[here] = ones[one] === others[other] ? most[here + width + 1] + 1 : Math.max(most[here + width], most[here + 1]);
    }
  }
  const pairs = [];
  for (let one = 0, other = 0; one < ones.length && other < others.length; ) {
    if (ones[one] === others[other]) pairs.push([one++, other++]);
    else if (most[(one + 1) * width + other] >= most[one * width + other + 1]) one += 1;
    else other += 1;
  }
  return pairs;
}
