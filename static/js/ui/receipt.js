/** The server's signed word that it holds everything. */

import { t } from '../i18n/index.js';
import { loadAudit } from '../offline/audits.js';
import { button, h, notice, sign } from './dom.js';
import { toast } from './frame.js';
import { hallName, moment } from './words.js';

/** @param {string} id @returns {Promise<import('./frame.js').Screen>} */
export async function show(id) {
  const record = await loadAudit(id);
  const receipt = record?.remote?.receipt;
  const screen = { name: 'receipt', title: t('queue.receipts'), back: '#/queue' };
  if (!record || !receipt) return { ...screen, main: [notice('warn', t('receipt.none'))] };
  const copy = async () => {
    await navigator.clipboard?.writeText(receipt).catch(() => {});
    toast(t('receipt.copied'));
  };
  const facts = [
    [t('receipt.hall'), hallName(record.hall)],
    [t('receipt.time'), record.sent_at ? moment(record.sent_at) : ''],
    [t('receipt.photos'), record.document.evidence.length],
    [t('conflict.revision'), record.remote?.revision],
    [t('receipt.id'), h('span', { class: 'mono' }, record.id)],
  ];
  const rows = facts.flatMap(([name, value]) => [
    h('dt', {}, /** @type {string} */ (name)),
    h('dd', {}, value),
  ]);
  return {
    ...screen,
    main: [
      h(
        'p',
        { class: 'line lead' },
        sign('good', t('done.sign')),
        h('em', {}, t('receipt.whole')),
      ),
      h('dl', { class: 'facts' }, ...rows),
      h('p', { class: 'why' }, t('receipt.why')),
      h('p', { class: 'mono small code', data: { part: 'receipt' } }, receipt),
    ],
    foot: [
      button({
        label: t('receipt.copy'),
        action: 'copy',
        kind: 'wide tall',
        on: () => void copy(),
      }),
    ],
  };
}
