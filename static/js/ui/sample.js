/** The control for an item that is asked of several members of staff. */

import { say, t } from '../i18n/index.js';
import { h } from './dom.js';

/** @typedef {import('../lib/types.js').Item} Item */
/** @typedef {import('../lib/types.js').Answer} Answer */
/** @typedef {(change: Partial<Answer>) => void} Change */

const UNSURE = 'could_not_observe';

/**
 * One answer for each member of staff who was asked.
 * @param {Item} item
 * @param {Answer} answer
 * @param {Change} change
 */
export function sampled(item, answer, change) {
  const values = Array.isArray(answer.value) ? [...answer.value] : [];
  const people = Array.from({ length: item.sample ?? 1 }, (_, index) => {
    const put = (/** @type {string} */ raw) => {
      values[index] =
        typeof optionsOf(item)[0]?.[0] === 'number' && raw !== UNSURE ? Number(raw) : raw;
      change({ value: values.filter((value) => value !== undefined && value !== '') });
    };
    return person(item, index, values[index], put);
  });
  return people;
}

/** @param {Item} item @returns {[string | number, string][]} value and label */
function optionsOf(item) {
  if (item.kind === 'scale')
    return [1, 2, 3, 4, 5].map((step) => [step, `${step} ${say(item.anchors?.[step])}`.trim()]);
  if (item.kind === 'choice')
    return (item.options ?? []).map((option) => [option.id, say(option)]);
  if (item.kind === 'yes_no')
    return [
      ['yes', t('answer.yes')],
      ['no', t('answer.no')],
    ];
  return [];
}

/**
 * @param {Item} item
 * @param {number} index
 * @param {string | number | undefined} value
 * @param {(raw: string) => void} put
 */
function person(item, index, value, put) {
  const id = `${item.id}-${index}`;
  const options = optionsOf(item);
  const on = { change: (/** @type {any} */ event) => put(event.target.value) };
  const blank = h('option', { value: '' }, t('answer.choose'));
  const list = [...options, [UNSURE, t('answer.unsure')]].map(([each, label]) =>
    h('option', { value: each, selected: each === value }, label),
  );
  const field = options.length
    ? h('select', { class: 'input', id, on }, blank, ...list)
    : h('input', { class: 'input', id, value: value ?? '', on });
  return h(
    'div',
    { class: 'field' },
    h('label', { for: id }, t('answer.person', { n: index + 1 })),
    field,
  );
}
