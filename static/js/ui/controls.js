/** The control for each kind of answer. Real radios, so that a tap shows before anything else happens. */

import { say, t } from '../i18n/index.js';
import { button, h, icon } from './dom.js';
import { sampled } from './sample.js';
import { typed } from './typed.js';
import { duration } from './words.js';

/** @typedef {import('../lib/types.js').Item} Item */
/** @typedef {import('../lib/types.js').Answer} Answer */
/** @typedef {(change: Partial<Answer>) => void} Change */

const UNSURE = 'could_not_observe';

/**
 * @param {Item} item
 * @param {Answer} answer
 * @param {Change} change
 * @returns {Node[]}
 */
export function controlFor(item, answer, change) {
  if (item.sample) {
    const nobody = radio(item, { value: UNSURE, label: t('answer.nobody') }, answer, change);
    return [sampled(item, answer, change, controlFor), group(item, 'rows', [nobody])];
  }
  const kinds = { yes_no: yesNo, scale, choice, number, timing_seconds: timing, text };
  const make = kinds[/** @type {keyof typeof kinds} */ (item.kind)] ?? text;
  return make(item, answer, change);
}

/**
 * @param {Item} item
 * @param {{value: string | number, label: import('./dom.js').Child | import('./dom.js').Child[], sign?: string, icon?: string}} option
 * @param {Answer} answer
 * @param {Change} change
 */
function radio(item, option, answer, change) {
  const { value } = option;
  const input = h('input', {
    type: 'radio',
    name: item.id,
    value,
    id: `${item.id}-${value}`,
    checked: answer.value === value,
    on: { change: () => change({ value, source: undefined }) },
  });
  const face = h(
    'span',
    { class: 'face' },
    option.icon && icon(option.icon),
    h('span', {}, ...[option.label].flat()),
  );
  return h('label', { class: 'choice', data: { sign: option.sign } }, input, face);
}

const unsure = () => ({ value: UNSURE, label: t('answer.unsure'), sign: 'unsure', icon: 'q' });

/** @param {Item} item @param {string} kind @param {Node[]} parts */
function group(item, kind, parts) {
  return h(
    'fieldset',
    { class: `choices ${kind}`.trim() },
    h('legend', { class: 'sr' }, say(item)),
    ...parts,
  );
}

/** @param {Item} item @param {Answer} answer @param {Change} change */
function yesNo(item, answer, change) {
  const options = [
    { value: 'yes', label: t('answer.yes'), sign: 'pass', icon: 'check' },
    { value: 'no', label: t('answer.no'), sign: 'fail', icon: 'cross' },
    unsure(),
  ];
  return [
    group(
      item,
      '',
      options.map((option) => radio(item, option, answer, change)),
    ),
  ];
}

/** @param {Item} item @param {Answer} answer @param {Change} change */
function scale(item, answer, change) {
  const steps = [1, 2, 3, 4, 5].map((value) =>
    radio(item, { value, label: value }, answer, change),
  );
  const anchors = Object.entries(item.anchors ?? {}).map(([step, word]) =>
    h('li', {}, `${step} `, say(word)),
  );
  const last = radio(item, { ...unsure(), icon: undefined }, answer, change);
  last.classList.add('rest');
  return [
    h('ul', { class: 'anchors small dim' }, ...anchors),
    group(item, 'five', [...steps, last]),
  ];
}

/** @param {Item} item @param {Answer} answer @param {Change} change */
function choice(item, answer, change) {
  const options = (item.options ?? []).map((option) => ({
    value: option.id,
    label: say(option),
  }));
  const all = [...options, { ...unsure(), icon: undefined }];
  return [
    group(
      item,
      'rows',
      all.map((option) => radio(item, option, answer, change)),
    ),
  ];
}

/** @param {Item} item @param {Answer} answer @param {Change} change */
function number(item, answer, change) {
  const input = /** @type {HTMLInputElement} */ (
    h('input', {
      class: 'input num',
      type: 'number',
      inputmode: 'numeric',
      min: item.min,
      max: item.max,
      id: `${item.id}-value`,
      'aria-label': say(item),
      value: typeof answer.value === 'number' ? answer.value : '',
    })
  );
  const put = (/** @type {number} */ value) => {
    const within = Math.min(
      item.max ?? Number.MAX_SAFE_INTEGER,
      Math.max(item.min ?? 0, value),
    );
    input.value = String(within);
    change({ value: within });
  };
  input.addEventListener('change', () =>
    input.value === '' ? change({ value: undefined }) : put(Number(input.value)),
  );
  const step = (/** @type {number} */ by) => () =>
    put(Number(input.value || (item.min ?? 0)) + (input.value === '' && by < 0 ? 0 : by));
  const less = button({ label: t('answer.less'), action: 'less', kind: 'tall', on: step(-1) });
  const more = button({ label: t('answer.more'), action: 'more', kind: 'tall', on: step(1) });
  less.textContent = '−';
  more.textContent = '+';
  less.setAttribute('aria-label', t('answer.less'));
  more.setAttribute('aria-label', t('answer.more'));
  const line = h('div', { class: 'stepper' }, less, input, more);
  return [
    line,
    group(item, 'rows', [radio(item, { ...unsure(), icon: undefined }, answer, change)]),
  ];
}

