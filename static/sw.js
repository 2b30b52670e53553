/* The phone's shell, offline. The server puts two lines before this file: RELEASE and FILES.
   GET only; the API is never touched; a waiting shell takes over only when the page says so. */
/* global RELEASE, FILES */

const SHELL = '/field/';
const PREFIX = 'field-shell-';
const PINS = 'field-pin';
const PIN = '/field/pin';

self.addEventListener('install', (event) => {
  event.waitUntil(fill());
});

/** Everything or nothing: a half-filled cache would be a half-working shell. */
async function fill() {
  const cache = await caches.open(PREFIX + RELEASE);
  await cache.add(new Request(SHELL, { cache: 'reload' }));
  await Promise.all(FILES.map((path) => keep(cache, path)));
}

/** A file that an older shell already holds under the same path is not fetched again. */
async function keep(cache, path) {
  const held = await caches.match(path);
  await (held ? cache.put(path, held) : cache.add(path));
}

self.addEventListener('activate', (event) => {
  event.waitUntil(tidy().then(() => self.clients.claim()));
});

/** Old shells go, except the one that an open audit is pinned to. */
async function tidy() {
  const kept = [PINS, PREFIX + RELEASE, PREFIX + (await pinned())];
  const names = await caches.keys();
  const gone = names.filter((name) => name.startsWith('field-') && !kept.includes(name));
  await Promise.all(gone.map((name) => caches.delete(name)));
}

async function pinned() {
  const pin = await caches.match(PIN, { cacheName: PINS });
  return pin ? pin.text() : RELEASE;
}

self.addEventListener('message', (event) => {
  if (event.data === 'take-over') self.skipWaiting();
});

self.addEventListener('sync', (event) => {
  event.waitUntil(wake());
});

/** The page sends; here it is only woken. Without one the browser asks again later. */
async function wake() {
  const pages = await self.clients.matchAll({ type: 'window' });
  if (pages.length === 0) throw new Error('no page is open');
  for (const page of pages) page.postMessage('send');
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (request.mode === 'navigate' && url.pathname === SHELL) event.respondWith(shell(request));
  else if (url.pathname.startsWith('/static/') || url.pathname.startsWith(`${SHELL}manifest`)) {
    event.respondWith(file(request));
  }
});

async function shell(request) {
  const name = PREFIX + (await pinned());
  const page = (await caches.match(SHELL, { cacheName: name })) ?? (await caches.match(SHELL));
  return page ?? fetch(request);
}

async function file(request) {
  return (await caches.match(request)) ?? fetch(request);
}
