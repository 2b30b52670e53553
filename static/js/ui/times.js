/** A tap that was forgotten: its time from memory, and marked so. */

import { t } from '../i18n/index.js';
import { button, h, linkButton } from './dom.js';
import { go } from './frame.js';
import { dropEvent, eventName, recallEvent, tapEvent } from './journey.js';
import { clock } from './words.js';

/** @typedef {import('./open.js').Open} Open */

/** @param {Open} open @returns {import('./frame.js').Screen} */
export function show(open) {
  const hall = `#/v/${open.visit.id}/hall`;
  return {
    name: 'times',
    title: t('hall.title'),
    back: hall,
    theme: 'quiet',
    main: [
      h('p', { class: 'small dim' }, t('times.how')),
      ...open.form.events.map(({ id }) => row(open, id)),
    ],
    foot: [
      linkButton({
        label: t('times.done'),
        href: hall,
        action: 'done',
        kind: 'primary wide tall',
      }),
    ],
  };
}

/** @param {Open} open @param {string} event */
function row(open, event) {
  const mark = open.record?.document.marks.find((one) => one.event === event);
  const name = eventName(open.form, event);
  const again = () => go(`#/v/${open.visit.id}/times/${Date.now()}`);
  const typed = async (/** @type {any} */ { target }) => {
    if (target.value && (await recallEvent(open, event, target.value))) again();
  };
  const id = `at-${event}`;
  const input = h('input', {
    class: 'input',
    type: 'time',
    step: 1,
    id,
    value: mark ? clock(mark.at, true) : '',
    on: { change: typed },
  });
  const now = button({
    label: t('times.now'),
    action: 'now',
    on: () => void tapEvent(open, event).then(again),
  });
  const drop = button({
    label: t('times.drop'),
    action: 'drop',
    on: () => void dropEvent(open, event).then(again),
  });
  const label = h(
    'label',
    { for: id },
    name,
    mark?.source === 'recalled' && h('span', { class: 'unsure' }, ` ≈${t('answer.recalled')}`),
  );
  return h(
    'div',
    { class: 'field', data: { event } },
    label,
    h('div', { class: 'line times' }, input, mark ? drop : now),
  );
}
