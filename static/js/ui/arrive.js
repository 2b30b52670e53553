/** At the door: where we are, what is true today, the front, and what can be seen from outside. */

import { readPosition } from '../capture/position.js';
import { say, t } from '../i18n/index.js';
import { withToday } from '../lib/document.js';
import { distanceMetres } from '../lib/place.js';
import { bySection, hasValue, walk } from '../lib/walk.js';
import { remember } from '../offline/db.js';
import { button, h, icon, linkButton, section } from './dom.js';
import { documentOf, savedChip } from './facts.js';
import { go } from './frame.js';
import { save } from './open.js';
import { photoStrip } from './photos.js';
import { clock, distance, hallName } from './words.js';

/** @typedef {import('./open.js').Open} Open */

/** @param {Open} open @returns {import('./frame.js').Screen} */
export function show(open) {
  const { visit, form } = open;
  return {
    name: 'arrive',
    title: hallName(visit.hall),
    back: `#/v/${visit.id}/brief`,
    aside: [savedChip()],
    main: [
      section(t('arrive.where'), null, place(open)),
      form.today.length > 0 && section(t('arrive.today'), t('arrive.today_n'), facts(open)),
      front(open),
      section(t('arrive.closed'), null, closed(open)),
    ],
    foot: [onward(open)],
  };
}

/** @param {Open} open */
function place(open) {
  const said = h('p', { class: 'small', 'aria-live': 'polite' });
  const known = open.record?.document.positions.at(-1);
  const read = button({
    label: t(known ? 'arrive.again' : 'arrive.read'),
    action: 'position',
    kind: 'wide tall',
    icon: 'pin',
    on: () => void take(),
  });
  const take = async () => {
    said.textContent = t('arrive.reading');
    const position = await readPosition();
    if (typeof position === 'string') {
      said.textContent = t(`arrive.${position}`);
      return;
    }
    await save((document) => ({ ...document, positions: [...document.positions, position] }));
    await remember('position', position).catch(() => {});
    report(said, open, position);
  };
  if (known) report(said, open, known);
  return h('div', { class: 'stack' }, said, read);
}

/** @param {HTMLElement} said @param {Open} open @param {import('../lib/types.js').Position} position */
function report(said, open, position) {
  const { lat, lon, radius_m = 200 } = open.visit.hall;
  const time = position.at ? clock(position.at) : '';
  if (typeof lat !== 'number' || typeof lon !== 'number') {
    said.replaceChildren(t('arrive.stored', { time }));
    return;
  }
  const metres = distanceMetres(position, { lat, lon });
  const isFar = metres - position.accuracy_m > radius_m;
  const words = { metres: distance(metres), time, accuracy: position.accuracy_m };
  said.className = isFar ? 'small warn' : 'small good';
  said.replaceChildren(
    icon(isFar ? 'bang' : 'check'),
    ' ',
    t(isFar ? 'arrive.far' : 'arrive.near', words),
  );
}

/** @param {Open} open */
function facts(open) {
  const holds = documentOf(open).today;
  const boxes = open.form.today.map((fact) => {
    const put = async (/** @type {any} */ { target }) => {
      const isStored = await save((document) => withToday(document, fact.id, target.checked));
      if (!isStored) target.checked = !target.checked;
    };
    const input = h('input', {
      type: 'checkbox',
      value: fact.id,
      checked: holds.includes(fact.id),
      id: `today-${fact.id}`,
      on: { change: put },
    });
    return h('label', { class: 'choice' }, input, h('span', { class: 'face' }, say(fact)));
  });
  return h(
    'fieldset',
    { class: 'choices halves' },
    h('legend', { class: 'sr' }, t('arrive.today')),
    ...boxes,
  );
}

/** The front, with the item that always wants its photo. @param {Open} open */
function front(open) {
  const item = open.form.items.find(
    ({ answer_at, photo }) => answer_at === 'outside' && photo === 'always',
  );
  if (!item) return null;
  const again = () => go(`#/v/${open.visit.id}/arrive/${Date.now()}`);
  return section(t('arrive.front'), t('arrive.front_why'), photoStrip(open, item.id, again));
}

/** @param {Open} open */
function closed(open) {
  const isClosed = open.record?.document.outcome === 'closed';
  const put = (/** @type {any} */ { target }) =>
    void save(({ outcome: _, ...document }) =>
      target.checked ? { ...document, outcome: 'closed' } : document,
    ).then(() => go(`#/v/${open.visit.id}/arrive/${Date.now()}`));
  const input = h('input', {
    type: 'checkbox',
    id: 'closed',
    checked: isClosed,
    on: { change: put },
  });
  const face = h('span', { class: 'face' }, t('arrive.closed_box'));
  return h('div', { class: 'choices rows' }, h('label', { class: 'choice' }, input, face));
}

/** @param {Open} open */
function onward(open) {
  const { visit, form } = open;
  const kind = 'primary wide tall';
  const to = (/** @type {string} */ where) => `#/v/${visit.id}/${where}`;
  if (open.record?.document.outcome === 'closed')
    return linkButton({
      label: t('section.finish'),
      href: to('summary'),
      action: 'summary',
      kind,
    });
  const { asked } = walk(form, documentOf(open));
  const outside = bySection(form, asked).filter(
    ({ section: part }) => part.answer_at === 'outside',
  );
  const items = outside.flatMap(({ entries }) => entries);
  const open_ = items.filter(({ item }) => !hasValue(documentOf(open).answers[item.id])).length;
  if (open_ > 0)
    return linkButton({
      label: t('arrive.outside', { n: open_ }),
      href: to(`section/${outside[0].section.id}`),
      action: 'outside',
      kind,
    });
  if (form.events.length)
    return linkButton({ label: t('section.go_in'), href: to('hall'), action: 'go-in', kind });
  return linkButton({
    label: t('section.start'),
    href: to('answers'),
    action: 'answers',
    kind,
  });
}
