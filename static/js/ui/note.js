/** An ordinary page of notes, for when someone looks. What is typed here stays on this phone. */

import { t } from '../i18n/index.js';
import { recall, remember } from '../offline/db.js';
import { h, icon } from './dom.js';

/** @param {import('./open.js').Open} open @returns {Promise<import('./frame.js').Screen>} */
export async function show(open) {
  const area = /** @type {HTMLTextAreaElement} */ (
    h('textarea', { class: 'input paper', 'aria-label': t('hall.title'), rows: 16 })
  );
  area.value = (await recall('note').catch(() => '')) ?? '';
  area.addEventListener('input', () => void remember('note', area.value).catch(() => {}));
  const back = h(
    'a',
    {
      class: 'btn icon',
      href: `#/v/${open.visit.id}/hall`,
      'aria-label': t('hall.title'),
      data: { action: 'notes-back' },
    },
    icon('file'),
  );
  return { name: 'note', title: t('hall.title'), theme: 'quiet', aside: [back], main: [area] };
}
