/** The form as it stands now: what is asked, what is not and why, in walking order. */

import { isAsked, itemRequirement } from './applicability.js';
import { isFailed } from './item-score.js';

/** @typedef {import('./types.js').Form} Form */
/** @typedef {import('./types.js').Item} Item */
/** @typedef {import('./types.js').Text} Text */
/** @typedef {import('./types.js').Answer} Answer */
/** @typedef {{today: string[], answers: Record<string, Answer>}} Facts what of a document decides */
/** @typedef {{item: Item, requirement: string, why: Text}} Entry */

/**
 * @param {Form} form
 * @param {Facts} facts
 * @returns {{asked: Entry[], dropped: {id: string, zh: string, en: string, section: string, why: Text}[]}}
 */
export function walk(form, { today, answers }) {
  const entries = form.items.map((item) => ({ item, ...itemRequirement(item, today) }));
  const isOut = (/** @type {Entry} */ entry) => entry.requirement === 'not_applicable';
  const dropped = entries.filter(isOut).map(({ item, why }) => ({ ...item, why }));
  const asked = entries.filter((entry) => !isOut(entry) && isAsked(entry.item, answers));
  return { asked, dropped: [...dropped, ...form.excluded] };
}

/**
 * @param {Form} form
 * @param {Entry[]} asked
 * @returns {{section: Form['sections'][number], entries: Entry[]}[]} without the empty ones
 */
export function bySection(form, asked) {
  return form.sections
    .map((section) => ({
      section,
      entries: asked.filter(({ item }) => item.section === section.id),
    }))
    .filter(({ entries }) => entries.length > 0);
}

/** @param {Answer | undefined} answer */
export function hasValue(answer) {
  const value = answer?.value;
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== '';
}

/**
 * How an answer looks: met, not met, could not see, or still to do.
 * @param {Item} item
 * @param {Answer | undefined} answer
 * @param {{today: string[], passMark: number}} by
 * @returns {'good' | 'bad' | 'unsure' | 'todo'}
 */
export function standing(item, answer, { today, passMark }) {
  if (!answer || !hasValue(answer)) return 'todo';
  if (answer.value === 'could_not_observe') return 'unsure';
  return isFailed(item, answer, today, passMark) ? 'bad' : 'good';
}
