/** Elements without a template language. */

/** @typedef {Node | string | number | null | undefined | false} Child */
/** @typedef {{[name: string]: any, on?: {[event: string]: (event: any) => void}, data?: {[name: string]: string | undefined}}} Props */

/**
 * @param {string} tag
 * @param {Props} [props] attributes; false, null and undefined are left out, true is the bare attribute
 * @param {...(Child | Child[])} children
 * @returns {HTMLElement}
 */
export function h(tag, { on = {}, data = {}, ...attributes } = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (isThere(value)) element.setAttribute(name, value === true ? '' : String(value));
  }
  for (const [name, value] of Object.entries(data))
    if (value !== undefined) element.dataset[name] = value;
  for (const [event, listener] of Object.entries(on)) element.addEventListener(event, listener);
  element.append(...present(children.flat()));
  return element;
}

/** @param {unknown} value */
const isThere = (value) => value !== false && value !== null && value !== undefined;

/** @param {Child[]} children @returns {(Node | string)[]} */
function present(children) {
  return children
    .filter(isThere)
    .map((child) => (child instanceof Node ? child : String(child)));
}

const SVG = 'http://www.w3.org/2000/svg';

/** @param {string} name a symbol of the page's sprite */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'i');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `#i-${name}`);
  svg.append(use);
  return svg;
}

const SIGNS = { good: 'check', bad: 'cross', unsure: 'q', warn: 'bang', na: 'dash', todo: '' };

/**
 * The small box that says how a thing is, in a shape, a colour and a word.
 * @param {keyof typeof SIGNS} state
 * @param {string} word for those who do not see it
 */
export function sign(state, word) {
  const drawn = SIGNS[state] && icon(SIGNS[state]);
  return h('span', { class: 'sign', data: { state } }, drawn, h('span', { class: 'sr' }, word));
}

/**
 * @param {{label: string, action: string, kind?: string, icon?: string, on: (event: Event) => void, [more: string]: any}} button
 */
export function button({ label, action, kind = '', icon: drawn, on, ...more }) {
  const isBare = kind.split(' ').includes('icon');
  const named = isBare ? { 'aria-label': label } : {};
  const props = {
    type: 'button',
    class: `btn ${kind}`.trim(),
    data: { action },
    on: { click: on },
    ...named,
    ...more,
  };
  return h('button', props, drawn && icon(drawn), !isBare && label);
}

/**
 * @param {{label: string, href: string, action: string, kind?: string}} link that looks like a button
 */
export function linkButton({ label, href, action, kind = '' }) {
  return h('a', { class: `btn ${kind}`.trim(), href, data: { action } }, label);
}

/**
 * A row that leads somewhere.
 * @param {{href: string, sign: Node, title: Child | Child[], why?: Child[], state?: string, action: string}} row
 */
export function rowLink({ href, sign: mark, title, why = [], state, action }) {
  const lines = why
    .filter(Boolean)
    .map((line) => (line instanceof Node ? line : h('span', { class: 'why' }, line)));
  const props = { class: 'item', href, data: { state, action } };
  return h('a', props, mark, h('span', {}, title, lines), icon('next'));
}

/**
 * @param {string} heading
 * @param {string | null} aside
 * @param {...(Child | Child[])} children
 */
export function section(heading, aside, ...children) {
  return h(
    'section',
    { class: 'sec' },
    h('h2', {}, heading, aside && h('small', {}, aside)),
    ...children,
  );
}

/**
 * @param {'bad'|'warn'|'good'|undefined} state
 * @param {...(Child | Child[])} children
 */
export function notice(state, ...children) {
  const word = { bad: 'cross', warn: 'bang', good: 'check' };
  const mark = h(
    'span',
    { class: 'sign', data: { state }, 'aria-hidden': 'true' },
    icon(state ? word[state] : 'bang'),
  );
  return h('div', { class: 'note', data: { state } }, mark, h('div', {}, ...children));
}
