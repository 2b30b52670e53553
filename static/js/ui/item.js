/** One item: closed, a line with its sign; open, its control and what the answer calls for. */

import { say, t } from '../i18n/index.js';
import { withAnswer } from '../lib/document.js';
import { standing } from '../lib/walk.js';
import { controlFor, spoken } from './controls.js';
import { button, h, icon, sign } from './dom.js';
import { save } from './open.js';
import { photoStrip } from './photos.js';
import { typed } from './typed.js';
import { clock, duration } from './words.js';

/** @typedef {import('./open.js').Open} Open */
/** @typedef {import('../lib/walk.js').Entry} Entry */
/** @typedef {import('../lib/types.js').Answer} Answer */
/** @typedef {import('../lib/types.js').Item} Item */

/**
 * @typedef {object} Wishes
 * @property {() => void} onOpen
 * @property {(value: boolean) => void} onStored true when the value itself changed
 * @property {string} [problem] what the server said about this answer
 */

/** @param {Open} open @param {string} item @returns {Answer} */
const answerOf = (open, item) => open.record?.document.answers[item] ?? {};

/** @param {Open} open @param {Item} item */
function standingOf(open, item) {
  const by = { today: open.record?.document.today ?? [], passMark: open.form.pass_mark };
  return standing(item, answerOf(open, item.id), by);
}

/**
 * A closed item.
 * @param {Open} open
 * @param {Entry} entry
 * @param {() => void} onOpen
 */
export function closedCard(open, { item, requirement, why }, onOpen) {
  const state = standingOf(open, item);
  const answer = answerOf(open, item.id);
  const word =
    state === 'todo' ? t('item.todo') : t('item.answered', { answer: spoken(item, answer) });
  const title = h(
    'button',
    { type: 'button', class: 'plain', data: { action: 'open' }, on: { click: onOpen } },
    say(item),
  );
  const lines = [
    timeLine(open, item, answer) ??
      (state !== 'todo' && h('span', { class: 'why' }, spoken(item, answer))),
    requirement === 'optional' &&
      state === 'todo' &&
      h('span', { class: 'why' }, `${say(why)}${t('comma')}${t('item.optional')}`),
    answer.note && h('span', { class: 'why' }, answer.note),
  ];
  const card = h(
    'div',
    { class: 'item', data: { item: item.id, answered: state } },
    sign(state, word),
    h('span', {}, title, ...lines),
    h('span', {}),
  );
  return card;
}

/**
 * The seconds of a timing, and which two taps they come from.
 * @param {Open} open
 * @param {Item} item
 * @param {Answer} answer
 */
function timeLine(open, item, answer) {
  if (item.kind !== 'timing_seconds' || typeof answer.value !== 'number') return null;
  const marks = open.record?.document.marks ?? [];
  const at = (/** @type {string | undefined} */ event) =>
    marks.find((mark) => mark.event === event)?.at;
  const [from, to] = [at(item.timer?.from), at(item.timer?.to)];
  const isClock = answer.source === 'clock' && from && to;
  const origin = isClock
    ? t('item.from_taps', { from: clock(from, true), to: clock(to, true) })
    : t(`item.source_${answer.source ?? 'recalled'}`);
  return h(
    'span',
    { class: 'why' },
    h('em', { class: 'tnum' }, duration(answer.value)),
    t('comma'),
    origin,
  );
}

/**
 * An open item.
 * @param {Open} open
 * @param {Entry} entry
 * @param {Wishes} wishes
 */
export function openCard(open, entry, { onStored, problem }) {
  const { item, requirement, why } = entry;
  const state = standingOf(open, item);
  const extras = h('div', { class: 'stack extras' });
  const more = h('div', { class: 'stack extras' });
  const card = h('section', {
    class: 'item',
    'aria-label': say(item),
    data: { item: item.id, state: 'open', answered: state },
  });
  const control = h('div', { class: 'control' });
  const change = async (/** @type {Partial<Answer>} */ part) => {
    const isStored = await save((document) =>
      withAnswer(document, item.id, part, new Date().toISOString()),
    );
    if (!isStored && 'value' in part && item.kind !== 'text') drawControl();
    refresh();
    onStored(isStored && 'value' in part);
  };
  /** As it is stored: a tap that was not kept is not shown either. */
  const drawControl = () =>
    control.replaceChildren(
      ...controlFor(item, answerOf(open, item.id), (part) => void change(part)),
    );
  const refresh = () => {
    const now = standingOf(open, item);
    card.dataset.answered = now;
    card.firstElementChild?.replaceWith(
      sign(
        now,
        now === 'todo'
          ? t('item.todo')
          : t('item.answered', { answer: spoken(item, answerOf(open, item.id)) }),
      ),
    );
    fill(extras, open, item, change, () => refreshAndTell(refresh, onStored));
    open.tools?.fill(more, open, item, now);
  };
  const lines = [
    item.guide && h('span', { class: 'why' }, say(item.guide)),
    item.answer &&
      h('span', { class: 'why' }, t('item.right_answer', { answer: say(item.answer) })),
    timeLine(open, item, answerOf(open, item.id)),
    requirement === 'optional' &&
      h('span', { class: 'why' }, `${say(why)}${t('comma')}${t('item.optional')}`),
    problem && h('span', { class: 'why bad' }, problem),
  ];
  card.append(
    sign(state, t('item.todo')),
    h('span', {}, h('em', {}, say(item)), ...lines),
    h('span', {}),
    control,
    extras,
    more,
  );
  drawControl();
  refresh();
  return card;
}

