/** How long a drill took. A running watch is stored, so that nothing is lost with the page. */

import { withAnswer } from '../lib/document.js';
import { recall, remember } from '../offline/db.js';
import { button, h } from '../ui/dom.js';
import { broken, save } from '../ui/open.js';
import { clock, duration } from '../ui/words.js';
import { word } from './words.js';

/** @typedef {import('../ui/open.js').Open} Open */
/** @typedef {import('../lib/types.js').Item} Item */

const KEY = 'stopwatch';

/** @param {Open} open @param {Item} item */
export function stopwatch(open, item) {
  const place = h('div', { class: 'stack', data: { part: 'stopwatch' } });
  const key = `${open.record?.id}/${item.id}`;
  const draw = async () => {
    const running = await recall(KEY).catch(() => null);
    const since = running?.key === key ? running.at : null;
    place.replaceChildren(
      h('p', { class: 'small dim' }, word('watch.title')),
      since ? stopPart(since) : startPart(),
    );
  };
  const keep = async (/** @type {number | undefined} */ seconds) => {
    await remember(KEY, null).catch(broken);
    const at = new Date().toISOString();
    await save((document) => withAnswer(document, item.id, { seconds }, at));
    await draw();
  };
  const start = async () => {
    await remember(KEY, { key, at: Date.now() }).catch(broken);
    await draw();
  };
  const stopPart = (/** @type {number} */ since) => {
    const took = () => Math.max(0, Math.round((Date.now() - since) / 1000));
    const stop = button({
      label: word('watch.stop'),
      action: 'watch-stop',
      kind: 'tall',
      on: () => void keep(took()),
    });
    return h(
      'p',
      { class: 'line between' },
      word('watch.running', { time: clock(since, true) }),
      stop,
    );
  };
  const startPart = () => {
    const { seconds } = open.record?.document.answers[item.id] ?? {};
    const begin = button({
      label: word('watch.start'),
      action: 'watch-start',
      kind: 'tall',
      on: () => void start(),
    });
    return h(
      'div',
      { class: 'stack' },
      typed(item.id, seconds, (value) => void keep(value)),
      h(
        'p',
        { class: 'line between' },
        typeof seconds === 'number' ? word('watch.took', { time: duration(seconds) }) : '',
        begin,
      ),
    );
  };
  void draw();
  return place;
}

/**
 * A time may be typed as well.
 * @param {string} id
 * @param {number | undefined} seconds
 * @param {(seconds: number | undefined) => void} on
 */
function typed(id, seconds, on) {
  const parts = /** @type {const} */ (['minutes', 'seconds']);
  const held = { minutes: Math.floor((seconds ?? 0) / 60), seconds: (seconds ?? 0) % 60 };
  const inputs = parts.map(
    (part) =>
      /** @type {HTMLInputElement} */ (
        h('input', {
          class: 'input num',
          type: 'number',
          inputmode: 'numeric',
          min: 0,
          max: part === 'seconds' ? 59 : 240,
          id: `${id}-drill-${part}`,
          'aria-label': word(`watch.${part}`),
          value: seconds === undefined ? '' : held[part],
        })
      ),
  );
  const put = () => {
    const [minutes, rest] = inputs.map(({ value }) => Number(value) || 0);
    const isEmpty = inputs.every(({ value }) => value === '');
    on(isEmpty ? undefined : Math.min(14_400, minutes * 60 + rest));
  };
  for (const input of inputs) input.addEventListener('change', put);
  const words = parts.map((part) => h('span', {}, word(`watch.${part}`)));
  return h('div', { class: 'line times' }, inputs[0], words[0], inputs[1], words[1]);
}
