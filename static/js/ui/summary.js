/** Before sending: what is missing first, then what was not met, then the times. */

import { knows, say, t } from '../i18n/index.js';
import { missing } from '../lib/completeness.js';
import { finished } from '../lib/document.js';
import { hasValue, standing, walk } from '../lib/walk.js';
import { askForBackgroundSync } from '../offline/shell.js';
import { send } from '../offline/sync.js';
import { button, h, notice, rowLink, section, sign } from './dom.js';
import { documentOf } from './facts.js';
import { go, toast } from './frame.js';
import { eventName } from './journey.js';
import { broken, save } from './open.js';
import { duration, hallName } from './words.js';

/** @typedef {import('./open.js').Open} Open */
/** @typedef {{pointer: string, code: string}} Gap */

/** @param {Open} open @returns {import('./frame.js').Screen} */
export function show(open) {
  const { visit, form, record } = open;
  const { asked } = walk(form, documentOf(open));
  const gaps = record ? gapsOf(open, record.document) : [];
  const problems = record?.problems ?? [];
  const answered = asked.filter(({ item }) =>
    hasValue(documentOf(open).answers[item.id]),
  ).length;
  return {
    name: 'summary',
    title: t('summary.title'),
    back: `#/v/${visit.id}/answers`,
    main: [
      h(
        'p',
        { class: 'lead' },
        hallName(visit.hall),
        ' ',
        h(
          'span',
          { class: 'small dim' },
          t('answers.done', { done: answered, n: asked.length }),
        ),
      ),
      problems.length > 0 && refusedNotice(open, problems),
      gaps.length > 0
        ? gapNotice(open, gaps)
        : notice('good', h('em', {}, t('summary.whole')), h('p', {}, t('summary.whole_why'))),
      failed(open, asked),
      times(open, gaps),
      outcome(open),
    ],
    foot: foot(open, gaps),
  };
}

/** @param {Open} open @param {import('../lib/types.js').AuditDocument} document @returns {Gap[]} */
export const gapsOf = ({ form, tools }, document) => [
  ...missing(form, document),
  ...(tools?.gaps(form, document) ?? []),
];

/** @param {Open} open @param {Gap[]} gaps */
function gapNotice(open, gaps) {
  const links = gaps.map((gap) =>
    h(
      'p',
      {},
      h(
        'a',
        { href: hrefOf(open, gap.pointer), data: { action: 'gap', code: gap.code } },
        sentence(open, gap),
      ),
    ),
  );
  const box = notice('bad', h('em', {}, t('summary.gaps', { n: gaps.length })), ...links);
  box.dataset.part = 'gaps';
  return box;
}

/** @param {Open} open @param {import('../lib/types.js').Problem[]} problems what the server said */
function refusedNotice(open, problems) {
  const links = problems.map(({ pointer, detail }) =>
    h('p', {}, h('a', { href: hrefOf(open, pointer), data: { action: 'problem' } }, detail)),
  );
  const box = notice(
    'bad',
    h('em', {}, t('summary.refused', { n: problems.length })),
    ...links,
  );
  box.dataset.part = 'problems';
  return box;
}

/** @param {Open} open @param {string} pointer */
function hrefOf({ visit, form, tools }, pointer) {
  const own = tools?.href(visit.id, pointer);
  if (own) return own;
  const [, kind, id] = pointer.split('/');
  const item = kind === 'answers' && form.items.find((one) => one.id === id);
  if (item) return `#/v/${visit.id}/section/${item.section}/${item.id}`;
  if (kind === 'marks') return `#/v/${visit.id}/times`;
  return `#/v/${visit.id}/arrive`;
}

/** @param {Open} open @param {Gap} gap */
function sentence({ form, record, tools }, { pointer, code }) {
  const own = tools?.sentence(form, { pointer, code });
  if (own) return own;
  const [, kind, id] = pointer.split('/');
  const item = form.items.find((one) => one.id === id);
  const mark = kind === 'marks' ? record?.document.marks[Number(id)] : undefined;
  const name = mark ? eventName(form, mark.event) : item ? say(item.short) || say(item) : '';
  return knows(`gap.${code}`) ? t(`gap.${code}`, { name }) : `${name} ${code}`;
}

