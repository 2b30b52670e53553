/** Photos of one item: what is there, the camera, the album, and the way to say that none was safe. */

import { keepPhoto } from '../capture/photos.js';
import { t } from '../i18n/index.js';
import { withoutPhoto } from '../lib/document.js';
import { loadBytes, photoKey, thumbKey } from '../offline/audits.js';
import { remember } from '../offline/db.js';
import { button, h, icon } from './dom.js';
import { announce, toast } from './frame.js';
import { broken, reread, save, saved } from './open.js';
import { clock } from './words.js';

/** @typedef {import('./open.js').Open} Open */
/** @typedef {import('../lib/types.js').Evidence} Evidence */

/**
 * @param {Open} open
 * @param {string | null} item null: not yet said what it shows
 * @param {() => void} changed
 */
export function photoStrip(open, item, changed) {
  const document = open.record?.document;
  const taken = (document?.evidence ?? []).filter((photo) => (photo.item ?? null) === item);
  const shots = taken.map((photo) => shot(open, photo, changed));
  const adders = [adder(open, item, 'camera', changed), adder(open, item, 'album', changed)];
  return h('ul', { class: 'photos', 'aria-label': t('photo.list') }, ...shots, ...adders);
}

/**
 * @param {Open} open
 * @param {Evidence} photo
 * @param {() => void} changed
 */
function shot(open, photo, changed) {
  const id = open.record?.id ?? '';
  const isBad = open.record?.remote?.evidence.unreadable.includes(photo.sha256);
  const picture = h('img', { alt: '', class: 'thumbnail', decoding: 'async' });
  void showBytes(picture, thumbKey(id, photo.sha256)).then(
    (isHere) => isHere || picture.replaceWith(icon('img')),
  );
  const view = h(
    'button',
    {
      type: 'button',
      class: 'shot',
      'aria-label': t('photo.view', { time: clock(photo.taken_at) }),
      data: { action: 'view-photo' },
      on: { click: () => viewer(open, photo, changed) },
    },
    picture,
  );
  const word = isBad
    ? t('photo.unreadable')
    : t('photo.stored', { time: clock(photo.taken_at) });
  return h(
    'li',
    { data: { state: isBad ? 'bad' : undefined, photo: photo.sha256 } },
    view,
    word,
  );
}

/**
 * @param {HTMLElement} picture
 * @param {string} key
 */
async function showBytes(picture, key) {
  const bytes = await loadBytes(key).catch(() => undefined);
  if (!bytes) return false;
  const address = URL.createObjectURL(new Blob([bytes], { type: 'image/jpeg' }));
  picture.addEventListener('load', () => URL.revokeObjectURL(address), { once: true });
  picture.setAttribute('src', address);
  return true;
}

/**
 * @param {Open} open
 * @param {string | null} item
 * @param {'camera' | 'album'} source
 * @param {() => void} changed
 */
export function adder(open, item, source, changed) {
  const label = source === 'camera' ? t('photo.camera') : t('photo.album');
  const input = fileInput(open, item, source, changed);
  const face = h(
    'span',
    { class: 'shot add face' },
    icon(source === 'camera' ? 'cam' : 'img'),
    label,
  );
  const hint =
    source === 'album' ? t('photo.album_hint') : isInside(open) && t('photo.camera_hint');
  return h('li', {}, h('label', { class: 'choice pick' }, input, face), hint);
}

/** Nobody should take pictures in the hall. @param {Open} open */
function isInside({ record }) {
  const marked = record?.document.marks.map(({ event }) => event) ?? [];
  return marked.includes('enter') && !marked.includes('leave');
}

/**
 * A file input: the page's place is stored before the camera opens, for the camera may end the page.
 * @param {Open} open
 * @param {string | null} item
 * @param {'camera' | 'album'} source
 * @param {() => void} changed
 */
export function fileInput(open, item, source, changed) {
  const label = source === 'camera' ? t('photo.camera') : t('photo.album');
  const click = () =>
    void remember('place', { hash: location.hash, at: Date.now() }).catch(() => {});
  const change = (/** @type {Event} */ event) => {
    const input = /** @type {HTMLInputElement} */ (event.target);
    void take(open, item, source, input.files?.[0]).then(changed);
    input.value = '';
  };
  const capture = source === 'camera' ? 'environment' : null;
  return h('input', {
    type: 'file',
    accept: 'image/*',
    capture,
    'aria-label': label,
    data: { action: source },
    on: { click, change },
  });
}

/**
 * @param {Open} open
 * @param {string | null} item
 * @param {'camera' | 'album'} source
 * @param {File | undefined} file
 */
async function take(open, item, source, file) {
  void remember('place', null).catch(() => {});
  if (!file || !open.record) return;
  announce(t('photo.storing'));
  const position = open.record.document.positions.at(-1);
  const isFresh = position && Date.now() - Date.parse(position.at ?? '') < 30 * 60_000;
  try {
    await keepPhoto(open.record.id, file, { item, source, ...(isFresh ? { position } : {}) });
    await reread(open.record.id);
    saved();
  } catch (error) {
    broken(error);
  }
}

/**
 * The photo large, with the way to take it away.
 * @param {Open} open
 * @param {Evidence} photo
 * @param {() => void} changed
 */
function viewer(open, photo, changed) {
  const picture = h('img', { alt: t('photo.large'), class: 'large' });
  void showBytes(picture, photoKey(open.record?.id ?? '', photo.sha256));
  const dialog = /** @type {HTMLDialogElement} */ (
    h('dialog', { class: 'viewer', 'aria-label': t('photo.large') })
  );
  const close = button({
    label: t('close'),
    action: 'close',
    kind: 'tall',
    on: () => dialog.close(),
  });
  const drop = async () => {
    dialog.close();
    if (!(await save((document) => withoutPhoto(document, photo.sha256)))) return;
    changed();
    const restore = () =>
      void save((document) => ({ ...document, evidence: [...document.evidence, photo] })).then(
        changed,
      );
    toast(t('photo.dropped'), { label: t('undo'), on: restore });
  };
  const away = button({
    label: t('photo.drop'),
    action: 'drop-photo',
    kind: 'danger tall',
    on: () => void drop(),
  });
  dialog.append(picture, h('p', { class: 'two' }, away, close));
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
