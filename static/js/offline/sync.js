/** Sends what waits: photos first, small before large, then the document. Nothing holds up anything else. */

import { blocked, photosToSend, rowsDue, waitBefore } from '../lib/queue.js';
import { getAudit, hasEvidence, NoSignal, putAudit, putEvidence, Refusal } from './api.js';
import {
  listAudits,
  loadAudit,
  loadBytes,
  loadRow,
  photoKey,
  settleAudit,
  tell,
} from './audits.js';
import { refreshBundle, storedBundle } from './bundle.js';
import { log, StorageError } from './db.js';
import { mayUsePhotosNow } from './settings.js';

/** @typedef {import('../lib/types.js').Row} Row */
/** @typedef {import('../lib/types.js').Record} Record */

const BUNDLE_AGE_MS = 5 * 60_000;
const LOOK_AGAIN_MS = 3 * 86_400_000;

/** What the last try found: shown on every screen. @type {{state: 'unknown'|'online'|'offline'|'signed_out'}} */
export const signal = { state: 'unknown' };

/** @type {Promise<void> | null} */
let running = null;

/**
 * Send everything whose time has come; one run at a time, in one tab.
 * @param {{force?: boolean}} [wish] force: the auditor asked, waits do not count
 * @returns {Promise<void>}
 */
export function send({ force = false } = {}) {
  if (running && force) return running.then(() => send({ force }));
  running ??= alone(() => run(force)).finally(() => {
    running = null;
  });
  return running;
}

/** @param {() => Promise<void>} work */
async function alone(work) {
  if (!navigator.locks) return work();
  await navigator.locks.request('field-send', { ifAvailable: true }, (lock) =>
    lock ? work() : undefined,
  );
}

/** @param {boolean} force */
async function run(force) {
  const isFresh = await refresh(force);
  if (signal.state === 'signed_out') return;
  const stored = await storedBundle();
  const { records, rows } = await listAudits();
  const mine = records.filter((record) => record.auditor === stored?.bundle.auditor.code);
  const ids = new Set(mine.map(({ id }) => id));
  const due = rowsDue(rows, Date.now(), force).filter((row) => ids.has(row.audit));
  for (const row of due) await sendRow(row, force);
  if (isFresh)
    for (const record of mine.filter((one) => isUndecided(one, rows))) await lookAgain(record);
}

/** Arrived, and its photos are perhaps still being looked at. @param {Record} record @param {Row[]} rows */
function isUndecided({ id, remote, document, sent_at, emptied_at }, rows) {
  if (!remote || document.state === 'draft' || emptied_at) return false;
  const isRecent = Date.now() - Date.parse(sent_at ?? '1970-01-01') < LOOK_AGAIN_MS;
  return (isRecent || !remote.receipt) && !rows.some(({ audit }) => audit === id);
}

/** A photo that nobody can open is found out after it has arrived. @param {Record} record */
async function lookAgain({ id }) {
  try {
    const { document: _, ...remote } = await getAudit(id);
    await settleAudit(id, (record) => ({ record: { ...record, remote } }));
  } catch (error) {
    if (error instanceof StorageError) throw error;
  }
}

/** @param {boolean} force @returns {Promise<boolean>} whether the server was heard */
async function refresh(force) {
  const stored = await storedBundle();
  const age = Date.now() - Date.parse(stored?.fetched_at ?? '1970-01-01');
  if (!force && signal.state === 'online' && age < BUNDLE_AGE_MS) return false;
  try {
    if (await refreshBundle()) tell('bundle');
    note('online');
    return true;
  } catch (error) {
    note(signalFrom(error));
    if (error instanceof StorageError) tell('broken', error);
    return false;
  }
}

/** @param {unknown} error */
function signalFrom(error) {
  if (error instanceof Refusal) return error.status === 401 ? 'signed_out' : 'online';
  return error instanceof NoSignal ? 'offline' : signal.state;
}

/** @param {typeof signal.state} state */
function note(state) {
  if (signal.state === state) return;
  signal.state = state;
  tell('signal', state);
}

/**
 * @param {Row} row
 * @param {boolean} force
 */
async function sendRow(row, force) {
  try {
    await sendPhotos(row.audit, force || mayUsePhotosNow());
    await sendDocument(row.audit);
    note('online');
  } catch (error) {
    if (error instanceof StorageError) throw error;
    note(signalFrom(error));
    await postpone(row.audit, error);
  }
}

/**
 * @param {string} id
 * @param {boolean} mayUse
 */
async function sendPhotos(id, mayUse) {
  const [record, row] = [await loadAudit(id), await loadRow(id)];
  if (!record || !row) return;
  const waiting = photosToSend(record.document, row);
  if (waiting.length && !mayUse) throw new Waiting('wifi');
  for (const photo of waiting) await sendPhoto(id, photo, row.attempt > 0);
}

/** Not a failure: what stands in the way is the auditor's own wish. */
class Waiting extends Error {}

