/** Parts of pages, fetched into a page that is there already. */

/**
 * The markup at an address of this site; null when the whole page should be asked instead.
 *
 * @param {string} address
 * @param {AbortSignal} signal
 * @returns {Promise<string | null>}
 */
export async function fetchFragment(address, signal) {
  try {
    const answer = await fetch(address, { signal, credentials: 'same-origin' });
    return answer.ok && !answer.redirected ? await answer.text() : null;
  } catch {
    return null;
  }
}
