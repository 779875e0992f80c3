// What stands in the search box, taken apart as the server does it: see journal/query.py.

const PIECE = /(-?)(?:(tag|from|to|on|kind|guide):(?:"([^"]*)"|([^\s"]+))|"[^"]*"|[^\s"]+)/gi;
const DATE = /^\d{4}(-\d{1,2}){0,2}$/;
const DAYS = ["from", "to", "on"];

// [{field, value, minus, start, end}]; words and phrases have no field.
export function pieces(query) {
  return [...query.replace(/[“”„«»]/g, '"').matchAll(PIECE)].map((found) => {
    const [text, minus, name, quoted, plain] = found;
    const value = quoted ?? plain;
    const field = name?.toLowerCase();
    const narrows = field && value && (DAYS.includes(field) ? !minus && DATE.test(value) : field !== "kind" || /^(spoken|typed)$/i.test(value));
    return { field: narrows ? field : null, value: narrows ? value : text, minus: Boolean(minus), start: found.index, end: found.index + text.length };
  });
}

// It leaves some entries out, but no words are looked for: those that are left stand by day.
export const onlyNarrows = (query) => pieces(query).every(({ field }) => field);

export const tagsIn = (query) => pieces(query).filter(({ field, minus }) => field === "tag" && !minus).map(({ value }) => value.toLowerCase());

// The value of the last piece of that name, such as 2026-10 of from:2026-10.
export const valueOf = (query, name) => pieces(query).findLast(({ field }) => field === name)?.value ?? "";

// The word that is being typed at the end, which may become a tag: "cl" or "tag:cl".
export function unfinished(query) {
  const last = pieces(query).at(-1);
  if (!last || last.end < query.length || last.minus || (last.field && last.field !== "tag")) return null;
  return { ...last, value: last.field ? last.value : last.value.replace(/^tag:/i, "").replaceAll('"', "") };
}

// With the tag if it is not there, without it if it is. A word that is being typed makes room for the tag that it began.
export function toggleTag(query, name) {
  const there = pieces(query).filter(({ field, value, minus }) => field === "tag" && !minus && value.toLowerCase() === name);
  if (there.length) return without(query, there);
  const begun = unfinished(query);
  const rest = begun && name.startsWith(begun.value.toLowerCase()) ? query.slice(0, begun.start) : query;
  return joined(rest, `tag:${/[\s"]/.test(name) ? `"${name}"` : name}`);
}

// With these days in place of others; an empty one leaves that end open.
export function withDays(query, { since = "", until = "", on = "" }) {
  const rest = without(query, pieces(query).filter(({ field }) => DAYS.includes(field)));
  return joined(rest, on && `on:${on}`, since && `from:${since}`, until && `to:${until}`);
}

function without(query, gone) {
  let rest = query;
  for (const { start, end } of gone.toReversed()) rest = `${rest.slice(0, start).trimEnd()} ${rest.slice(end).trimStart()}`;
  return rest.trim();
}

// A space behind, so that what is typed next is a word of its own.
const joined = (query, ...added) => [query.trim(), ...added].filter(Boolean).join(" ") + (added.some(Boolean) ? " " : "");