/**
 * @param {string} id
 * @param {import('../lib/types.js').Evidence} photo
 * @param {boolean} askFirst after a broken try the server may hold it already
 */
async function sendPhoto(id, { sha256, type, bytes: size }, askFirst) {
  const isThere = askFirst && (await hasEvidence(sha256));
  const bytes = isThere ? null : await loadBytes(photoKey(id, sha256));
  if (!isThere && !bytes) return photoGone(id, sha256);
  const show = (/** @type {number} */ sent) =>
    tell('progress', { audit: id, sha256, sent, size });
  try {
    if (bytes) await putEvidence(sha256, bytes, type, show);
    await settleAudit(id, (_, row) => ({
      row: row && { ...row, sent: { ...row.sent, [sha256]: true } },
    }));
  } catch (error) {
    if (!(error instanceof Refusal) || !isPhotoRefused(error.status)) throw error;
    await settleAudit(id, (_, row) => ({
      row: row && { ...row, bad: { ...row.bad, [sha256]: error.status } },
    }));
    await log('photo refused', `${sha256.slice(0, 8)} ${error.status}`);
  }
}

/** The bytes are not on this phone: another phone sends them, or the server has them. @param {string} id @param {string} sha256 */
async function photoGone(id, sha256) {
  const status = (await hasEvidence(sha256)) ? 0 : 404;
  await settleAudit(id, (_, row) => {
    if (!row) return {};
    return {
      row: status
        ? { ...row, bad: { ...row.bad, [sha256]: status } }
        : { ...row, sent: { ...row.sent, [sha256]: true } },
    };
  });
}

/** @param {number} status this photo will never be taken, however often it is sent */
const isPhotoRefused = (status) => [413, 415, 422].includes(status);

/** @param {string} id */
async function sendDocument(id) {
  const record = await loadAudit(id);
  if (!record || !(await loadRow(id))) return;
  const { revision } = record.document;
  try {
    const remote = await putAudit(record.document);
    await settleAudit(id, (now, row) => arrived(now, row, remote, revision));
  } catch (error) {
    if (!(error instanceof Refusal) || !isVerdict(error.status)) throw error;
    await log('audit refused', `${error.status} ${error.message}`);
    await settleAudit(id, (now, row) => refused(now, row, error, revision));
  }
}

/** @param {number} status the server understood and said no */
const isVerdict = (status) => [400, 404, 409, 413, 422].includes(status);

/**
 * @param {Record} record as it is now; it may have changed while the request was under way
 * @param {Row | undefined} row
 * @param {import('../lib/types.js').Remote} remote
 * @param {number} revision that was sent
 * @returns {{record: Record, row?: Row | null}}
 */
function arrived(record, row, remote, revision) {
  const sent_at = new Date().toISOString();
  const { takes_over: _, ...document } = record.document;
  const next = { ...record, document, remote, conflict: null, sent_at };
  if (record.document.revision !== revision) return { record: next };
  if (!remote.evidence.missing.length || !row) return { record: next, row: null };
  return { record: next, row: stillMissing(row, remote.evidence.missing) };
}

/** @param {Row} row @param {string[]} missing photos the server does not hold after all */
function stillMissing(row, missing) {
  const sent = Object.fromEntries(
    Object.entries(row.sent).filter(([sha]) => !missing.includes(sha)),
  );
  const attempt = row.attempt + 1;
  const next_at = Date.now() + waitBefore(attempt, Math.random());
  const isStuck = missing.every((sha) => row.bad[sha]);
  return { ...row, sent, attempt, next_at, reason: 'photos', stopped: isStuck };
}

/**
 * @param {Record} record
 * @param {Row | undefined} row
 * @param {Refusal} refusal
 * @param {number} revision
 * @returns {{record?: Record, row?: Row}}
 */
function refused(record, row, refusal, revision) {
  if (!row || record.document.revision !== revision) return {};
  const { status, problem } = refusal;
  const stopped = { ...row, stopped: true, reason: `http_${status}`, detail: refusal.message };
  if (status === 409 && problem.current)
    return { record: { ...record, conflict: problem.current }, row: stopped };
  const problems = problem.errors ?? [{ pointer: '', detail: refusal.message }];
  const remote = problem.current ?? record.remote;
  return { record: { ...record, problems, remote }, row: stopped };
}

/**
 * @param {string} id
 * @param {unknown} error
 */
async function postpone(id, error) {
  const { reason, detail, asked } = blocked(error instanceof Refusal ? error : null, error);
  await settleAudit(id, (_, row) => {
    if (!row) return {};
    const attempt = error instanceof Waiting ? row.attempt : row.attempt + 1;
    const next_at = Date.now() + waitBefore(Math.max(1, attempt), Math.random(), asked);
    return {
      row: {
        ...row,
        attempt,
        next_at,
        reason: error instanceof Waiting ? 'wifi' : reason,
        detail,
      },
    };
  });
  if (!(error instanceof Waiting)) await log('postponed', `${reason} ${detail}`);
}