/** @param {Item} item @param {Answer} answer @param {Change} change */
function timing(item, answer, change) {
  const seconds = typeof answer.value === 'number' ? Math.round(answer.value) : null;
  const field = (/** @type {string} */ name, /** @type {number | null} */ value) =>
    /** @type {HTMLInputElement} */ (
      h('input', {
        class: 'input num',
        type: 'number',
        inputmode: 'numeric',
        min: 0,
        max: name === 'seconds' ? 59 : 240,
        id: `${item.id}-${name}`,
        'aria-label': t(`answer.${name}`),
        value: value ?? '',
      })
    );
  const minutes = field('minutes', seconds === null ? null : Math.floor(seconds / 60));
  const rest = field('seconds', seconds === null ? null : seconds % 60);
  const origin = sources(item, answer, change);
  const clear = (/** @type {Partial<Answer>} */ part) => {
    minutes.value = '';
    rest.value = '';
    origin.hidden = true;
    change(part);
  };
  const ways = [
    { value: 'never', label: t('answer.never') },
    { ...unsure(), icon: undefined },
  ];
  const others = ways.map((way) => radio(item, way, answer, clear));
  const put = () => {
    if (minutes.value === '' && rest.value === '') return;
    for (const other of others) checkedIn(other, false);
    origin.hidden = false;
    const value = Number(minutes.value) * 60 + Number(rest.value);
    change({ value, source: chosenSource(origin) });
  };
  minutes.addEventListener('change', put);
  rest.addEventListener('change', put);
  const words = [h('span', {}, t('answer.minutes')), h('span', {}, t('answer.seconds'))];
  const line = h('div', { class: 'line times' }, minutes, words[0], rest, words[1]);
  return [line, origin, group(item, 'halves', others)];
}

/** @param {HTMLElement} label @param {boolean} isChecked */
function checkedIn(label, isChecked) {
  /** @type {HTMLInputElement} */ (label.querySelector('input')).checked = isChecked;
}

/** From memory, unless the auditor said otherwise. @param {HTMLElement} origin */
function chosenSource(origin) {
  const inputs = /** @type {HTMLInputElement[]} */ ([...origin.querySelectorAll('input')]);
  const chosen = inputs.find(({ checked }) => checked) ?? inputs[0];
  chosen.checked = true;
  return /** @type {'recalled' | 'ticket'} */ (chosen.value);
}

/** Where a typed time comes from. @param {Item} item @param {Answer} answer @param {Change} change */
function sources(item, answer, change) {
  const ways = /** @type {const} */ (['recalled', 'ticket']);
  const isTyped = typeof answer.value === 'number';
  const parts = ways.map((source) => {
    const input = h('input', {
      type: 'radio',
      name: `${item.id}-source`,
      value: source,
      id: `${item.id}-${source}`,
      checked: isTyped && answer.source === source,
      on: { change: () => change({ source }) },
    });
    return h(
      'label',
      { class: 'choice' },
      input,
      h('span', { class: 'face' }, t(`answer.${source}`)),
    );
  });
  return h(
    'fieldset',
    { class: 'choices halves', hidden: !isTyped },
    h('legend', { class: 'small dim' }, t('answer.source')),
    ...parts,
  );
}

/** @param {Item} item @param {Answer} answer @param {Change} change */
function text(item, answer, change) {
  const words = typeof answer.value === 'string' && answer.value !== UNSURE ? answer.value : '';
  return [
    typed({
      id: `${item.id}-value`,
      label: t('answer.words'),
      value: words,
      on: (value) => change({ value: value || undefined }),
    }),
  ];
}

/**
 * An answer in a few words, for a row that is closed.
 * @param {Item} item
 * @param {Answer | undefined} answer
 * @returns {string}
 */
export function spoken(item, answer) {
  const value = answer?.value;
  if (value === undefined || value === '') return '';
  if (Array.isArray(value))
    return value.map((each) => spoken(item, { value: each })).join(t('comma'));
  if (value === UNSURE) return t('answer.unsure');
  if (value === 'never') return t('answer.never');
  const ways = {
    yes_no: () => t(`answer.${value}`),
    choice: () => say(item.options?.find(({ id }) => id === value)),
    timing_seconds: () => duration(Number(value)),
    scale: () => t('answer.points', { n: Number(value) }),
  };
  return (ways[/** @type {keyof typeof ways} */ (item.kind)] ?? (() => String(value)))();
}
