/** The tier matrix: arrows walk it, a tap opens a cell's panel without loading the page. */
import { fetchFragment } from './fragments.js';

const STEPS = new Map([
  ['ArrowLeft', [0, -1]],
  ['ArrowRight', [0, 1]],
  ['ArrowUp', [-1, 0]],
  ['ArrowDown', [1, 0]],
]);

/** @param {Document} page */
export function walkMatrix(page) {
  const table = page.querySelector('[data-matrix]');
  const panel = page.querySelector('[data-panel]');
  if (!(table instanceof HTMLTableElement) || !(panel instanceof HTMLElement)) return;
  showPicked(table);
  let asked = new AbortController();
  table.addEventListener('keydown', (event) => step(table, event));
  table.addEventListener('click', (event) => {
    const cell = cellOf(event.target);
    if (!cell || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    asked.abort();
    asked = new AbortController();
    pick(table, cell);
    open(cell, panel, asked.signal);
  });
}

/**
 * After a save the box stands where the chosen cell is, not at its top.
 *
 * @param {HTMLTableElement} table
 */
function showPicked(table) {
  const picked = table.querySelector('.picked');
  const box = table.parentElement;
  if (!(picked instanceof HTMLElement) || !box) return;
  const row = /** @type {HTMLElement} */ (picked.parentElement);
  box.scrollTop = row.offsetTop - box.clientHeight / 2;
}

/**
 * @param {HTMLTableElement} table
 * @param {KeyboardEvent} event
 */
function step(table, event) {
  const move = STEPS.get(event.key);
  const cell = cellOf(event.target);
  if (!move || !cell) return;
  const place = /** @type {HTMLTableCellElement} */ (cell.closest('td'));
  const row = /** @type {HTMLTableRowElement} */ (place.parentElement);
  event.preventDefault();
  next(table, row, place.cellIndex, move)?.focus();
}

/**
 * The cell one step on; heading rows between sections are stepped over.
 *
 * @param {HTMLTableElement} table
 * @param {HTMLTableRowElement} row
 * @param {number} column
 * @param {number[]} move
 * @returns {HTMLAnchorElement | null}
 */
function next(table, row, column, [down, right]) {
  if (right) return linkIn(row.cells[column + right]);
  for (let index = row.rowIndex + down; table.rows[index]; index += down) {
    const link = linkIn(table.rows[index].cells[column]);
    if (link) return link;
  }
  return null;
}

/** @param {HTMLTableCellElement | undefined} cell */
function linkIn(cell) {
  return /** @type {HTMLAnchorElement | null} */ (cell?.querySelector('a.cell-link') ?? null);
}

/** @param {EventTarget | null} target */
function cellOf(target) {
  const link = target instanceof Element && target.closest('a.cell-link');
  return link instanceof HTMLAnchorElement ? link : null;
}

/**
 * @param {HTMLTableElement} table
 * @param {HTMLAnchorElement} cell
 */
function pick(table, cell) {
  table.querySelector('.picked')?.classList.remove('picked');
  cell.closest('td')?.classList.add('picked');
}

/**
 * @param {HTMLAnchorElement} cell
 * @param {HTMLElement} panel
 * @param {AbortSignal} signal
 */
async function open(cell, panel, signal) {
  const address = new URL(cell.href);
  address.searchParams.set('part', 'panel');
  const markup = await fetchFragment(address.href, signal);
  if (signal.aborted) return;
  if (markup === null) {
    location.assign(cell.href);
    return;
  }
  panel.innerHTML = markup;
  history.replaceState(null, '', cell.href);
  if (matchMedia('(max-width: 60rem)').matches) panel.scrollIntoView({ block: 'start' });
  panel.querySelector('h2')?.focus({ preventScroll: true });
}
