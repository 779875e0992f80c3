// What the page says. The sentences stand in api/translations, one file for each language, and come with the page.

const { language, ...sentences } = JSON.parse(document.getElementById("messages").textContent);
const plural = new Intl.PluralRules(language);

// The page speaks this language; its dates are written as the reader's country has them.
export const locale = navigator.languages.find((each) => each.split("-")[0] === language) ?? sentences.locale;

const list = new Intl.ListFormat(locale, { type: "conjunction" });

// "happy, calm, and tired"
export const listed = (names) => list.format(names);

export const { page, units, screens, today, practise, player, speak, microphone, write, journal, entry, settings, lock, pair } = ready(sentences);

// A sentence with gaps becomes a function of what fills them; one with forms for numbers goes by `count`.
function ready(sentence) {
  if (typeof sentence === "string") return sentence.includes("{") ? (values) => filled(sentence, values) : sentence;
  if (sentence.one && sentence.other) return (values) => filled(sentence[plural.select(values.count)] ?? sentence.other, values);
  return Object.fromEntries(Object.entries(sentence).map(([name, each]) => [name, ready(each)]));
}

const filled = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
