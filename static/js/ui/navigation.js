/** On a narrow screen the sections stand in one row; the current one is brought into sight. */

/** @param {Document} page */
export function showCurrentSection(page) {
  /** @type {HTMLElement | null} */
  const row = page.querySelector('.top .nav');
  /** @type {HTMLElement | null | undefined} */
  const current = row?.querySelector('[aria-current]');
  if (!row || !current) return;
  // not scrollIntoView: that would move the page as well, away from an anchor
  const left = current.getBoundingClientRect().left - row.getBoundingClientRect().left;
  row.scrollLeft += left - (row.clientWidth - current.offsetWidth) / 2;
}
