/** The auditor's bundle and the forms it names, as last fetched. */

import { getBundle, getForm } from './api.js';
import { read, recall, remember, write } from './db.js';

/** @typedef {import('../lib/types.js').Bundle} Bundle */
/** @typedef {{bundle: Bundle, etag: string | null, fetched_at: string, offset: number}} Stored */

/** @returns {Promise<Stored | undefined>} */
export const storedBundle = () => recall('bundle');

/** @param {string} digest @returns {Promise<import('../lib/types.js').Form | undefined>} */
export const storedForm = (digest) => read(['forms'], (store) => store('forms').get(digest));

/** @returns {Promise<string[]>} digests of the forms on this phone */
export const storedForms = () =>
  read(['forms'], (store) =>
    store('forms')
      .keys()
      .then((keys) => keys.map(String)),
  );

/** This phone's own name, made once. @param {() => string} make @returns {Promise<string>} */
export async function deviceName(make) {
  const known = await recall('device');
  if (known) return known;
  const name = make();
  await remember('device', name);
  return name;
}

/**
 * Fetch what is new. Forms first reach the phone, then the bundle that names them is replaced.
 * @returns {Promise<boolean>} whether anything changed
 */
export async function refreshBundle() {
  const stored = await storedBundle();
  const { bundle, etag, sentAt } = await getBundle(stored?.etag ?? null);
  const wanted = bundle?.forms ?? stored?.bundle.forms ?? [];
  const fetched = await fetchForms(wanted);
  if (!bundle) {
    if (stored) await remember('bundle', { ...stored, fetched_at: new Date().toISOString() });
    return fetched > 0;
  }
  await nameScenarios(bundle.visits);
  const middle = (sentAt + Date.now()) / 2;
  const offset = Math.round(middle - Date.parse(bundle.server_time));
  await remember('bundle', { bundle, etag, fetched_at: new Date().toISOString(), offset });
  return true;
}

/** The scenario's name stands in the form; the list of visits shows it without opening every form. @param {import('../lib/types.js').Visit[]} visits */
async function nameScenarios(visits) {
  for (const visit of visits) {
    visit.scenario_name ??= (await storedForm(visit.form))?.scenario_name;
  }
}

/** @param {string[]} digests */
async function fetchForms(digests) {
  const held = new Set(await storedForms());
  const absent = digests.filter((digest) => !held.has(digest));
  for (const digest of absent) {
    const form = await getForm(digest);
    await write(['forms'], (store) => store('forms').put(form, digest));
  }
  return absent.length;
}
