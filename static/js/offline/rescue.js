/** The rescue file: an audit and its photos as one zip, out of the phone and in again. */

import { unzipped, ZipWriter } from '../lib/zip.js';
import { loadAudit, loadBytes, photoKey, storeAudit } from './audits.js';

/** @typedef {import('../lib/types.js').Record} Record */

/**
 * One photo is in memory at a time; the parts wait as blobs, which the browser may keep on disk.
 * @param {Record} record given, not loaded: it must work when the database does not
 * @returns {Promise<Blob>}
 */
export async function rescueFile(record) {
  const zip = new ZipWriter();
  const audit = new TextEncoder().encode(JSON.stringify(record.document));
  const parts = [...zip.header('audit.json', audit), audit].map((part) => new Blob([part]));
  for (const { sha256 } of record.document.evidence) {
    const bytes = await loadBytes(photoKey(record.id, sha256)).catch(() => undefined);
    if (!bytes) continue;
    const body = new Uint8Array(bytes);
    parts.push(new Blob([...zip.header(`evidence/${sha256}.jpg`, body), body]));
  }
  return new Blob([...parts, ...zip.end()], { type: 'application/zip' });
}

/** @param {Uint8Array<ArrayBuffer>} bytes */
export async function sha256Of(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Take a rescue file in. A newer copy on this phone wins; photos are checked against their names.
 * @param {Blob} file
 * @param {{auditor: string, hall: Record['hall']}} owner
 * @returns {Promise<{id: string, photos: number}>}
 * @throws {RangeError} when the file is not a rescue file
 */
export async function takeIn(file, owner) {
  const files = unzipped(new Uint8Array(await file.arrayBuffer()));
  const document = documentIn(files.get('audit.json'));
  const photos = await photosIn(files, document);
  const held = await loadAudit(document.id);
  if (held && held.document.revision > document.revision) throw new RangeError('older');
  await storeAudit(
    { ...blankRecord(document, owner), ...held, document, problems: [], conflict: null },
    photos,
  );
  return { id: document.id, photos: photos.length };
}

/**
 * @param {Uint8Array | undefined} bytes
 * @returns {import('../lib/types.js').AuditDocument}
 */
function documentIn(bytes) {
  if (!bytes) throw new RangeError('no audit.json');
  const document = JSON.parse(new TextDecoder().decode(bytes));
  if (typeof document?.id !== 'string' || !Array.isArray(document.evidence))
    throw new RangeError('no audit');
  return document;
}

/**
 * @param {Map<string, Uint8Array>} files
 * @param {import('../lib/types.js').AuditDocument} document
 */
async function photosIn(files, document) {
  const photos = [];
  for (const { sha256 } of document.evidence) {
    const bytes = files.get(`evidence/${sha256}.jpg`)?.slice();
    if (bytes && (await sha256Of(bytes)) === sha256) {
      photos.push({ key: photoKey(document.id, sha256), value: bytes.buffer });
    }
  }
  return photos;
}

/**
 * @param {import('../lib/types.js').AuditDocument} document
 * @param {{auditor: string, hall: Record['hall']}} owner
 * @returns {Record}
 */
export function blankRecord(document, { auditor, hall }) {
  return {
    id: document.id,
    auditor,
    visit: document.visit,
    hall,
    document,
    changed_at: document.started_at,
    remote: null,
    problems: [],
    conflict: null,
    tick: null,
    sent_at: null,
    emptied_at: null,
  };
}
