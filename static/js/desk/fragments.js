/** The wire of the desk: parts of pages fetched into a page that is there already. */

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

/**
 * What this site answers to a form's fields; null when it cannot say.
 *
 * @param {string} address
 * @param {HTMLFormElement} form
 * @param {AbortSignal} signal
 * @returns {Promise<any>}
 */
export async function sendForm(address, form, signal) {
  try {
    const body = new FormData(form);
    const answer = await fetch(address, { method: 'POST', body, signal });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

/**
 * Sends what a script alone can say; throws unless the server took it.
 *
 * @param {string} address
 * @param {string} token
 * @param {object} content
 */
export async function sendJson(address, token, content) {
  const answer = await fetch(address, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-CSRFToken': token },
    body: JSON.stringify(content),
  });
  if (!answer.ok) throw new Error(String(answer.status));
}
