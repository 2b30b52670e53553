/** The auditor's page: what is shown for which address, and when waiting things are sent. */

import { dictionaryPath, speak, t } from './i18n/index.js';
import { nextWake } from './lib/queue.js';
import { changes, listAudits } from './offline/audits.js';
import { storedBundle } from './offline/bundle.js';
import { log, recall, remember } from './offline/db.js';
import { choices, restoreChoices } from './offline/settings.js';
import {
  equip,
  hasWorker,
  isShellWaiting,
  keepOffline,
  pinShell,
  startWorker,
  takeNewShell,
} from './offline/shell.js';
import { send, signal } from './offline/sync.js';
import { button, h, linkButton, notice } from './ui/dom.js';
import { alarm, current, draw, showWaiting } from './ui/frame.js';
import { broken, closeVisit, isDelivered, openVisit, reread, writeHere } from './ui/open.js';

/** @typedef {import('./ui/frame.js').Screen} Screen */
/** @typedef {import('./ui/open.js').Open} Open */
/** @typedef {{[name: string]: () => Promise<{show: (...args: any[]) => Promise<Screen> | Screen}>}} Screens */

const EVERY_MS = 60_000;
const SOONEST_MS = 2_000;
const COUNT_AFTER_MS = 1_500;
const CAMERA_MS = 30 * 60_000;

/** @type {Screens} */
const PLAIN = {
  today: () => import('./ui/today.js'),
  queue: () => import('./ui/queue.js'),
  me: () => import('./ui/me.js'),
  receipt: () => import('./ui/receipt.js'),
};

/** Screens of one visit: `#/v/<visit>/<name>/<more>`. @type {Screens} */
const OF_VISIT = {
  brief: () => import('./ui/brief.js'),
  arrive: () => import('./ui/arrive.js'),
  hall: () => import('./ui/hall.js'),
  times: () => import('./ui/times.js'),
  note: () => import('./ui/note.js'),
  answers: () => import('./ui/answers.js'),
  section: () => import('./ui/section.js'),
  why: () => import('./ui/why.js'),
  summary: () => import('./ui/summary.js'),
  fix: () => import('./ui/fix.js'),
  conflict: () => import('./ui/conflict.js'),
};

/** What only an inspection needs is fetched by those who make one. */
const inspection = () => import('./inspection/index.js');

/** @param {Open} open @returns {Promise<Screens>} */
async function screensOf(open) {
  if (open.form.source !== 'open_inspection') return OF_VISIT;
  const { SCREENS, tools } = await inspection();
  open.tools = tools;
  return { ...OF_VISIT, ...SCREENS };
}

/** @returns {Promise<Screen>} */
async function screenFor() {
  const [first = 'today', ...rest] = location.hash.slice(2).split('/').map(decodeURIComponent);
  if (first !== 'v') {
    closeVisit();
    return (await (PLAIN[first] ?? PLAIN.today)()).show(...rest);
  }
  const [visit, name, ...more] = rest;
  const open = await openVisit(visit);
  if (!open) return (await PLAIN.today()).show();
  if (!open.isMine) return elsewhere(open);
  if (isDelivered(open)) return (await PLAIN.receipt()).show(open.record?.id);
  const screens = await screensOf(open);
  return (await (screens[name] ?? screens.brief)()).show(open, ...more);
}

/** @param {Open} open @returns {Screen} */
function elsewhere(open) {
  const here = async () => {
    await writeHere();
    await show(true);
  };
  const words = [h('em', {}, t('elsewhere.title')), h('p', {}, t('elsewhere.why'))];
  return {
    name: 'elsewhere',
    title: open.visit.hall.name,
    back: '#/today',
    main: [notice('warn', ...words)],
    foot: [
      button({
        label: t('elsewhere.here'),
        action: 'write-here',
        kind: 'primary wide tall',
        on: () => void here(),
      }),
    ],
  };
}

let drawing = 0;

const CLICK_MS = 100;
const HELD_MS = 3_000;

/** Settled while no finger is down. @type {Promise<void>} */
let lifted = Promise.resolve();

/** A page drawn anew under a finger would lose its tap: what happens by itself waits for the click. */
function touched() {
  lifted = new Promise((done) => {
    const up = () => setTimeout(done, CLICK_MS);
    for (const name of ['pointerup', 'pointercancel'])
      document.addEventListener(name, up, { once: true, capture: true });
    setTimeout(done, HELD_MS);
  });
}

/** @param {boolean} moveFocus @param {boolean} [isPatient] whether a finger that is down comes first */
async function show(moveFocus, isPatient = false) {
  drawing += 1;
  const mine = drawing;
  try {
    const screen = await screenFor();
    if (isPatient) await lifted;
    if (mine === drawing) draw(screen, moveFocus);
  } catch (error) {
    broken(error);
  }
}

/** Draw the same screen again, leaving the focus where it is. @param {boolean} [isPatient] */
async function redraw(isPatient = false) {
  const kept = document.activeElement?.id;
  await show(false, isPatient);
  if (kept) document.getElementById(kept)?.focus({ preventScroll: true });
}

