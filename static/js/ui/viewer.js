/** Photos large, in one dialog: arrows turn, + and − zoom, Escape closes. The links work without it. */

const STEPS = ['1', '2', '3'];

/**
 * @param {Document} page
 */
export function viewPhotos(page) {
  const dialog = /** @type {HTMLDialogElement | null} */ (page.querySelector('#viewer'));
  if (!dialog) return;
  const parts = partsOf(dialog);
  /** @type {HTMLAnchorElement[]} */
  let links = [];
  let index = 0;

  /** @param {number} wanted */
  const show = (wanted) => {
    index = (wanted + links.length) % links.length;
    const link = links[index];
    const name = link.dataset.caption ?? '';
    parts.image.src = link.href;
    parts.image.alt = link.querySelector('img')?.alt ?? name;
    parts.caption.textContent = `${name} (${index + 1}/${links.length})`;
    parts.stage.dataset.zoom = '1';
  };
  /** @param {number} by */
  const zoom = (by) => {
    const step = STEPS.indexOf(parts.stage.dataset.zoom ?? '1') + by;
    parts.stage.dataset.zoom = STEPS[Math.min(Math.max(step, 0), STEPS.length - 1)];
  };
  /** @type {{[name: string]: () => void}} */
  const deeds = {
    next: () => show(index + 1),
    previous: () => show(index - 1),
    larger: () => zoom(1),
    smaller: () => zoom(-1),
    close: () => dialog.close(),
  };
  /** @type {{[key: string]: string}} */
  const keys = {
    ArrowRight: 'next',
    ArrowLeft: 'previous',
    '+': 'larger',
    '=': 'larger',
    '-': 'smaller',
  };

  page.addEventListener('click', (event) => {
    const link = /** @type {Element} */ (event.target).closest('a[data-viewer]');
    if (!link || isSpecial(event)) return;
    event.preventDefault();
    links = distinct(page.querySelectorAll('a[data-viewer]'), link);
    dialog.showModal();
    show(links.indexOf(/** @type {HTMLAnchorElement} */ (link)));
  });
  dialog.addEventListener('click', (event) => {
    const button = /** @type {Element} */ (event.target).closest('[data-do]');
    if (button instanceof HTMLElement) deeds[button.dataset.do ?? '']?.();
  });
  dialog.addEventListener('keydown', (event) => {
    // while it is large, arrows move the picture
    const isMoving = parts.stage.dataset.zoom !== '1' && event.key.startsWith('Arrow');
    if (keys[event.key] && !isMoving) deeds[keys[event.key]]();
  });
  dialog.addEventListener('close', () => parts.image.removeAttribute('src'));
}

/** @param {HTMLDialogElement} dialog */
function partsOf(dialog) {
  return {
    stage: /** @type {HTMLElement} */ (dialog.querySelector('.viewer-stage')),
    image: /** @type {HTMLImageElement} */ (dialog.querySelector('img')),
    caption: /** @type {HTMLElement} */ (dialog.querySelector('#viewer-caption')),
  };
}

/**
 * A photo stands in the list and in the panel; it is turned to once.
 * @param {Iterable<Element>} found
 * @param {Element} opened
 */
function distinct(found, opened) {
  const byAddress = new Map();
  for (const link of found) {
    const anchor = /** @type {HTMLAnchorElement} */ (link);
    if (!byAddress.has(anchor.href) || link === opened) byAddress.set(anchor.href, anchor);
  }
  return [...byAddress.values()];
}

/** @param {MouseEvent} event */
function isSpecial(event) {
  return event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0;
}
