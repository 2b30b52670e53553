/** This phone: what the browser promised to keep, how much room is left, and the rescue file. */

import { t } from '../i18n/index.js';
import { postRescue } from '../offline/api.js';
import { tell } from '../offline/audits.js';
import { storedBundle } from '../offline/bundle.js';
import { log } from '../offline/db.js';
import { rescueFile, takeIn } from '../offline/rescue.js';
import { askToKeep, choices, choose, promised, space } from '../offline/settings.js';
import { button, h, icon, section } from './dom.js';
import { toast } from './frame.js';
import { hallName, size } from './words.js';

const PHOTO_BYTES = 300_000;

/** @typedef {import('../lib/types.js').Record} Record */

/** @param {Record[]} records */
export async function phoneSection(records) {
  const [kept, room] = await Promise.all([promised().catch(() => 'unknown'), space()]);
  const state = { kept: 'good', not_kept: 'warn', unknown: 'unsure' }[kept] ?? 'unsure';
  const chip = h(
    'span',
    { class: 'chip', data: { state, part: 'persisted' } },
    icon(state === 'good' ? 'check' : 'bang'),
    t(`phone.${kept}`),
  );
  const rows = [
    h('dt', {}, t('phone.keep')),
    h('dd', {}, chip),
    room && h('dt', {}, t('phone.room')),
    room &&
      h(
        'dd',
        {},
        t('phone.photos', {
          n: Math.floor(room.left / PHOTO_BYTES).toLocaleString('en'),
          used: size(room.used),
        }),
      ),
  ];
  const part = section(
    t('phone.title'),
    null,
    h('dl', { class: 'facts small' }, ...rows),
    kept !== 'kept' && h('p', { class: 'why' }, t('phone.not_kept_why')),
    kept === 'not_kept' &&
      button({ label: t('phone.ask'), action: 'persist', kind: 'wide', on: () => void ask() }),
    wifi(),
    ...rescues(records),
  );
  part.classList.add('stack');
  return part;
}

/** The answer depends on how often the page is used; asking again costs nothing. */
async function ask() {
  const kept = await askToKeep().catch(() => 'unknown');
  toast(t(`phone.${kept}`));
  tell('redraw');
}

function wifi() {
  const put = (/** @type {any} */ { target }) => void choose({ wifiOnly: target.checked });
  const input = h('input', {
    type: 'checkbox',
    id: 'wifi',
    checked: choices().wifiOnly,
    on: { change: put },
  });
  const face = h('span', { class: 'face' }, t('phone.wifi'));
  return h('div', { class: 'choices rows' }, h('label', { class: 'choice' }, input, face));
}

/** @param {Record[]} records @returns {Node[]} */
function rescues(records) {
  const unsafe = records.filter(({ emptied_at }) => !emptied_at);
  const out = unsafe.map((record) =>
    button({
      label: t('phone.rescue', { hall: hallName(record.hall) }),
      action: 'rescue-out',
      kind: 'wide',
      icon: 'file',
      on: () => void saveRescue(record),
    }),
  );
  const input = h('input', {
    type: 'file',
    accept: '.zip,application/zip',
    'aria-label': t('phone.take_in'),
    data: { action: 'rescue-in' },
    on: { change: (event) => void takeFile(event.target) },
  });
  const face = h('span', { class: 'btn wide face' }, icon('up'), t('phone.take_in'));
  return [
    ...out,
    h('label', { class: 'choice pick' }, input, face),
    h('p', { class: 'why' }, t('phone.rescue_why')),
  ];
}

/** @param {Record} record */
export async function saveRescue(record) {
  try {
    const file = await rescueFile(record);
    const link = /** @type {HTMLAnchorElement} */ (
      h('a', {
        href: URL.createObjectURL(file),
        download: `notes-${record.id.slice(0, 13)}.zip`,
      })
    );
    link.click();
    window.setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    toast(t('phone.rescued'));
  } catch (error) {
    await log('rescue failed', String(error));
    toast(t('phone.rescue_failed'));
  }
}

/** On this phone when it has room, else straight to the server. @param {HTMLInputElement} input */
async function takeFile(input) {
  const file = input.files?.[0];
  input.value = '';
  if (!file) return;
  const stored = await storedBundle();
  const code = stored?.bundle.auditor.code ?? '';
  try {
    const { id, photos } = await takeIn(file, {
      auditor: code,
      hall: { name: t('phone.rescued_hall') },
    });
    toast(t('phone.taken_in', { n: photos }));
    tell('sync', id);
  } catch (error) {
    await log('rescue not taken in', String(error));
    if (error instanceof RangeError)
      toast(t(error.message === 'older' ? 'phone.older' : 'phone.not_rescue'));
    else await handOver(file);
  }
}

/** @param {File} file */
async function handOver(file) {
  try {
    await postRescue(file);
    toast(t('phone.handed_over'));
  } catch {
    toast(t('phone.rescue_failed'));
  }
}
