/** The service worker, as the page sees it: which shell is served, and when a new one may take over. */

const PINS = 'field-pin';
const PIN = '/field/pin';
const WANTS = '/field/more';
const INSPECTION = new URL('../inspection/index.js', import.meta.url).pathname;

export const hasWorker = 'serviceWorker' in navigator && 'caches' in globalThis;

/** @returns {string} the release this page was served from */
export const release = () => document.documentElement.dataset.release ?? '';

/**
 * While an audit is open the same shell is served, whatever has been installed since.
 * @param {boolean} isOpen
 */
export async function pinShell(isOpen) {
  if (!hasWorker) return;
  const cache = await caches.open(PINS);
  if (!isOpen) await cache.delete(PIN);
  else if (!(await cache.match(PIN))) await cache.put(PIN, new Response(release()));
}

/** @returns {Promise<ServiceWorkerRegistration | null>} */
export async function startWorker() {
  if (!hasWorker) return null;
  try {
    return await navigator.serviceWorker.register('/field/sw.js', { scope: '/field/' });
  } catch {
    return null;
  }
}

/** Keep one more file of this release for the time without signal. @param {string} path */
export async function keepOffline(path) {
  if (!hasWorker) return;
  const cache = await caches.open(`field-shell-${release()}`);
  if (!(await cache.match(path))) await cache.add(path);
}

/** Whether the screens of open inspections are here for the time without signal. */
export const isEquipped = async () => !hasWorker || Boolean(await caches.match(INSPECTION));

/** Keep them from now on, also in the shells to come. */
export async function equip() {
  if (!hasWorker || (await isEquipped())) return;
  await (await caches.open(PINS)).put(WANTS, new Response());
  const worker = await navigator.serviceWorker.getRegistration('/field/');
  if (worker) (await navigator.serviceWorker.ready).active?.postMessage('more');
}

/** Let a waiting shell take over; only called when no audit is open. */
export async function takeNewShell() {
  const registration = await navigator.serviceWorker?.getRegistration('/field/');
  if (!registration?.waiting) return;
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), {
    once: true,
  });
  registration.waiting.postMessage('take-over');
}

/** @returns {Promise<boolean>} */
export async function isShellWaiting() {
  return Boolean((await navigator.serviceWorker?.getRegistration('/field/'))?.waiting);
}

/** Ask the browser to wake us when there is signal, where it can. */
export async function askForBackgroundSync() {
  const registration = await navigator.serviceWorker?.getRegistration('/field/');
  await /** @type {any} */ (registration)?.sync?.register('send').catch(() => {});
}
