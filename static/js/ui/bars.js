/** How far the photos of a record have come. */

import { t } from '../i18n/index.js';
import { h } from './dom.js';
import { size } from './words.js';

/** @typedef {import('../lib/types.js').Record} Record */
/** @typedef {import('../lib/types.js').Row} Row */

/** @param {Record} record @param {Row} [row] */
export function tally({ document }, row) {
  const left = document.evidence.filter(({ sha256 }) => !row?.sent[sha256]);
  const bytes = left.reduce((sum, photo) => sum + photo.bytes, 0);
  return { all: document.evidence.length, sent: document.evidence.length - left.length, bytes };
}

/** @param {Record} record @param {Row} [row] */
export function photoBars({ document }, row) {
  if (document.evidence.length === 0) return null;
  const bars = document.evidence.map(({ sha256, bytes }, index) => {
    const isSent = Boolean(row?.sent[sha256]);
    const name = t('queue.photo', { n: index + 1 });
    const bar = h('progress', {
      max: bytes,
      value: isSent ? bytes : 0,
      'aria-label': name,
      data: { sha: sha256, state: row?.bad[sha256] ? 'bad' : undefined },
    });
    return h(
      'li',
      {},
      h('span', { class: 'sr' }, name),
      h('span', { class: 'small' }, `${index + 1}`),
      h('span', { class: 'small dim' }, isSent ? t('queue.there') : size(bytes)),
      bar,
    );
  });
  return h(
    'details',
    {},
    h('summary', { class: 'btn quiet' }, t('queue.each')),
    h('ul', { class: 'job' }, ...bars),
  );
}

/** One bar moves; nothing is drawn again. @param {{sha256: string, sent: number}} progress */
export function progressed({ sha256, sent }) {
  const bar = document.querySelector(`progress[data-sha="${sha256}"]`);
  bar?.setAttribute('value', String(sent));
}
