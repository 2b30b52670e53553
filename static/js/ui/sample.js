/** The control for an item that is asked of several members of staff. */

import { t } from '../i18n/index.js';
import { itemScore } from '../lib/item-score.js';
import { h } from './dom.js';

/** @typedef {import('../lib/types.js').Item} Item */
/** @typedef {import('../lib/types.js').Answer} Answer */
/** @typedef {(change: Partial<Answer>) => void} Change */

/**
 * A row for each person who was asked and for one more; the mean below.
 * @param {Item} item
 * @param {Answer} answer
 * @param {Change} change
 * @param {(item: Item, answer: Answer, change: Change) => Node[]} controlFor one person's
 */
export function sampled(item, answer, change, controlFor) {
  const values = Array.isArray(answer.value) ? [...answer.value] : [];
  const most = item.sample ?? 1;
  const mean = h('p', { class: 'small tnum', 'aria-live': 'polite' });
  const people = h('div', { class: 'stack' });
  const draw = () => {
    while (people.childElementCount < Math.min(values.length + 1, most))
      people.append(person(people.childElementCount));
    const score = itemScore(item, { value: values }, []);
    const about = { n: values.length, most, points: Math.round(score ?? 0) };
    mean.textContent = t(score === null ? 'answer.asked' : 'answer.mean', about);
  };
  const person = (/** @type {number} */ index) => {
    const { sample: _, ...one } = item;
    const id = `${item.id}-${index}`;
    const put = (/** @type {Partial<Answer>} */ { value }) => {
      if (value === undefined || Array.isArray(value)) return;
      values[index] = value;
      change({ value: [...values] });
      draw();
    };
    const parts = controlFor({ ...one, id }, { value: values[index] }, put);
    for (const part of parts)
      if (part instanceof HTMLElement) part.classList.replace('rows', 'halves');
    return h(
      'section',
      { 'aria-label': t('answer.person', { n: index + 1 }), data: { person: id } },
      h('p', { class: 'small dim' }, t('answer.person', { n: index + 1 })),
      ...parts,
    );
  };
  draw();
  return h('div', { class: 'stack' }, people, mean);
}
