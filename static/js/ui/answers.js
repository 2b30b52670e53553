/** All sections in walking order, and what is still open in each. */

import { say, t } from '../i18n/index.js';
import { withPhoto } from '../lib/document.js';
import { bySection, hasValue, walk } from '../lib/walk.js';
import { h, linkButton, rowLink, section, sign } from './dom.js';
import { documentOf, lacking, savedChip } from './facts.js';
import { go } from './frame.js';
import { save } from './open.js';
import { photoStrip } from './photos.js';
import { hallName } from './words.js';

/** @param {import('./open.js').Open} open @returns {import('./frame.js').Screen} */
export function show(open) {
  const { visit, form } = open;
  const { asked, dropped } = walk(form, documentOf(open));
  const { answers } = documentOf(open);
  const gaps = lacking(open);
  const done = asked.filter(({ item }) => hasValue(answers[item.id])).length;
  const rows = bySection(form, asked).map((group) =>
    sectionRow(visit.id, group, answers, gaps),
  );
  const hasClock = form.events.length > 0;
  return {
    name: 'answers',
    title: hallName(visit.hall),
    back: '#/today',
    aside: [savedChip()],
    main: [
      h('progress', { max: asked.length, value: done, 'aria-label': t('section.progress') }),
      h('p', { class: 'small dim' }, t('answers.done', { done, n: asked.length })),
      ...loosePhotos(open, asked),
      section(t('answers.sections'), null, ...rows),
      h('p', { class: 'line' }, ...ways(visit.id, hasClock, dropped.length)),
    ],
    foot: [
      linkButton({
        label: t('section.finish'),
        href: `#/v/${visit.id}/summary`,
        action: 'summary',
        kind: 'primary wide tall',
      }),
    ],
  };
}

/**
 * @param {string} visit
 * @param {boolean} hasClock
 * @param {number} dropped
 */
function ways(visit, hasClock, dropped) {
  const arrive = linkButton({
    label: t('answers.arrive'),
    href: `#/v/${visit}/arrive`,
    action: 'arrive',
  });
  const hall = linkButton({
    label: t('answers.hall'),
    href: `#/v/${visit}/hall`,
    action: 'hall',
  });
  const times = linkButton({
    label: t('answers.times'),
    href: `#/v/${visit}/times`,
    action: 'times',
  });
  const why = linkButton({
    label: t('section.dropped', { n: dropped }),
    href: `#/v/${visit}/why`,
    action: 'why',
  });
  return hasClock ? [arrive, hall, times, why] : [arrive, why];
}

/**
 * @param {string} visit
 * @param {ReturnType<typeof bySection>[number]} group
 * @param {Record<string, import('../lib/types.js').Answer>} answers
 * @param {Set<string>} gaps
 */
export function sectionRow(visit, { section: part, entries }, answers, gaps) {
  const done = entries.filter(({ item }) => hasValue(answers[item.id])).length;
  const open = entries.filter(({ item }) => gaps.has(item.id)).length;
  const isDone = open === 0;
  const words = isDone ? t('answers.complete') : t('answers.open', { n: open });
  return rowLink({
    href: `#/v/${visit}/section/${part.id}`,
    sign: isDone ? sign('good', words) : sign('todo', words),
    title: say(part),
    why: [`${done}/${entries.length}${t('comma')}${words}`],
    action: 'section',
  });
}

/**
 * Photos taken in passing; each is given its item here.
 * @param {import('./open.js').Open} open
 * @param {import('../lib/walk.js').Entry[]} asked
 * @returns {Node[]}
 */
function loosePhotos(open, asked) {
  const loose = (open.record?.document.evidence ?? []).filter(({ item }) => !item);
  if (loose.length === 0) return [];
  const again = () => go(`#/v/${open.visit.id}/answers/${Date.now()}`);
  const strip = photoStrip(open, null, again);
  const pickers = loose.map((photo, index) => picker(photo, index, asked, again));
  return [
    section(t('answers.loose'), t('answers.loose_n', { n: loose.length }), strip, ...pickers),
  ];
}

/**
 * @param {import('../lib/types.js').Evidence} photo
 * @param {number} index
 * @param {import('../lib/walk.js').Entry[]} asked
 * @param {() => void} again
 */
function picker(photo, index, asked, again) {
  const id = `photo-${index}`;
  const put = async (/** @type {any} */ event) => {
    const item = event.target.value;
    if (item && (await save((document) => withPhoto(document, { ...photo, item })))) again();
  };
  const options = asked.map(({ item }) =>
    h('option', { value: item.id }, say(item.short) || say(item)),
  );
  const select = h(
    'select',
    { class: 'input', id, on: { change: put } },
    h('option', { value: '' }, t('answers.loose_pick')),
    ...options,
  );
  return h(
    'div',
    { class: 'field' },
    h('label', { for: id }, t('answers.loose_label', { n: index + 1 })),
    select,
  );
}
