/** What several screens say of the open audit. */

import { t } from '../i18n/index.js';
import { missing } from '../lib/completeness.js';
import { h, icon } from './dom.js';

/** @typedef {import('./open.js').Open} Open */

/** @param {Open} open @returns {import('../lib/walk.js').Facts} */
export const documentOf = (open) => open.record?.document ?? { today: [], answers: {} };

/** @type {WeakMap<object, Set<string>>} one per document: a tap asks several times */
const found = new WeakMap();

/** Items that still lack something, by id. @param {Open} open @returns {Set<string>} */
export function lacking({ form, record }) {
  if (!record) return new Set();
  const { document } = record;
  const gaps = found.get(document) ?? new Set(missing(form, document).map(itemOf));
  found.set(document, gaps);
  return gaps;
}

/** @param {{pointer: string}} gap */
const itemOf = ({ pointer }) =>
  pointer.startsWith('/answers/') ? pointer.split('/')[2] : pointer;

/** Says that the last change is on the disk. */
export function savedChip() {
  return h(
    'span',
    { class: 'chip', id: 'saved', data: { state: 'good' } },
    icon('check'),
    t('saved.chip'),
  );
}
