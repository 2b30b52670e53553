/** Today: the one next thing, what came back, what is later, what has arrived. */

import { say, t } from '../i18n/index.js';
import { distanceMetres } from '../lib/place.js';
import { recordState } from '../lib/queue.js';
import { listAudits } from '../offline/audits.js';
import { storedBundle, storedForms } from '../offline/bundle.js';
import { recall } from '../offline/db.js';
import { hasWorker, isEquipped } from '../offline/shell.js';
import { signal } from '../offline/sync.js';
import { h, icon, linkButton, notice, rowLink, section, sign } from './dom.js';
import { clock, date, distance, due, hallName, hours, moment, weekday } from './words.js';

/** @typedef {import('../lib/types.js').Visit} Visit */
/** @typedef {import('../lib/types.js').Record} Record */
/** @typedef {import('../lib/types.js').Row} Row */
/** @typedef {{visit: Visit, record?: Record, row?: Row, metres: number | null}} Entry */

const OPEN_STATES = ['planned', 'assigned', 'under_way'];

/** @returns {Promise<import('./frame.js').Screen>} */
export async function show() {
  const [stored, { records, rows }, forms, here] = await Promise.all([
    storedBundle(),
    listAudits(),
    storedForms(),
    recall('position'),
  ]);
  const now = new Date();
  const screen = {
    name: 'today',
    title: t('tab.today'),
    small: `${date(now)} ${weekday(now)}`,
    tab: /** @type {const} */ ('today'),
  };
  if (!stored) return { ...screen, main: nothingYet() };
  const { auditor, visits } = stored.bundle;
  const mine = records.filter((record) => record.auditor === auditor.code);
  const entries = visits.map((visit) => entryOf(visit, mine, rows, here));
  const isReady =
    stored.bundle.forms.every((digest) => forms.includes(digest)) &&
    (!visits.some(({ kind }) => kind === 'open_inspection') || (await isEquipped()));
  return { ...screen, aside: [chip(isReady)], main: [...warnings(mine), ...parts(entries)] };
}

/**
 * @param {Visit} visit
 * @param {Record[]} records
 * @param {Row[]} rows
 * @param {{lat: number, lon: number} | undefined} here
 * @returns {Entry}
 */
function entryOf(visit, records, rows, here) {
  const record = records.find((one) => one.visit === visit.id);
  const { lat, lon } = visit.hall;
  const isKnown = here && typeof lat === 'number' && typeof lon === 'number';
  const metres = isKnown ? distanceMetres(here, { lat, lon }) : null;
  return { visit, record, row: record && rows.find((one) => one.audit === record.id), metres };
}

/** @param {boolean} isReady */
function chip(isReady) {
  const [state, word] = isReady ? ['good', t('today.ready')] : ['warn', t('today.not_ready')];
  return h('span', { class: 'chip', data: { state } }, icon(isReady ? 'check' : 'bang'), word);
}

function nothingYet() {
  const words =
    signal.state === 'signed_out'
      ? ['sign_in.title', 'sign_in.why']
      : ['empty.loading', 'empty.loading_why'];
  const link = linkButton({
    label: t('sign_in.go'),
    href: '/sign-in?next=/field/',
    action: 'sign-in',
    kind: 'primary',
  });
  const offer =
    signal.state === 'unknown'
      ? [h('span', { class: 'skel' }), h('span', { class: 'skel' })]
      : [link];
  return [
    h('div', { class: 'empty' }, h('h2', {}, t(words[0])), h('p', {}, t(words[1])), ...offer),
  ];
}

/** @param {Record[]} records */
function warnings(records) {
  const found = [];
  if (signal.state === 'signed_out') {
    const link = h(
      'a',
      { href: '/sign-in?next=/field/', data: { action: 'sign-in' } },
      t('sign_in.go'),
    );
    found.push(
      notice('warn', h('em', {}, t('sign_in.again')), h('p', {}, t('sign_in.safe'), ' ', link)),
    );
  }
  if (!hasWorker)
    found.push(notice('warn', h('em', {}, t('worker.none')), h('p', {}, t('worker.way'))));
  const old = records.find((record) => isOld(record));
  if (old)
    found.push(
      notice(
        'warn',
        h('em', {}, t('today.unsent_old', { hall: hallName(old.hall) })),
        h('p', {}, t('today.unsent_why')),
      ),
    );
  return found;
}

/** iOS forgets a page's data after seven idle days; warn long before. @param {Record} record */
function isOld(record) {
  const isSafe = record.remote && record.remote.revision >= record.document.revision;
  return !isSafe && Date.now() - Date.parse(record.changed_at) > 2 * 86_400_000;
}

