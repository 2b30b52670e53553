/** What waits, what is in trouble, what has arrived; and this phone's own state. */

import { t } from '../i18n/index.js';
import { recordState } from '../lib/queue.js';
import { changes, emptyAudit, listAudits, photoKeys, settleAudit } from '../offline/audits.js';
import { storedBundle } from '../offline/bundle.js';
import { mayUsePhotosNow } from '../offline/settings.js';
import { send, signal } from '../offline/sync.js';
import { photoBars, progressed, tally } from './bars.js';
import { button, h, linkButton, notice, section, sign } from './dom.js';
import { toast } from './frame.js';
import { broken } from './open.js';
import { phoneSection, saveRescue } from './phone.js';
import { clock, hallName, moment, size } from './words.js';

/** @typedef {import('../lib/types.js').Record} Record */
/** @typedef {import('../lib/types.js').Row} Row */
/** @typedef {{record: Record, row?: Row, state: ReturnType<typeof recordState>, isMine: boolean, held: number}} Entry */

/** @returns {Promise<import('./frame.js').Screen>} */
export async function show() {
  const [{ records, rows }, stored] = await Promise.all([listAudits(), storedBundle()]);
  const entries = await Promise.all(
    records.map((record) => entryOf(record, rows, stored?.bundle.auditor.code)),
  );
  const of = (/** @type {string[]} */ ...states) =>
    entries.filter(({ state }) => states.includes(state));
  const [sending, trouble, drafts, done] = [
    of('sending'),
    of('conflict', 'refused', 'unreadable'),
    of('draft'),
    of('delivered', 'arrived'),
  ];
  const onProgress = (/** @type {any} */ { detail }) => progressed(detail);
  changes.addEventListener('progress', onProgress);
  return {
    name: 'queue',
    title: t('tab.queue'),
    aside: [
      h('span', { class: 'chip', data: { part: 'signal' } }, t(`signal.${signal.state}`)),
    ],
    main: [
      signal.state === 'signed_out' && signIn(),
      entries.length === 0 &&
        h(
          'div',
          { class: 'empty' },
          h('h2', {}, t('queue.empty')),
          h('p', {}, t('queue.empty_why')),
        ),
      ...sending.map(sendingPart),
      trouble.length > 0 &&
        section(
          t('queue.trouble'),
          t('queue.trouble_n', { n: trouble.length }),
          ...trouble.map(troublePart),
        ),
      drafts.length > 0 &&
        section(t('queue.drafts'), t('queue.drafts_why'), ...drafts.map(draftPart)),
      done.length > 0 && section(t('queue.receipts'), null, ...done.map(donePart)),
      await phoneSection(records),
    ],
    tab: 'queue',
    leave: () => changes.removeEventListener('progress', onProgress),
  };
}

function signIn() {
  const link = h(
    'a',
    { href: '/sign-in?next=/field/', data: { action: 'sign-in' } },
    t('sign_in.go'),
  );
  return notice(
    'warn',
    h('em', {}, t('sign_in.again')),
    h('p', {}, t('sign_in.safe'), ' ', link),
  );
}

/** @param {Record} record @param {Row[]} rows @param {string | undefined} code @returns {Promise<Entry>} */
async function entryOf(record, rows, code) {
  const row = rows.find(({ audit }) => audit === record.id);
  const held = (await photoKeys(record.id)).length;
  return {
    record,
    row,
    state: recordState(record, row),
    isMine: record.auditor === code,
    held,
  };
}

/** @param {Entry} entry */
function sendingPart({ record, row, isMine }) {
  const { all, sent, bytes } = tally(record, row);
  const words = all
    ? t('queue.photos', {
        sent,
        n: all,
        left: bytes ? t('queue.left', { size: size(bytes) }) : '',
      })
    : t('queue.form_only');
  const wait =
    row && row.next_at > Date.now()
      ? t('queue.next_try', { time: clock(row.next_at, true) })
      : t('queue.soon');
  return h(
    'section',
    { class: 'stack', data: { audit: record.id, state: 'sending' } },
    h('h2', {}, hallName(record.hall)),
    h('progress', { max: all + 1, value: sent, 'aria-label': words, class: 'whole' }),
    h(
      'p',
      { class: 'line between small' },
      h('span', { class: 'tnum' }, words),
      h('span', { class: 'dim' }, wait),
    ),
    row?.reason && h('p', { class: 'why', data: { part: 'reason' } }, t(`wait.${row.reason}`)),
    h('p', { class: 'why' }, isMine ? t('queue.how') : t('queue.not_mine')),
    button({
      label: t('queue.send_now'),
      action: 'send-now',
      kind: 'primary wide tall',
      on: () => void sendNow(),
    }),
    photoBars(record, row),
  );
}

