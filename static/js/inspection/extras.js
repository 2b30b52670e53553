/** What an inspection asks beside an answer: whom, how long a drill took, what was put right. */

import { t } from '../i18n/index.js';
import { POSITIONS, withEntry, withStaff } from '../lib/inspection.js';
import { h, icon } from '../ui/dom.js';
import { save } from '../ui/open.js';
import { photoStrip } from '../ui/photos.js';
import { typed } from '../ui/typed.js';
import { stopwatch } from './stopwatch.js';
import { word } from './words.js';

/** @typedef {import('../ui/open.js').Open} Open */
/** @typedef {import('../lib/types.js').Item} Item */

const now = () => new Date().toISOString();

/**
 * @param {HTMLElement} place
 * @param {Open} open
 * @param {Item} item
 * @param {string} state how the answer stands
 */
export function fill(place, open, item, state) {
  const isDrill = item.kind === 'scale' && !item.sample && item.weight > 0;
  const shape = state === 'bad' ? 'bad' : 'other';
  if (place.dataset.shape === shape) return;
  place.dataset.shape = shape;
  place.replaceChildren(
    ...[
      item.sample && staff(open, item.sample),
      isDrill && stopwatch(open, item),
      state === 'bad' && correction(open, item),
    ].filter((part) => part instanceof Node),
  );
}

/** Positions, never names. @param {Open} open @param {number} most */
function staff(open, most) {
  const fields = Array.from({ length: most }, (_, index) => {
    const chosen = open.record?.document.staff?.[index];
    const put = (/** @type {any} */ { target }) =>
      target.value && void save((document) => withStaff(document, index, target.value));
    const options = POSITIONS.map((position) =>
      h(
        'option',
        { value: position, selected: position === chosen },
        word(`staff.${position}`),
      ),
    );
    const id = `staff-${index}`;
    const blank = h('option', { value: '' }, word('staff.choose'));
    return h(
      'div',
      { class: 'field' },
      h('label', { for: id, class: 'small' }, word('staff.position', { n: index + 1 })),
      h('select', { class: 'input', id, on: { change: put } }, !chosen && blank, ...options),
    );
  });
  return h('div', { class: 'stack' }, ...fields);
}

/** The answer stays failed; what was put right is kept beside it. @param {Open} open @param {Item} item */
function correction(open, item) {
  const { id } = item;
  const entry = () => open.record?.document.corrections?.[id];
  const place = h('div', { class: 'stack' });
  const change = (/** @type {Record<string, unknown> | null} */ part) =>
    save((document) => withEntry(document, 'corrections', id, part, now()));
  const draw = () => place.replaceChildren(...(entry() ? proof(open, id, change, draw) : []));
  const put = async (/** @type {any} */ { target }) => {
    if (!(await change(target.checked ? {} : null))) target.checked = !target.checked;
    draw();
  };
  const box = h('input', {
    type: 'checkbox',
    id: `${id}-corrected`,
    checked: Boolean(entry()),
    on: { change: put },
  });
  const face = h('span', { class: 'face' }, icon('check'), word('correct.box'));
  draw();
  return h(
    'div',
    { class: 'stack', data: { part: 'correction' } },
    h('div', { class: 'choices rows' }, h('label', { class: 'choice' }, box, face)),
    h('p', { class: 'why' }, word('correct.why')),
    place,
  );
}

/**
 * @param {Open} open
 * @param {string} id
 * @param {(part: Record<string, unknown>) => Promise<boolean>} change
 * @param {() => void} again
 */
function proof(open, id, change, again) {
  const { note, photo_waived } = open.record?.document.corrections?.[id] ?? {};
  const place = `correction.${id}`;
  const isShown = open.record?.document.evidence.some(({ item }) => item === place);
  const waiver = h('input', {
    type: 'checkbox',
    id: `${id}-correction-waived`,
    checked: Boolean(photo_waived),
    on: {
      change: ({ target }) =>
        void change({ photo_waived: target.checked ? t('photo.waived') : undefined }),
    },
  });
  const face = h('span', { class: 'face' }, icon('dash'), word('correct.waive'));
  const field = typed({
    id: `${id}-correction`,
    label: word('correct.note'),
    value: note ?? '',
    on: (text) => void change({ note: text }),
  });
  const offer = h(
    'div',
    { class: 'choices rows' },
    h('label', { class: 'choice' }, waiver, face),
  );
  return [photoStrip(open, place, again), ...(isShown ? [] : [offer]), field];
}
