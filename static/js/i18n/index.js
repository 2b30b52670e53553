/**
 * Words of the page in the chosen language. Both dictionaries are complete; a test compares them.
 * A language is one file, long as it is: it is fetched and kept for the time without signal as a whole,
 * and in two files it compresses worse than the phone's budget of scripts allows.
 */

/** @type {Record<string, string>} */
let words = {};
let current = 'zh';

const dictionary = (/** @type {'zh' | 'en'} */ language) =>
  language === 'en' ? import('./en.js') : import('./zh.js');

/** Where the words of a language lie. @param {'zh' | 'en'} language */
export const dictionaryPath = (language) =>
  new URL(`./${language}.js`, import.meta.url).pathname;

/** @param {'zh' | 'en'} language */
export async function speak(language) {
  words = (await dictionary(language)).words;
  current = language;
  document.documentElement.lang = language === 'en' ? 'en' : 'zh-CN';
}

export const isEnglish = () => current === 'en';

/**
 * `{n}` is replaced by its value, `{n|item|items}` by the form that the number wants.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export const t = (key, values = {}) => filled(words[key] ?? key, values);

/** @param {string} sentence @param {Record<string, string | number>} values */
export function filled(sentence, values) {
  return sentence.replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (_, name, one, many) => {
    if (one === undefined) return String(values[name] ?? '');
    return Number(values[name]) === 1 ? one : many;
  });
}

/** Whether there is a word for this key. @param {string} key */
export const knows = (key) => key in words;

/** @param {import('../lib/types.js').Text | undefined} text from a form or bundle */
export const say = (text) => (text ? (isEnglish() ? text.en : text.zh) : '');
