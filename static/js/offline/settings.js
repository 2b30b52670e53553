/** What this person chose on this phone, and what the browser promised. */

import { recall, remember } from './db.js';

const KEY = 'choices';

/** @typedef {{language: 'zh'|'en', theme: ''|'light'|'dark'|'sun', wifiOnly: boolean}} Choices */

/** @type {Choices} */
const DEFAULTS = {
  language: document.documentElement.lang.startsWith('en') ? 'en' : 'zh',
  theme: '',
  wifiOnly: false,
};

/** @returns {Choices} */
export function choices() {
  try {
    return { ...DEFAULTS, ...JSON.parse(localStorage.getItem(KEY) ?? '{}') };
  } catch {
    return DEFAULTS;
  }
}

/**
 * Browsers write localStorage lazily and a killed one forgets it; the database does not.
 * @param {Partial<Choices>} change
 */
export async function choose(change) {
  const next = { ...choices(), ...change };
  hold(next);
  await remember(KEY, next).catch(() => {});
}

/** Take back what a killed browser forgot. */
export async function restoreChoices() {
  const kept = await recall(KEY).catch(() => null);
  if (kept) hold(kept);
}

/** @param {Choices} chosen */
function hold(chosen) {
  try {
    localStorage.setItem(KEY, JSON.stringify(chosen));
  } catch {
    // a browser that keeps nothing says so on the page "mine"; the choice holds until the reload
  }
}

/** Ask the browser to keep our data for good. @returns {Promise<'kept'|'not_kept'|'unknown'>} */
export async function askToKeep() {
  if (!navigator.storage?.persist) return 'unknown';
  const kept = (await navigator.storage.persisted()) || (await navigator.storage.persist());
  return kept ? 'kept' : 'not_kept';
}

/** What the browser has promised so far, without asking. @returns {Promise<'kept'|'not_kept'|'unknown'>} */
export async function promised() {
  if (!navigator.storage?.persisted) return 'unknown';
  return (await navigator.storage.persisted()) ? 'kept' : 'not_kept';
}

/** @returns {Promise<{used: number, left: number} | null>} bytes */
export async function space() {
  const estimate = await navigator.storage?.estimate?.().catch(() => null);
  if (!estimate?.quota) return null;
  const used = estimate.usage ?? 0;
  return { used, left: Math.max(0, estimate.quota - used) };
}

/** Whether photos may go now, as far as the browser tells. */
export function mayUsePhotosNow() {
  const connection = /** @type {any} */ (navigator).connection;
  return !choices().wifiOnly || !connection?.type || connection.type === 'wifi';
}