async function sendNow() {
  if (!mayUsePhotosNow()) toast(t('queue.mobile'));
  await send({ force: true }).catch(broken);
  if (signal.state === 'offline') toast(t('wait.no_signal'));
}

/** @param {Entry} entry @param {'bad'|'unsure'|'good'} mark @param {string} word @param {...import('./dom.js').Child} parts */
function card({ record, state }, mark, word, ...parts) {
  const [lines, ways] = [parts.slice(0, -1), parts.at(-1)];
  const head = h('span', {}, h('em', {}, hallName(record.hall)), ...lines);
  return h(
    'div',
    {
      class: 'item',
      data: { audit: record.id, state: mark === 'bad' ? 'fail' : undefined, record: state },
    },
    sign(mark, word),
    head,
    h('span', {}),
    ways,
  );
}

/** @param {string | number | undefined | null} line @param {string} [kind] */
const why = (line, kind = '') => h('span', { class: `why ${kind}`.trim() }, line);

/** @param {Entry} entry */
function troublePart(entry) {
  const { record, row, state } = entry;
  const visit = `#/v/${record.visit}`;
  if (state === 'conflict') {
    return card(
      entry,
      'bad',
      t('queue.trouble'),
      why(t('conflict.title')),
      linkButton({ label: t('queue.compare'), href: `${visit}/conflict`, action: 'conflict' }),
    );
  }
  if (state === 'unreadable') return unreadable(entry);
  const retry = button({
    label: t('queue.again'),
    action: 'retry',
    on: () => void retryRecord(record.id),
  });
  const fix = linkButton({
    label: t('queue.correct'),
    href: `${visit}/summary`,
    action: 'correct',
  });
  const lines = record.problems.slice(0, 3).map(({ detail }) => why(detail));
  const badPhotos = Object.keys(row?.bad ?? {}).length;
  const more = badPhotos > 0 && why(t('queue.bad_photos', { n: badPhotos }));
  return card(
    entry,
    'bad',
    t('queue.trouble'),
    ...lines,
    more,
    h('div', { class: 'two' }, fix, retry),
  );
}

/** @param {Entry} entry */
function unreadable(entry) {
  const { record } = entry;
  const bad = record.remote?.evidence.unreadable ?? [];
  const photo = record.document.evidence.find(({ sha256 }) => sha256 === bad[0]);
  const href = photo?.item
    ? `#/v/${record.visit}/fix/${photo.item}`
    : `#/v/${record.visit}/answers`;
  const retake = linkButton({ label: t('queue.retake'), href, action: 'retake' });
  return card(
    entry,
    'bad',
    t('queue.trouble'),
    why(t('queue.unreadable', { n: bad.length })),
    retake,
  );
}

/** @param {string} id */
async function retryRecord(id) {
  await settleAudit(id, (record, row) => ({
    record: { ...record, problems: [] },
    row: row && { ...row, stopped: false, bad: {}, next_at: 0 },
  }));
  await send({ force: true }).catch(broken);
}

/** @param {Entry} entry */
function draftPart(entry) {
  const { record } = entry;
  const isSafe = record.remote && record.remote.revision >= record.document.revision;
  const line = isSafe
    ? t('queue.mirrored', { time: moment(record.sent_at ?? '') })
    : t('queue.only_here', { time: moment(record.changed_at) });
  const open = linkButton({
    label: t('today.go_on'),
    href: `#/v/${record.visit}/answers`,
    action: 'go-on',
  });
  const rescue = button({
    label: t('queue.rescue'),
    action: 'rescue',
    on: () => void saveRescue(record),
  });
  return card(
    entry,
    isSafe ? 'good' : 'unsure',
    line,
    why(line),
    h('div', { class: 'two' }, open, rescue),
  );
}

/** @param {Entry} entry */
function donePart(entry) {
  const { record, state, held } = entry;
  const time = record.sent_at ? moment(record.sent_at) : '';
  const isSafe = state === 'delivered';
  const line = isSafe
    ? t('queue.delivered', { time, n: record.document.evidence.length })
    : t('queue.arrived', { time });
  const bytes = record.document.evidence.reduce((sum, photo) => sum + photo.bytes, 0);
  const empty = () => void emptyAudit(record.id).then(() => toast(t('queue.emptied')), broken);
  const drop =
    held > 0 && isSafe
      ? button({
          label: t('queue.empty_it', { size: size(bytes) }),
          action: 'empty',
          on: empty,
        })
      : why(isSafe ? t('queue.is_empty') : t('queue.keep'));
  const receipt =
    isSafe &&
    linkButton({
      label: t('queue.receipt'),
      href: `#/receipt/${record.id}`,
      action: 'receipt',
    });
  return card(
    entry,
    'good',
    t('done.sign'),
    why(line),
    h('div', { class: 'two' }, drop, receipt),
  );
}
