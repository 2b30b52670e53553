/** Inside: a page of private notes. Nothing here is recognised by someone who looks over a shoulder. */

import { say, t } from '../i18n/index.js';
import { nextEvent } from '../lib/clock.js';
import { withAnswer, withoutAnswer } from '../lib/document.js';
import { walk } from '../lib/walk.js';
import { button, h, icon, linkButton } from './dom.js';
import { documentOf } from './facts.js';
import { announce } from './frame.js';
import { dropEvent, eventName, neverHappened, tapEvent } from './journey.js';
import { save } from './open.js';
import { fileInput } from './photos.js';
import { clock } from './words.js';

/** @typedef {import('./open.js').Open} Open */
/** @typedef {import('../lib/types.js').Item} Item */

const UNDO_MS = 10_000;

/** @param {Open} open @returns {import('./frame.js').Screen} */
export function show(open) {
  const bar = new ClockBar(open);
  const { asked } = walk(open.form, documentOf(open));
  const inside = asked
    .map(({ item }) => item)
    .filter(({ answer_at }) => answer_at === 'inside');
  const ticks = inside.filter(
    ({ kind, sample, ask_if }) => kind === 'yes_no' && !sample && !ask_if,
  );
  const numbers = inside.filter(({ kind }) => kind === 'number');
  const page = linkButton({
    label: '',
    href: `#/v/${open.visit.id}/note`,
    action: 'blank',
    kind: 'icon',
  });
  page.setAttribute('aria-label', t('hall.blank'));
  page.append(icon('file'));
  return {
    name: 'hall',
    title: t('hall.title'),
    theme: 'quiet',
    aside: [page],
    main: [
      h(
        'div',
        { class: 'ticks' },
        ...numbers.map((item) => numberRow(open, item)),
        ...ticks.map((item) => tickRow(open, item)),
      ),
    ],
    foot: [bar.element],
    leave: () => bar.stop(),
  };
}

/** @param {Item} item a few letters, without its question */
const shortName = (item) => say(item.short) || say(item).slice(0, 6);

/** @param {Open} open @param {Item} item */
function tickRow(open, item) {
  const name = shortName(item);
  const options = /** @type {const} */ ([
    ['yes', 'check', 'hall.yes'],
    ['no', 'cross', 'hall.no'],
    ['could_not_observe', 'q', 'hall.unseen'],
  ]);
  const radios = options.map(([value, drawn, word]) => {
    const isChecked = open.record?.document.answers[item.id]?.value === value;
    const input = /** @type {HTMLInputElement} */ (
      h('input', {
        type: 'radio',
        name: item.id,
        value,
        checked: isChecked,
        'aria-label': t('hall.tick', { name, word: t(word) }),
      })
    );
    input.addEventListener('change', () => void put(item, { value }, input));
    input.addEventListener('click', () => void again(open, item, input));
    return h(
      'label',
      { class: 'choice tick' },
      input,
      h('span', { class: 'face' }, icon(drawn)),
    );
  });
  return h(
    'div',
    { class: 'quickrow', role: 'group', 'aria-label': name, data: { item: item.id } },
    h('span', {}, name),
    ...radios,
  );
}

/** @param {Item} item @param {{value: string | number}} answer @param {HTMLInputElement} input */
async function put(item, answer, input) {
  input.dataset.fresh = 'true';
  const isStored = await save((document) =>
    withAnswer(document, item.id, answer, new Date().toISOString()),
  );
  if (!isStored && input.type === 'radio') input.checked = false;
}

/** A second tap takes the tick away. @param {Open} open @param {Item} item @param {HTMLInputElement} input */
async function again(open, item, input) {
  if (input.dataset.fresh) {
    delete input.dataset.fresh;
    return;
  }
  if (open.record?.document.answers[item.id]?.value !== input.value) return;
  input.checked = false;
  await save((document) => withoutAnswer(document, item.id));
}