/** @param {() => void} refresh @param {(value: boolean) => void} onStored */
function refreshAndTell(refresh, onStored) {
  refresh();
  onStored(false);
}

/**
 * Which further parts an answer calls for.
 * @param {Open} open
 * @param {Item} item
 */
function wanted(open, item) {
  const answer = answerOf(open, item.id);
  const state = standingOf(open, item);
  const isCalled = (/** @type {string} */ rule) =>
    (rule === 'always' && state !== 'todo') || (rule === 'on_fail' && state === 'bad');
  const photos = open.record?.document.evidence.filter((photo) => photo.item === item.id) ?? [];
  return {
    reason: [answer.value].flat().includes('could_not_observe'),
    note: state !== 'unsure' && (isCalled(item.note) || Boolean(answer.note)),
    photo: item.photo === 'always' || isCalled(item.photo) || photos.length > 0,
    waiver: (item.photo === 'always' || isCalled(item.photo)) && photos.length === 0,
    add: item.photo !== 'always' && !isCalled(item.photo) && photos.length === 0,
  };
}

/**
 * @param {HTMLElement} place
 * @param {Open} open
 * @param {Item} item
 * @param {(part: Partial<Answer>) => void} change
 * @param {() => void} changed
 */
function fill(place, open, item, change, changed) {
  const parts = wanted(open, item);
  const evidence =
    open.record?.document.evidence.filter((photo) => photo.item === item.id) ?? [];
  const shape = JSON.stringify([parts, evidence.map(({ sha256 }) => sha256)]);
  if (place.dataset.shape === shape) return;
  place.dataset.shape = shape;
  const answer = answerOf(open, item.id);
  place.replaceChildren(
    ...[
      parts.reason && noteField(item, 'reason', answer.reason ?? '', reasonChips(), change),
      parts.note && noteField(item, 'note', answer.note ?? '', noteChips(item), change),
      parts.photo && photoStrip(open, item.id, changed),
      parts.waiver && waiver(item, answer, change),
      parts.add && addPhoto(open, item, changed),
    ].filter((part) => part instanceof Node),
  );
}

/** A photo may be added to anything, but does not ask to be. @param {Open} open @param {Item} item @param {() => void} changed */
function addPhoto(open, item, changed) {
  const offer = button({
    label: t('photo.add'),
    action: 'offer-photo',
    kind: 'quiet',
    icon: 'cam',
    on: () => offer.replaceWith(photoStrip(open, item.id, changed)),
  });
  return offer;
}

const reasonChips = () => ['reason.none', 'reason.far', 'reason.busy'].map((key) => t(key));

/** @param {Item} item */
const noteChips = ({ quality }) =>
  (quality === 'hard'
    ? ['chip.missing', 'chip.broken', 'chip.dirty', 'chip.expired']
    : ['chip.ignored', 'chip.unclear', 'chip.cold', 'chip.slow']
  ).map((key) => t(key));

/**
 * A text with the usual words one tap away.
 * @param {Item} item
 * @param {'note' | 'reason'} name
 * @param {string} value
 * @param {string[]} chips
 * @param {(part: Partial<Answer>) => void} change
 */
function noteField(item, name, value, chips, change) {
  const field = typed({
    id: `${item.id}-${name}`,
    label: t(`item.${name}`),
    value,
    on: (text) => change({ [name]: text }),
  });
  const area = /** @type {HTMLTextAreaElement} */ (field.querySelector('textarea'));
  const add = (/** @type {string} */ chip) => () => {
    area.value = area.value.trim() ? `${area.value.trim()}${t('comma')}${chip}` : chip;
    change({ [name]: area.value });
    area.dispatchEvent(new Event('blur'));
  };
  const line = h(
    'p',
    { class: 'line' },
    ...chips.map((chip) => button({ label: chip, action: 'chip', on: add(chip) })),
  );
  field.append(line);
  return field;
}

/**
 * @param {Item} item
 * @param {Answer} answer
 * @param {(part: Partial<Answer>) => void} change
 */
function waiver(item, answer, change) {
  const input = h('input', {
    type: 'checkbox',
    id: `${item.id}-waived`,
    checked: Boolean(answer.photo_waived),
    on: {
      change: (event) =>
        change({ photo_waived: event.target.checked ? t('photo.waived') : undefined }),
    },
  });
  const face = h('span', { class: 'face' }, icon('dash'), t('photo.waive'));
  return h('div', { class: 'choices rows' }, h('label', { class: 'choice' }, input, face));
}
