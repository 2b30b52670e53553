/** The rules' sentences beside an item's fields while it is typed; nothing is saved. */
import { sendForm } from './fragments.js';

const PAUSE_MS = 400;

/** @param {Document} page */
export function checkWhileTyped(page) {
  const form = page.querySelector('form[data-check]');
  if (!(form instanceof HTMLFormElement)) return;
  let waiting = 0;
  let asked = new AbortController();
  form.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = window.setTimeout(async () => {
      asked.abort();
      asked = new AbortController();
      const found = await sendForm(form.dataset.check ?? '', form, asked.signal);
      if (found) show(form, found);
    }, PAUSE_MS);
  });
}

/**
 * @param {HTMLFormElement} form
 * @param {{fields: Record<string, string[]>, others: string[]}} found
 */
function show(form, found) {
  for (const field of form.querySelectorAll('[data-field]')) {
    if (!(field instanceof HTMLElement)) continue;
    mark(field, found.fields[field.dataset.field ?? ''] ?? []);
  }
  const others = form.querySelector('[data-others]');
  const list = others?.querySelector('ul');
  if (!(others instanceof HTMLElement) || !list) return;
  others.hidden = found.others.length === 0;
  list.replaceChildren(...found.others.map(sentence));
}

/**
 * @param {HTMLElement} field
 * @param {string[]} faults
 */
function mark(field, faults) {
  field.removeAttribute('data-state');
  if (faults.length > 0) field.dataset.state = 'bad';
  const place = field.querySelector('[data-fault]');
  if (!(place instanceof HTMLElement)) return;
  place.hidden = faults.length === 0;
  place.textContent = faults.join(' ');
}

/** @param {string} text */
function sentence(text) {
  const line = document.createElement('li');
  line.textContent = text;
  return line;
}
