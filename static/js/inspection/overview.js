/** All parts of the inspection, and what is still open in each. */

import { t } from '../i18n/index.js';
import { inspectionGaps, tidied } from '../lib/inspection.js';
import { bySection, hasValue, walk } from '../lib/walk.js';
import { sectionRow } from '../ui/answers.js';
import { h, linkButton, rowLink, section, sign } from '../ui/dom.js';
import { documentOf, lacking, savedChip } from '../ui/facts.js';
import { clock, hallName } from '../ui/words.js';
import { word } from './words.js';

/** @typedef {import('../ui/open.js').Open} Open */

/** @param {Open} open @returns {import('../ui/frame.js').Screen} */
export function show(open) {
  const { visit, form } = open;
  const { asked, dropped } = walk(form, documentOf(open));
  const { answers } = documentOf(open);
  const done = asked.filter(({ item }) => hasValue(answers[item.id])).length;
  const gaps = lacking(open);
  const rows = bySection(form, asked).map((group) =>
    sectionRow(visit.id, group, answers, gaps),
  );
  const why = linkButton({
    label: t('section.dropped', { n: dropped.length }),
    href: `#/v/${visit.id}/why`,
    action: 'why',
  });
  const arrive = linkButton({
    label: t('answers.arrive'),
    href: `#/v/${visit.id}/arrive`,
    action: 'arrive',
  });
  return {
    name: 'answers',
    title: hallName(visit.hall),
    small: word('kind'),
    back: '#/today',
    aside: [savedChip()],
    main: [
      h('progress', { max: asked.length, value: done, 'aria-label': t('section.progress') }),
      h('p', { class: 'small dim' }, t('answers.done', { done, n: asked.length })),
      section(t('answers.sections'), null, recheckRow(open), ...rows, signRow(open)),
      h('p', { class: 'line' }, arrive, why),
    ],
    foot: [onward(open, gaps.size)],
  };
}

/** @param {Open} open */
function recheckRow({ visit, form, record }) {
  const findings = form.findings ?? [];
  if (findings.length === 0) return null;
  const done = findings.filter(({ id }) => record?.document.rechecks?.[id]?.result).length;
  const words = word('recheck.done', { n: findings.length, done });
  return rowLink({
    href: `#/v/${visit.id}/rechecks`,
    sign: sign(done === findings.length ? 'good' : 'todo', words),
    title: word('list.rechecks'),
    why: [words],
    action: 'rechecks',
  });
}

/** @param {Open} open */
function signRow({ visit, record }) {
  const signature = record?.document.signature;
  const words = spoken(signature);
  return rowLink({
    href: `#/v/${visit.id}/sign`,
    sign: sign(signature?.state === 'signed' ? 'good' : 'todo', words),
    title: word('list.sign'),
    why: [words],
    action: 'sign',
  });
}

/** @param {import('../lib/types.js').Signature | undefined} signature */
function spoken(signature) {
  if (!signature) return word('list.sign_todo');
  const { state, position = '', at } = signature;
  if (state === 'refused') return word('list.refused');
  return word('list.signed', { position, time: clock(at) });
}

/** @param {Open} open @param {number} gaps of the items */
function onward({ visit, form, record }, gaps) {
  const own = record ? inspectionGaps(form, tidied(form, record.document)) : [];
  const isReady = gaps === 0 && own.every(({ pointer }) => pointer === '/signature');
  const isSignNext = isReady && own.length > 0;
  return linkButton({
    label: isSignNext ? word('list.on_to_sign') : t('section.finish'),
    href: `#/v/${visit.id}/${isSignNext ? 'sign' : 'summary'}`,
    action: isSignNext ? 'sign' : 'summary',
    kind: 'primary wide tall',
  });
}
