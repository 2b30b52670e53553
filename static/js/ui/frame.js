/** One screen at a time: header, main part, foot; and what must be heard on any of them. */

import { t } from '../i18n/index.js';
import { choices } from '../offline/settings.js';
import { button, h, icon } from './dom.js';

/**
 * @typedef {object} Screen
 * @property {string} name stable, in data-screen
 * @property {string} title
 * @property {import('./dom.js').Child[]} main
 * @property {string} [small] beside the title
 * @property {string} [back] where the arrow leads
 * @property {Node[]} [aside] at the right of the header
 * @property {Node[]} [foot]
 * @property {boolean} [isPair] two buttons side by side in the foot
 * @property {'today'|'queue'|'me'} [tab]
 * @property {'quiet'} [theme]
 * @property {() => void} [leave] called when another screen takes its place
 */

const root = /** @type {HTMLElement} */ (document.getElementById('app'));
const live = /** @type {HTMLElement} */ (document.getElementById('live'));
const alarmPlace = /** @type {HTMLElement} */ (document.getElementById('alarm'));
const toastPlace = /** @type {HTMLElement} */ (document.getElementById('toast'));

/** @type {Screen | null} */
let shown = null;
let waiting = 0;

/** @param {string} hash */
export const go = (hash) => {
  location.hash = hash;
};

/** The screen on show. */
export const current = () => shown;

/** @param {number} count records that have not arrived; shown on the tab */
export function showWaiting(count) {
  waiting = count;
  const tab = root.querySelector('[data-tab="queue"]');
  if (tab) tab.textContent = queueLabel();
}

const queueLabel = () => (waiting ? t('tab.queue_n', { n: waiting }) : t('tab.queue'));

/** @param {Screen} screen @param {boolean} moveFocus not on the first screen, nor when a screen is only drawn again */
export function draw(screen, moveFocus) {
  if (shown?.leave && shown !== screen) shown.leave();
  const isSame = shown?.name === screen.name && !moveFocus;
  const top = isSame ? (document.getElementById('main')?.scrollTop ?? 0) : 0;
  shown = screen;
  light(screen.theme ?? choices().theme);
  const main = mainPart(screen);
  if (!main.querySelector('a, button, input, select, textarea, summary')) main.tabIndex = 0; // to scroll by keyboard
  root.replaceChildren(header(screen), main, ...foot(screen));
  if (top) main.scrollTop = top;
  if (moveFocus) root.querySelector('h1')?.focus({ preventScroll: true });
}

/** @param {string} theme none: as the phone */
function light(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
}

/** @param {Screen} screen */
function header({ title, small, back, aside = [] }) {
  const arrow =
    back &&
    h(
      'a',
      { class: 'btn icon', href: back, 'aria-label': t('back'), data: { action: 'back' } },
      icon('back'),
    );
  const heading = h(
    'h1',
    { tabindex: -1 },
    title,
    small && ' ',
    small && h('span', { class: 'small dim' }, small),
  );
  return h('header', { class: back ? 'with-back' : '' }, arrow, heading, ...aside);
}

/** @param {Screen} screen */
function mainPart({ name, main }) {
  return h('main', { id: 'main', class: 'stack', data: { screen: name } }, ...main);
}

/** @param {Screen} screen @returns {Node[]} */
function foot({ foot: parts, isPair, tab }) {
  if (tab) return [tabs(tab)];
  return parts ? [h('footer', { class: isPair ? 'foot two' : 'foot' }, ...parts)] : [];
}

/** @param {string} here */
function tabs(here) {
  const names = { today: t('tab.today'), queue: queueLabel(), me: t('tab.me') };
  const links = Object.entries(names).map(([name, label]) =>
    h(
      'a',
      { href: `#/${name}`, data: { tab: name }, 'aria-current': name === here ? 'page' : null },
      label,
    ),
  );
  return h(
    'nav',
    { class: 'foot tabs-foot', 'aria-label': t('tab.label') },
    h('div', { class: 'tabbar' }, ...links),
  );
}

/** @param {string} sentence read out, not shown */
export function announce(sentence) {
  live.textContent = sentence;
}

/** @param {HTMLElement | null} content stays until it is taken away */
export function alarm(content) {
  alarmPlace.replaceChildren(...(content ? [content] : []));
}

let toastTimer = 0;

/**
 * @param {string} sentence
 * @param {{label: string, on: () => void}} [way] a button, for ten seconds
 */
export function toast(sentence, way) {
  const close = () => toastPlace.replaceChildren();
  const act = () => {
    close();
    way?.on();
  };
  const offer = way && button({ label: way.label, action: 'toast', on: act });
  toastPlace.replaceChildren(h('div', { class: 'toast' }, h('span', {}, sentence), offer));
  clearTimeout(toastTimer);
  toastTimer = window.setTimeout(close, 10_000);
}
