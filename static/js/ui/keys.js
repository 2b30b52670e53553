/** Keys for what stands on the page: each press does what the element that names it does. */

const NAMED = new Set(['enter', 'backspace', 'escape']);

/** @param {Document} page */
export function pressByKey(page) {
  const place = page.querySelector('[data-keys]');
  if (!(place instanceof HTMLElement)) return;
  page.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    const field = typedInto(event.target);
    if (field) typed(event, field);
    else press(page, event);
  });
  place.dataset.keys = 'on';
}

/**
 * What the key is called here; number rows and pads alike, also while Chinese is typed.
 *
 * @param {KeyboardEvent} event
 */
export function nameOf(event) {
  const name = event.key.toLowerCase();
  if (/^[0-9a-z]$/.test(name) || NAMED.has(name)) return name;
  return event.code.replace(/^(Digit|Numpad|Key)/, '').toLowerCase();
}

/**
 * @param {Document} page
 * @param {KeyboardEvent} event
 */
function press(page, event) {
  const name = nameOf(event);
  if (name === 'enter' && isPressable(event.target)) return;
  const element = /^[0-9a-z]+$/.test(name) && page.querySelector(`[data-key="${name}"]`);
  if (!(element instanceof HTMLElement)) return;
  event.preventDefault();
  element.focus();
  if (!typedInto(element)) element.click();
}

/**
 * In a field letters are letters: Escape leaves it, Enter sends a form that asks for it.
 *
 * @param {KeyboardEvent} event
 * @param {HTMLElement} field
 */
function typed(event, field) {
  if (event.isComposing) return;
  if (event.key === 'Escape') {
    event.preventDefault();
    field.blur();
  }
  if (event.key === 'Enter' && 'send' in field.dataset && !event.shiftKey) {
    event.preventDefault();
    field.closest('form')?.requestSubmit();
  }
}

/**
 * @param {EventTarget | null} target
 * @returns {HTMLElement | null}
 */
function typedInto(target) {
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)
    return target;
  if (target instanceof HTMLInputElement && !['radio', 'checkbox'].includes(target.type))
    return target;
  return null;
}

/** @param {EventTarget | null} target */
function isPressable(target) {
  return target instanceof Element && target.matches('a[href], button, summary');
}