/** @param {Open} open @param {Item} item */
function numberRow(open, item) {
  const name = shortName(item);
  const value = open.record?.document.answers[item.id]?.value;
  const shown = /** @type {HTMLInputElement} */ (
    h('input', {
      class: 'input num',
      type: 'number',
      inputmode: 'numeric',
      'aria-label': name,
      value: typeof value === 'number' ? value : '',
      min: item.min,
      max: item.max,
    })
  );
  const set = (/** @type {number} */ to) => {
    shown.value = String(Math.min(item.max ?? 999, Math.max(item.min ?? 0, to)));
    void put(item, { value: Number(shown.value) }, shown);
  };
  shown.addEventListener('change', () => shown.value !== '' && set(Number(shown.value)));
  const step = (/** @type {number} */ by) => () =>
    set(Number(shown.value || 0) + (shown.value === '' && by < 0 ? 0 : by));
  const less = button({ label: '−', action: 'less', on: step(-1), 'aria-label': `${name} −` });
  const more = button({ label: '+', action: 'more', on: step(1), 'aria-label': `${name} +` });
  return h(
    'div',
    { class: 'quickrow numbers', role: 'group', 'aria-label': name, data: { item: item.id } },
    h('span', {}, name),
    less,
    shown,
    more,
  );
}

/** The bar at the bottom: what was marked, the one big next tap, and three small ways out. */
class ClockBar {
  /** @param {Open} open */
  constructor(open) {
    this.open = open;
    this.element = h('div', { class: 'clock' });
    this.timer = 0;
    /** @type {{event: string, isNever: boolean, until: number} | null} */
    this.undo = null;
    this.draw();
  }

  stop() {
    clearTimeout(this.timer);
  }

  draw() {
    const { form, record } = this.open;
    const marks = record?.document.marks ?? [];
    const next = nextEvent(form, marks, record?.document.answers ?? {});
    const done = marks.map(({ event, at, source, never }) =>
      h(
        'li',
        { data: { state: source === 'recalled' ? 'recalled' : undefined, event } },
        never ? t('hall.nobody') : `${eventName(form, event)} ${clock(at)}`,
      ),
    );
    this.element.replaceChildren(
      h('ol', { 'aria-label': t('hall.marks') }, ...done),
      next ? this.big(next) : this.out(),
      this.small(next),
    );
  }

  /** @param {string} event */
  big(event) {
    const label = eventName(this.open.form, event);
    return button({
      label,
      action: 'mark',
      kind: 'primary next',
      data: { action: 'mark', event },
      on: () => void this.mark(event),
    });
  }

  out() {
    return linkButton({
      label: t('hall.out'),
      href: `#/v/${this.open.visit.id}/answers`,
      action: 'out',
      kind: 'primary next',
    });
  }

  /** @param {string | null} next */
  small(next) {
    const undo =
      this.undo &&
      button({
        label: t('hall.undo', {
          name: this.undo.isNever
            ? t('hall.nobody')
            : eventName(this.open.form, this.undo.event),
        }),
        action: 'undo',
        kind: 'quiet',
        icon: 'undo',
        on: () => void this.takeBack(),
      });
    const never = next === 'greeted' || next === 'complaint_ack';
    const nobody =
      never &&
      !this.undo &&
      button({
        label: t('hall.nobody'),
        action: 'never',
        kind: 'quiet',
        on: () => void this.never(String(next)),
      });
    const forgot = linkButton({
      label: t('hall.forgot'),
      href: `#/v/${this.open.visit.id}/times`,
      action: 'times',
      kind: 'quiet',
    });
    return h(
      'div',
      { class: 'line between' },
      undo || nobody || h('span', {}),
      forgot,
      this.camera(),
    );
  }

  camera() {
    const input = fileInput(this.open, null, 'camera', () => announce(t('saved')));
    input.setAttribute('aria-label', t('hall.picture'));
    return h(
      'label',
      { class: 'choice pick' },
      input,
      h('span', { class: 'btn icon face' }, icon('cam')),
    );
  }

  /** @param {string} event */
  async mark(event) {
    if (await tapEvent(this.open, event)) this.offerUndo(event, false);
    this.draw();
  }

  /** @param {string} event */
  async never(event) {
    if (await neverHappened(this.open, event)) this.offerUndo(event, true);
    this.draw();
  }

  /** @param {string} event @param {boolean} isNever */
  offerUndo(event, isNever) {
    this.undo = { event, isNever, until: Date.now() + UNDO_MS };
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      this.undo = null;
      this.draw();
    }, UNDO_MS);
  }

  async takeBack() {
    const { undo } = this;
    if (!undo) return;
    this.undo = null;
    clearTimeout(this.timer);
    await dropEvent(this.open, undo.event);
    this.draw();
  }
}
