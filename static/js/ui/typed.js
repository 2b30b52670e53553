/** Half-typed text is never lost. */

import { h } from './dom.js';

/**
 * A text that is stored while it is typed, at the latest half a second after the last letter.
 * @param {{id: string, label: string, value: string, on: (value: string) => void, rows?: number}} field
 */
export function typed({ id, label, value, on, rows = 2 }) {
  let timer = 0;
  let stored = value;
  const area = /** @type {HTMLTextAreaElement} */ (
    h('textarea', { class: 'input', id, rows, maxlength: 4000 })
  );
  area.value = value;
  const flush = () => {
    clearTimeout(timer);
    if (area.value === stored) return;
    stored = area.value;
    on(area.value.trim());
  };
  area.addEventListener('input', () => {
    clearTimeout(timer);
    timer = window.setTimeout(flush, 500);
  });
  area.addEventListener('change', flush);
  area.addEventListener('blur', flush);
  return h('div', { class: 'field' }, h('label', { for: id }, label), area);
}
