/** Menus are plain details elements; these close when attention goes elsewhere. */

/** @param {Document} page */
export function closeOthers(page) {
  page.addEventListener('click', (event) => {
    for (const menu of page.querySelectorAll('details.menu[open]')) {
      if (!menu.contains(/** @type {Node} */ (event.target))) menu.removeAttribute('open');
    }
  });
  page.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    const menu = page.querySelector('details.menu[open]');
    menu?.removeAttribute('open');
    menu?.querySelector('summary')?.focus();
  });
}