/** @param {Entry[]} entries */
function parts(entries) {
  const returned = entries.filter(
    ({ visit, record }) => visit.returned?.length && !isAnswered(visit, record),
  );
  const rest = entries.filter((entry) => !returned.includes(entry));
  const isDone = (/** @type {Entry} */ { visit, record }) =>
    record
      ? record.document.state === 'final' && !record.problems.length
      : !OPEN_STATES.includes(visit.state);
  const open = rest.filter((entry) => !isDone(entry)).sort(nearest);
  const done = rest.filter(isDone);
  const waiting = done.filter(({ row }) => row);
  const arrived = done.filter(({ row }) => !row);
  const [next, ...later] = open;
  return [
    next
      ? hero(next)
      : h(
          'div',
          { class: 'empty' },
          h('h2', {}, t('today.none')),
          h('p', {}, t('today.none_why')),
        ),
    returned.length > 0 &&
      section(
        t('today.returned'),
        t('count.items', { n: count(returned) }),
        ...returned.flatMap(questions),
      ),
    later.length > 0 &&
      section(
        t('today.later'),
        t(later[0].metres === null ? 'today.by_date' : 'today.by_distance'),
        ...later.map(laterRow),
      ),
    waiting.length > 0 && section(t('today.waiting'), null, ...waiting.map(doneRow)),
    arrived.length > 0 && section(t('today.done'), null, ...arrived.map(doneRow)),
  ];
}

/** All that was asked has been answered and is on its way. @param {Visit} visit @param {Record | undefined} record */
function isAnswered(visit, record) {
  if (record?.document.state !== 'final') return false;
  return (visit.returned ?? []).every(
    ({ item, asked_at }) => (record.document.answers[item]?.at ?? '') > asked_at,
  );
}

/** @param {Entry[]} entries */
const count = (entries) =>
  entries.reduce((sum, { visit }) => sum + (visit.returned?.length ?? 0), 0);

/** A begun one first, then the nearest, then the earliest. @param {Entry} a @param {Entry} b */
function nearest(a, b) {
  const begun = Number(Boolean(b.record)) - Number(Boolean(a.record));
  if (begun) return begun;
  if (a.metres !== null && b.metres !== null) return a.metres - b.metres;
  return a.visit.due_on < b.visit.due_on ? -1 : 1;
}

/** @param {Entry} entry */
function hero({ visit, record, metres }) {
  const { hall } = visit;
  const facts = [
    metres !== null && h('span', {}, icon('pin'), ` ${distance(metres)}`),
    hall.hours && h('span', {}, t('today.hours', { hours: hours(hall) })),
  ];
  const task = [h('em', {}, say(visit.scenario_name)), h('span', { class: 'dim' }, due(visit))];
  const way = record
    ? { label: t('today.go_on'), to: resume(record) }
    : { label: t('today.brief'), to: 'brief' };
  return h(
    'section',
    { class: 'hero', data: { visit: visit.id } },
    h('p', { class: 'small dim' }, t(record ? 'today.begun' : 'today.next')),
    h('h2', {}, hallName(hall)),
    h('p', { class: 'line small' }, ...facts),
    h('p', { class: 'line small' }, ...task),
    linkButton({
      label: way.label,
      href: `#/v/${visit.id}/${way.to}`,
      action: 'next',
      kind: 'primary wide tall',
    }),
  );
}

/** Where a begun audit goes on. @param {Record} record */
function resume({ document, problems }) {
  if (problems.length) return 'summary';
  const marked = document.marks.map(({ event }) => event);
  if (marked.includes('leave')) return 'answers';
  return marked.length ? 'hall' : 'arrive';
}

/** @param {Entry} entry @returns {Node[]} */
function questions({ visit }) {
  return (visit.returned ?? []).map(({ item, question, due_at }) =>
    rowLink({
      href: `#/v/${visit.id}/fix/${item}`,
      sign: sign('bad', t('today.returned')),
      title: h('em', {}, hallName(visit.hall)),
      why: [
        t('today.asks', { question }),
        h(
          'span',
          { class: 'why warn' },
          t('today.answer_by', { time: due_at ? moment(due_at) : '' }),
        ),
      ],
      state: 'fail',
      action: 'fix',
    }),
  );
}

/** @param {Entry} entry */
function laterRow({ visit, record, metres }) {
  const why = [metres !== null && distance(metres), say(visit.scenario_name), due(visit)];
  return rowLink({
    href: `#/v/${visit.id}/${record ? resume(record) : 'brief'}`,
    sign: record ? sign('unsure', t('today.begun')) : sign('todo', t('today.not_begun')),
    title: hallName(visit.hall),
    why: [why.filter(Boolean).join(t('comma'))],
    action: 'later',
  });
}

/** @param {Entry} entry */
function doneRow({ visit, record, row }) {
  const state = record ? recordState(record, row) : 'arrived';
  const isGood = state === 'delivered' || state === 'arrived';
  const href = record
    ? record.remote?.receipt
      ? `#/receipt/${record.id}`
      : '#/queue'
    : '#/today';
  const word = t(`done.${state}`, {
    time: record?.sent_at ? moment(record.sent_at) : clock(new Date()),
  });
  return rowLink({
    href,
    sign: isGood ? sign('good', t('done.sign')) : sign('unsure', t('done.waiting')),
    title: hallName(visit.hall),
    why: [record ? word : t('done.visit')],
    action: 'done',
  });
}
