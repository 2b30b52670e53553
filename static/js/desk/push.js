/** Lets a browser show messages while no page is open, when the person asks for it. */

import { sendJson } from './fragments.js';

const WORKER = '/notifications/worker.js';
const SCOPE = '/notifications/';

/** @param {Document} page */
export function offerPush(page) {
  const form = page.querySelector('form[data-push]');
  if (!(form instanceof HTMLFormElement)) return;
  const isAble = 'serviceWorker' in navigator && 'PushManager' in globalThis;
  say(form, isAble ? 'able' : 'unable');
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void subscribe(form);
  });
}

/** @param {HTMLFormElement} form */
async function subscribe(form) {
  const groups = new FormData(form).getAll('groups');
  if (groups.length === 0) return say(form, 'none');
  if ((await Notification.requestPermission()) !== 'granted') return say(form, 'denied');
  say(form, 'busy');
  try {
    const registration = await navigator.serviceWorker.register(WORKER, { scope: SCOPE });
    await isActive(registration);
    const subscription = await registration.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: form.dataset.push,
    });
    const token = new FormData(form).get('csrf_token');
    await sendJson(form.action, String(token), { groups, subscription });
    location.reload();
  } catch {
    say(form, 'failed');
  }
}

/**
 * `serviceWorker.ready` waits for a worker of this page's own scope; the address of
 * the list is not under it.
 *
 * @param {ServiceWorkerRegistration} registration
 */
function isActive(registration) {
  const worker = registration.installing ?? registration.waiting;
  if (registration.active || !worker) return Promise.resolve();
  return new Promise((resolve) => {
    worker.addEventListener('statechange', () => {
      if (worker.state === 'activated') resolve(undefined);
    });
  });
}

/**
 * Shows the one sentence that fits, and the button where it can do something.
 *
 * @param {HTMLFormElement} form
 * @param {string} state
 */
function say(form, state) {
  for (const text of form.querySelectorAll('[data-when]')) {
    if (text instanceof HTMLElement) text.hidden = text.dataset.when !== state;
  }
  const button = form.querySelector('button');
  if (button) button.disabled = state === 'unable' || state === 'busy';
}
