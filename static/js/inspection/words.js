/** Words that only an inspection needs, in both languages; fetched by those who inspect. */

import { filled, isEnglish } from '../i18n/index.js';
import { words } from '../i18n/inspection.js';

/**
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export function word(key, values = {}) {
  const [zh, en] = words[key] ?? [key, key];
  return filled(isEnglish() ? en : zh, values);
}

/** Whether there is a word for this key. @param {string} key */
export const isWord = (key) => key in words;