/** @param {Open} open @param {import('../lib/walk.js').Entry[]} asked */
function failed(open, asked) {
  const { answers, today } = documentOf(open);
  const bad = asked.filter(
    ({ item }) =>
      standing(item, answers[item.id], { today, passMark: open.form.pass_mark }) === 'bad',
  );
  if (bad.length === 0) return null;
  const rows = bad.map(({ item }) =>
    rowLink({
      href: `#/v/${open.visit.id}/section/${item.section}/${item.id}`,
      sign: sign('bad', t('answer.no')),
      title: say(item),
      why: [answers[item.id]?.note ?? ''],
      action: 'failed',
    }),
  );
  return section(t('summary.failed'), t('summary.failed_n', { n: bad.length }), ...rows);
}

/** @param {Open} open @param {Gap[]} gaps */
function times(open, gaps) {
  const timed = open.form.items.filter(({ timer }) => timer);
  const { answers } = documentOf(open);
  const rows = timed
    .filter(
      ({ id }) =>
        answers[id]?.value !== undefined && answers[id]?.value !== 'could_not_observe',
    )
    .flatMap((item) => {
      const { value, source } = answers[item.id];
      const word = value === 'never' ? t('answer.never') : duration(Number(value));
      const mark =
        source === 'recalled' && h('span', { class: 'unsure' }, ` ≈${t('answer.recalled')}`);
      return [h('dt', {}, say(item.short) || say(item)), h('dd', {}, word, mark)];
    });
  if (rows.length === 0) return null;
  const isOdd = gaps.some(({ code }) =>
    ['marks-out-of-order', 'clock-disagrees', 'longer-than-stay'].includes(code),
  );
  return section(
    t('summary.times'),
    t(isOdd ? 'summary.times_odd' : 'summary.times_fit'),
    h('dl', { class: 'facts small tnum' }, ...rows),
  );
}

/** How the visit ended; a visit that was cut short may be sent with gaps. @param {Open} open */
function outcome(open) {
  const chosen = open.record?.document.outcome ?? 'completed';
  const put = async (/** @type {any} */ { target }) => {
    const { value } = target;
    await save(({ outcome: _, ...document }) =>
      value === 'completed' ? document : { ...document, outcome: value },
    );
    go(`#/v/${open.visit.id}/summary/${Date.now()}`);
  };
  const ways = open.tools?.outcomes ?? ['completed', 'closed', 'interrupted', 'exposed'];
  const options = ways.map((value) =>
    h('option', { value, selected: value === chosen }, t(`outcome.${value}`)),
  );
  const select = h(
    'select',
    { class: 'input', id: 'outcome', on: { change: put } },
    ...options,
  );
  return section(
    t('summary.outcome'),
    null,
    h(
      'div',
      { class: 'field' },
      h('label', { for: 'outcome', class: 'sr' }, t('summary.outcome')),
      select,
    ),
  );
}

/** @param {Open} open @param {Gap[]} gaps */
function foot(open, gaps) {
  const isSent = open.record?.document.state === 'final' && !open.record.problems.length;
  if (isSent)
    return [
      h(
        'a',
        { class: 'btn wide tall', href: '#/queue', data: { action: 'queue' } },
        t('summary.in_queue'),
      ),
    ];
  if (gaps.length === 0)
    return [
      button({
        label: t('summary.send'),
        action: 'send',
        kind: 'primary wide tall',
        on: () => void finish(open),
      }),
    ];
  const why = t('summary.cannot', { n: gaps.length });
  const blocked = button({
    label: t('summary.send'),
    action: 'send',
    kind: 'wide tall',
    on: () => toast(why),
    'aria-disabled': 'true',
    'aria-describedby': 'whynot',
  });
  return [blocked, h('p', { id: 'whynot', class: 'small dim' }, why)];
}

/** @param {Open} open */
async function finish(open) {
  const { visit, form, record, tools } = open;
  if (!record) return;
  const at = new Date().toISOString();
  const tidied = (/** @type {import('../lib/types.js').AuditDocument} */ document) =>
    tools?.tidied(form, document) ?? document;
  if (gapsOf(open, { ...tidied(record.document), finished_at: at }).length) {
    go(`#/v/${visit.id}/summary/${Date.now()}`);
    return;
  }
  const done = (/** @type {import('../lib/types.js').AuditDocument} */ document) =>
    finished(tidied(document), at);
  if (!(await save(done, { extra: { problems: [] } }))) return;
  go('#/queue');
  await askForBackgroundSync().catch(() => {});
  await send({ force: true }).catch(broken);
}
