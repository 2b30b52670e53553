/** Audits on this phone: every change is stored with its place in the outbox, then read back. */

import { read, StorageError, under, write } from './db.js';

/** @typedef {import('../lib/types.js').Record} Record */
/** @typedef {import('../lib/types.js').Row} Row */
/** @typedef {import('../lib/types.js').AuditDocument} AuditDocument */

/** A draft follows to the server this long after the last change. */
const MIRROR_AFTER_MS = 8_000;

/** Says "stored" and "sync" to whoever shows them. */
export const changes = new EventTarget();

/** @param {string} name @param {unknown} [detail] */
export const tell = (name, detail) => changes.dispatchEvent(new CustomEvent(name, { detail }));

/** @returns {Promise<{records: Record[], rows: Row[]}>} newest first */
export function listAudits() {
  return read(['audits', 'outbox'], async (store) => {
    const records = await store('audits').all();
    return { records: records.reverse(), rows: await store('outbox').all() };
  });
}

/** @param {string} id @returns {Promise<Record | undefined>} */
export const loadAudit = (id) => read(['audits'], (store) => store('audits').get(id));

/** @param {string} id @returns {Promise<Row | undefined>} */
export const loadRow = (id) => read(['outbox'], (store) => store('outbox').get(id));

/**
 * @param {Row | undefined} row
 * @param {Record} record
 * @param {number} now
 * @returns {Row} due at once for a finished audit, a little later for a draft
 */
function placed(row, record, now) {
  const kind = record.document.state;
  const next_at = kind === 'final' ? now : now + MIRROR_AFTER_MS;
  const start = { audit: record.id, queued_at: new Date(now).toISOString(), sent: {}, bad: {} };
  const fresh = { kind, attempt: 0, next_at, reason: '', detail: '', stopped: false };
  return { ...start, ...row, ...fresh };
}

/**
 * Store a record and its place in the outbox, in one transaction, and read it back.
 * @param {Record} record
 * @param {{key: string, value: unknown}[]} [photos] stored in the same transaction
 */
export async function storeAudit(record, photos = []) {
  await write(['audits', 'outbox', 'photos'], async (store) => {
    await store('audits').put(record);
    const row = await store('outbox').get(record.id);
    await store('outbox').put(placed(row, record, Date.now()));
    for (const { key, value } of photos) await store('photos').put(value, key);
  });
  return readBack(
    record,
    photos.map(({ key }) => key),
  );
}

/**
 * Change a document. The patch runs inside the transaction on what is stored, so two quick taps both hold.
 * @param {string} id
 * @param {(document: AuditDocument) => AuditDocument} patch
 * @param {{photos?: {key: string, value: unknown}[], extra?: Partial<Record>}} [more]
 * @returns {Promise<Record>}
 */
export async function changeAudit(id, patch, { photos = [], extra = {} } = {}) {
  const now = new Date();
  const record = await write(['audits', 'outbox', 'photos'], async (store) => {
    const stored = await store('audits').get(id);
    const document = patch(stored.document);
    const revised = { ...document, revision: stored.document.revision + 1 };
    const next = { ...stored, document: revised, changed_at: now.toISOString(), ...extra };
    await store('audits').put(next);
    await store('outbox').put(placed(await store('outbox').get(id), next, now.getTime()));
    for (const { key, value } of photos) await store('photos').put(value, key);
    return next;
  });
  return readBack(
    record,
    photos.map(({ key }) => key),
  );
}

/**
 * @param {Record} record as written
 * @param {string[]} keys of the photos written with it
 */
async function readBack(record, keys) {
  const [stored, found] = await read(['audits', 'photos'], async (store) => [
    await store('audits').get(record.id),
    await Promise.all(keys.map((key) => store('photos').keys(under(key)))),
  ]);
  const isThere = stored && stored.document.revision >= record.document.revision;
  if (!isThere || found.some((/** @type {IDBValidKey[]} */ at) => at.length === 0)) {
    throw new StorageError('what was written cannot be read back');
  }
  tell('stored', record.id);
  return record;
}

/**
 * What the sending found out; does not touch the document, nor its revision.
 * @param {string} id
 * @param {(record: Record, row: Row | undefined) => {record?: Record, row?: Row | null}} settle null drops the row
 */
export async function settleAudit(id, settle) {
  await write(['audits', 'outbox'], async (store) => {
    const found = [await store('audits').get(id), await store('outbox').get(id)];
    if (!found[0]) return;
    const { record, row } = settle(found[0], found[1]);
    if (record) await store('audits').put(record);
    if (row === null) await store('outbox').drop(id);
    else if (row) await store('outbox').put(row);
  });
  tell('sync', id);
}

/** Photos are kept as bytes under `<audit>/<sha256>`, their thumbnails beside them. */
export const photoKey = (/** @type {string} */ audit, /** @type {string} */ sha256) =>
  `${audit}/${sha256}`;
export const thumbKey = (/** @type {string} */ audit, /** @type {string} */ sha256) =>
  `${audit}/${sha256}.thumb`;

/** @param {string} key @returns {Promise<ArrayBuffer | undefined>} */
export const loadBytes = (key) => read(['photos'], (store) => store('photos').get(key));

/** @param {string} audit @returns {Promise<IDBValidKey[]>} */
export const photoKeys = (audit) =>
  read(['photos'], (store) => store('photos').keys(under(`${audit}/`)));

/** Give the space back; only after the receipt. @param {string} id */
export async function emptyAudit(id) {
  await write(['audits', 'photos'], async (store) => {
    const record = await store('audits').get(id);
    if (!record?.remote?.receipt) return;
    await store('photos').drop(under(`${id}/`));
    await store('audits').put({ ...record, emptied_at: new Date().toISOString() });
  });
  tell('sync', id);
}

/**
 * Another phone's audit of the same visit stands on the server: ours goes on under its id.
 * @param {Record} record already with the new id
 * @param {string} from the id it had
 */
export async function renameAudit(record, from) {
  await write(['audits', 'outbox', 'photos'], async (store) => {
    await store('audits').drop(from);
    await store('outbox').drop(from);
    for (const key of await store('photos').keys(under(`${from}/`))) {
      await store('photos').put(
        await store('photos').get(key),
        String(key).replace(from, record.id),
      );
      await store('photos').drop(key);
    }
    await store('audits').put(record);
    await store('outbox').put(placed(undefined, record, Date.now()));
  });
  return readBack(record, []);
}