/** Only screens without half-typed text are drawn again behind the auditor's back. */
async function redrawQuietly() {
  if (['today', 'queue', 'receipt'].includes(current()?.name ?? '')) await redraw(true);
}

/** @param {CustomEvent} event */
async function onSync({ detail }) {
  await reread(detail);
  await countWaiting();
  await redrawQuietly();
}

let timer = 0;

/** How many records have not arrived, and when the next one wants to go. */
async function countWaiting() {
  const [{ records, rows }, stored] = await Promise.all([listAudits(), storedBundle()]);
  const isMine = (/** @type {string} */ id) =>
    records.some((one) => one.id === id && one.auditor === stored?.bundle.auditor.code);
  showWaiting(rows.filter(({ kind }) => kind === 'final').length);
  clearTimeout(timer);
  const wait = nextWake(
    rows.filter(({ audit }) => isMine(audit)),
    Date.now(),
  );
  const canSend = wait !== null && signal.state !== 'signed_out';
  if (canSend) timer = window.setTimeout(trySending, Math.max(SOONEST_MS, wait));
  if (!records.some(({ document }) => document.state === 'draft')) await settleShell();
}

let counting = 0;

/** Not while somebody answers: counting reads every record. */
function countSoon() {
  clearTimeout(counting);
  counting = window.setTimeout(() => void countWaiting().catch(broken), COUNT_AFTER_MS);
}

/** With no audit open, a new version may take over. */
async function settleShell() {
  await pinShell(false);
  if (current()?.name === 'today' && (await isShellWaiting())) await takeNewShell();
}

function trySending() {
  send().then(countWaiting).catch(broken);
}

/** @param {CustomEvent} event */
function onBroken({ detail }) {
  const way = t(detail.isFull ? 'broken.full' : 'broken.other');
  const out = linkButton({
    label: t('broken.way'),
    href: '#/queue',
    action: 'rescue-way',
    kind: 'danger',
  });
  const close = button({
    label: t('close'),
    action: 'alarm-close',
    kind: 'quiet',
    on: () => alarm(null),
  });
  const message = notice(
    'bad',
    h('em', {}, t('broken.title')),
    h('p', {}, way),
    h('p', { class: 'why mono' }, detail.message),
    h('p', { class: 'line' }, out, close),
  );
  message.id = 'broken';
  alarm(message);
}

function listen() {
  const on = (/** @type {string} */ name, /** @type {(event: any) => void} */ act) =>
    changes.addEventListener(name, act);
  on('sync', (event) => void onSync(event).catch(broken));
  on('broken', onBroken);
  on('healed', () => document.getElementById('broken') && alarm(null));
  on('stored', countSoon);
  on('bundle', () => void redrawQuietly().then(prepare).catch(broken));
  on('signal', () => void redrawQuietly());
  on('redraw', () => void redraw());
  on('lost', () => void show(true));
  document.addEventListener('pointerdown', touched, { capture: true, passive: true });
  window.addEventListener('hashchange', () => void show(true));
  window.addEventListener('online', trySending);
  document.addEventListener(
    'visibilitychange',
    () => document.visibilityState === 'visible' && trySending(),
  );
  navigator.serviceWorker?.addEventListener('message', ({ data }) =>
    data === 'send' ? trySending() : void redrawQuietly(),
  );
  window.setInterval(trySending, EVERY_MS);
}

/** The camera may have cost the page its life: go back to the item it was opened for. */
async function returnFromCamera() {
  const place = await recall('place');
  if (!place) return;
  await remember('place', null);
  if (Date.now() - place.at < CAMERA_MS && location.hash.length < 3)
    history.replaceState(null, '', place.hash);
}

/** Storage is tried before anything is promised. */
async function probe() {
  try {
    await remember('probe', Date.now());
    await returnFromCamera();
  } catch (error) {
    broken(error);
  }
}

/** Whoever has an inspection to make takes its screens along. */
async function prepare() {
  const stored = await storedBundle();
  if (!stored?.bundle.visits.some(({ kind }) => kind === 'open_inspection')) return;
  await equip();
  for (const load of Object.values((await inspection()).SCREENS)) await load().catch(() => {});
}

/** Fetch the other screens while nobody waits: without a worker they must be here before the signal goes. */
async function warmUp() {
  await startWorker();
  await keepOffline(dictionaryPath(choices().language)).catch(() => {});
  if (!hasWorker) await log('no service worker');
  for (const load of [...Object.values(OF_VISIT), ...Object.values(PLAIN)])
    await load().catch(() => {});
  await prepare().catch(() => {});
}

async function start() {
  await restoreChoices();
  const { language } = choices();
  await speak(language).catch(() => speak(language === 'en' ? 'zh' : 'en'));
  listen();
  await probe();
  await show(false);
  await countWaiting().catch(broken);
  trySending();
  const idle =
    window.requestIdleCallback ??
    ((/** @type {() => void} */ act) => window.setTimeout(act, 500));
  idle(() => void warmUp());
}

void start();
