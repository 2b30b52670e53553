/** The print button: without a script the browser's own menu does the same. */

/** @param {Document} page */
export function offerPrint(page) {
  for (const button of page.querySelectorAll('[data-print]')) {
    button.removeAttribute('hidden');
    button.addEventListener('click', () => print());
  }
}
