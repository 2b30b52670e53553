/** An open inspection on the same page: its own screens, and what it adds to the others. */

import { say } from '../i18n/index.js';
import { inspectionGaps, tidied } from '../lib/inspection.js';
import { fill } from './extras.js';
import { isWord, word } from './words.js';

/** Screens of an inspection by the names of the others. @type {{[name: string]: () => Promise<{show: (...args: any[]) => any}>}} */
export const SCREENS = {
  brief: () => import('./start.js'),
  answers: () => import('./overview.js'),
  rechecks: () => import('./rechecks.js'),
  sign: () => import('./sign.js'),
  summary: () => import('./finish.js'),
};

/** @typedef {import('../lib/types.js').Form} Form */
/** @typedef {{pointer: string, code: string}} Gap */

/** @param {Form} form @param {string} id */
function nameOf(form, id) {
  const found = [...form.items, ...(form.findings ?? [])].find((one) => one.id === id);
  return found ? say(found.short) || say(found) : '';
}

/** The same code is said otherwise of a re-check than of an answer. @type {Record<string, string>} */
const SAID = {
  'rechecks reason-missing': 'recheck-reason',
  'corrections photo-missing': 'correction-photo',
  'signature reason-missing': 'signature-reason',
};

/** @type {import('../lib/types.js').Tools} */
export const tools = {
  fill,
  tidied,
  gaps: (form, document) => inspectionGaps(form, tidied(form, document)),
  outcomes: ['completed', 'closed', 'interrupted'],
  sentence(form, { pointer, code }) {
    const [, part, id] = pointer.split('/');
    const key = `gap.${SAID[`${part} ${code}`] ?? code}`;
    return isWord(key) ? word(key, { name: nameOf(form, id) }) : undefined;
  },
  href(visit, pointer) {
    const [, part] = pointer.split('/');
    if (part === 'rechecks') return `#/v/${visit}/rechecks`;
    return part === 'signature' ? `#/v/${visit}/sign` : undefined;
  },
};
