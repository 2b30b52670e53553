/* The phone's shell, offline. The server puts three lines before this file: RELEASE, FILES and MORE.
   GET only; the API is never touched; a waiting shell takes over only when the page says so. */
/* global RELEASE, FILES, MORE */

const SHELL = '/field/';
const PREFIX = 'field-shell-';
const PINS = 'field-pin';
const PIN = '/field/pin';
const WANTS = '/field/more';

self.addEventListener('install', (event) => {
  event.waitUntil(fill());
});

/** Everything or nothing: a half-filled cache would be a half-working shell. */
async function fill() {
  const cache = await caches.open(PREFIX + RELEASE);
  await cache.add(new Request(SHELL, { cache: 'reload' }));
  await Promise.all(FILES.map((path) => keep(cache, path)));
  if (await caches.match(WANTS, { cacheName: PINS })) await fillMore();
}

/** The screens of open inspections, for those who make them; their entry comes last. */
async function fillMore() {
  const cache = await caches.open(PREFIX + RELEASE);
  const [entry, ...others] = MORE;
  await Promise.all(others.map((path) => keep(cache, path)));
  await keep(cache, entry);
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
  if (event.data === 'more') event.waitUntil(fillMore().then(() => say('more')));
});

self.addEventListener('sync', (event) => {
  event.waitUntil(wake());
});

/** The page sends; here it is only woken. Without one the browser asks again later. */
async function wake() {
  if (!(await say('send'))) throw new Error('no page is open');
}

async function say(word) {
  const pages = await self.clients.matchAll({ type: 'window' });
  for (const page of pages) page.postMessage(word);
  return pages.length;
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
