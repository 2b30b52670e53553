/** The brief: all that must be known by heart before the door. */

import { say, t } from '../i18n/index.js';
import { walk } from '../lib/walk.js';
import { button, h, icon, linkButton, notice, section } from './dom.js';
import { go, toast } from './frame.js';
import { beginAudit, takeOver } from './open.js';
import { due, hallName, hours } from './words.js';

/** @param {import('./open.js').Open} open @returns {Promise<import('./frame.js').Screen>} */
export async function show(open) {
  const { visit, form, record } = open;
  const { asked, dropped } = walk(form, { today: record?.document.today ?? [], answers: {} });
  return {
    name: 'brief',
    title: hallName(visit.hall),
    back: '#/today',
    main: [
      facts(visit),
      isElsewhere(open) &&
        notice('warn', h('em', {}, t('brief.elsewhere')), h('p', {}, t('brief.elsewhere_why'))),
      persona(visit),
      question(visit),
      visit.brief?.request &&
        section(t('brief.request'), null, h('p', {}, say(visit.brief.request))),
      photos(asked.map(({ item }) => item)),
      counted(asked, dropped.length, visit.id),
    ],
    foot: startFoot(open),
  };
}

/** Whether another phone began it. @param {import('./open.js').Open} open */
export const isElsewhere = ({ visit, record }) => Boolean(visit.audit) && !record;

/** @param {import('./open.js').Open} open */
export const startFoot = (open) => [
  isElsewhere(open) ? overButton(open.visit) : startButton(open),
];

/** @param {import('../lib/types.js').Visit} visit */
export function facts({ hall, due_on }) {
  return h(
    'p',
    { class: 'line small' },
    hall.hours && h('span', {}, icon('clock'), ` ${hours(hall)}`),
    due_on && h('span', { class: 'dim' }, due({ due_on })),
  );
}

/** @param {import('../lib/types.js').Visit} visit */
function persona({ brief, scenario_name }) {
  const scenario = h('em', {}, t('brief.scenario', { name: say(scenario_name) }));
  return h(
    'section',
    {},
    h('p', { class: 'small dim' }, t('brief.who')),
    h('p', {}, say(brief?.persona), ' ', scenario_name && scenario),
  );
}

/** @param {import('../lib/types.js').Visit} visit */
function question({ brief }) {
  if (!brief?.question) return null;
  const answer = h(
    'details',
    { data: { part: 'answer' } },
    h('summary', { class: 'btn quiet' }, t('brief.answer')),
    h('p', { class: 'small' }, say(brief.answer)),
  );
  return section(
    t('brief.ask'),
    null,
    h('p', { class: 'lead say' }, say(brief.question)),
    brief.answer && answer,
  );
}

/** @param {import('../lib/types.js').Item[]} items */
function photos(items) {
  const always = items.filter(({ photo }) => photo === 'always');
  const rows = always.map((item) =>
    h('li', { class: 'line' }, icon('cam'), h('span', {}, say(item.short) || say(item))),
  );
  return section(
    t('brief.photos'),
    t('brief.photos_n', { n: always.length }),
    h('ul', {}, ...rows),
    h('p', { class: 'why' }, t('brief.photos_fail')),
  );
}

/**
 * @param {import('../lib/walk.js').Entry[]} asked
 * @param {number} dropped
 * @param {string} visit
 */
function counted(asked, dropped, visit) {
  const required = asked.filter(({ requirement }) => requirement === 'required').length;
  const numbers = t('brief.counts', { required, optional: asked.length - required, dropped });
  const link = h('a', { href: `#/v/${visit}/why`, data: { action: 'why' } }, t('brief.why'));
  return section(
    t('brief.items'),
    t('count.items', { n: asked.length }),
    h('p', { class: 'small' }, numbers, ' ', link),
  );
}

/** @param {import('./open.js').Open} open */
function startButton({ visit, record }) {
  const kind = 'primary wide tall';
  if (record)
    return linkButton({
      label: t('today.go_on'),
      href: `#/v/${visit.id}/arrive`,
      action: 'go-on',
      kind,
    });
  const begin = async () => {
    if (await beginAudit()) go(`#/v/${visit.id}/arrive`);
  };
  return button({ label: t('brief.begin'), action: 'begin', kind, on: () => void begin() });
}

/** @param {import('../lib/types.js').Visit} visit */
function overButton({ id, audit }) {
  const take = async () => {
    try {
      await takeOver(String(audit));
      go(`#/v/${id}/answers`);
    } catch {
      toast(t('brief.take_failed'));
    }
  };
  return button({
    label: t('brief.take'),
    action: 'take-over',
    kind: 'primary wide tall',
    on: () => void take(),
  });
}
