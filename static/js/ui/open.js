/** The visit that is open on this page: its form, its record, and the right to write it. */

import { moment } from '../capture/clock.js';
import { t } from '../i18n/index.js';
import { firstTick } from '../lib/clock.js';
import { blankAudit, reopened, takenOver } from '../lib/document.js';
import { uuid7 } from '../lib/uuid7.js';
import { getAudit } from '../offline/api.js';
import {
  changeAudit,
  listAudits,
  loadAudit,
  renameAudit,
  storeAudit,
  tell,
} from '../offline/audits.js';
import { deviceName, storedBundle, storedForm } from '../offline/bundle.js';
import { log, StorageError } from '../offline/db.js';
import { blankRecord } from '../offline/rescue.js';
import { askToKeep } from '../offline/settings.js';
import { pinShell, release } from '../offline/shell.js';
import { announce } from './frame.js';

/** @typedef {import('../lib/types.js').Record} Record */
/** @typedef {import('../lib/types.js').AuditDocument} AuditDocument */

/**
 * @typedef {object} Open
 * @property {import('../lib/types.js').Visit} visit
 * @property {import('../lib/types.js').Form} form
 * @property {Record | null} record null until the audit is begun
 * @property {boolean} isMine false while another page of this phone writes it
 * @property {import('../lib/types.js').Tools} [tools] of an open inspection
 */

/** @type {Open | null} */
let open = null;
/** @type {(() => void) | null} */
let release_ = null;

/** @type {Promise<unknown>} */
let opening = Promise.resolve();

/**
 * One after the other: two at once would each find the other holding the lock.
 * @param {string} visitId
 * @returns {Promise<Open | null>} null when this phone does not know the visit
 */
export function openVisit(visitId) {
  const work = opening.then(() => opened(visitId));
  opening = work.catch(() => {});
  return work;
}

/** @param {string} visitId @returns {Promise<Open | null>} */
async function opened(visitId) {
  if (open?.visit.id === visitId) return open;
  closeVisit();
  const [stored, { records }] = await Promise.all([storedBundle(), listAudits()]);
  const code = stored?.bundle.auditor.code;
  const record = records.find((one) => one.visit === visitId && one.auditor === code) ?? null;
  const visit =
    stored?.bundle.visits.find(({ id }) => id === visitId) ?? (record && gone(record));
  if (!visit) return null;
  const form = await storedForm(record?.document.form ?? visit.form);
  if (!form) return null;
  open = { visit, form, record, isMine: !record || (await holdSoon(record.id)) };
  return open;
}

/** A visit that the bundle no longer lists, as far as this phone remembers. @param {Record} record */
function gone(record) {
  const hall = { id: '', ...record.hall };
  const { visit: id, form } = record.document;
  return {
    id,
    month: '',
    kind: 'mystery',
    hall,
    form,
    due_on: '',
    state: 'sent',
    audit: record.id,
  };
}

export function closeVisit() {
  release_?.();
  release_ = null;
  open = null;
}

/** Whether the server holds it whole, asked nothing and changes nothing any more. @param {Open} open */
export function isDelivered({ visit, record }) {
  if (!record?.remote?.receipt || record.document.state !== 'final') return false;
  const isAsked = visit.state === 'returned' || Boolean(visit.returned?.length);
  return (
    !isAsked &&
    !record.problems.length &&
    !record.conflict &&
    !record.remote.evidence.unreadable.length
  );
}

/** Read again what the sending may have changed. @param {string} id */
export async function reread(id) {
  if (open?.record?.id === id) open.record = (await loadAudit(id)) ?? open.record;
}

/** A lock that this page has just let go takes a moment to be free. @param {string} id */
async function holdSoon(id) {
  if (await hold(id)) return true;
  await new Promise((resolve) => setTimeout(resolve, 200));
  return hold(id);
}

/**
 * One page writes an audit, whichever got here first.
 * @param {string} id
 * @param {boolean} [steal] the auditor wants to go on here
 * @returns {Promise<boolean>}
 */
function hold(id, steal = false) {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    const options = steal ? { steal } : { ifAvailable: true };
    navigator.locks
      .request(`field-audit-${id}`, options, (lock) => {
        resolve(Boolean(lock));
        return (
          lock &&
          new Promise((free) => {
            release_ = () => free(undefined);
          })
        );
      })
      .catch(lost);
  });
}

function lost() {
  if (open) open.isMine = false;
  tell('lost');
}

/** Go on here; the other page is told. */
export async function writeHere() {
  if (!open?.record) return;
  open.isMine = await hold(open.record.id, true);
  open.record = (await loadAudit(open.record.id)) ?? open.record;
}

/** What the queue calls it, once the bundle has forgotten the visit. @param {Record['hall']} hall @returns {Record['hall']} */
const namesOf = ({ name, name_en }) => ({ name, name_en });

const newId = () => uuid7(Date.now(), crypto.getRandomValues(new Uint8Array(10)));

/** @returns {Promise<boolean>} whether the audit is on the disk */
export async function beginAudit() {
  if (!open) return false;
  const { visit } = open;
  const stored = await storedBundle();
  const start = {
    id: newId(),
    visit: visit.id,
    form: visit.form,
    app: release(),
    at: new Date().toISOString(),
  };
  const device = await deviceName(newId);
  const document = blankAudit({ ...start, device, offset: stored?.offset ?? 0 });
  document.revision = 1;
  const owner = await ownerOf(visit);
  await keepRecord({ ...blankRecord(document, owner), tick: firstTick(moment()) });
  return Boolean(open.record);
}

/** @param {Record} record in place of the one that is open, if any */
async function keepRecord(record) {
  if (!open) return;
  const before = open.record?.id;
  try {
    const isSame = !before || before === record.id;
    open.record = await (isSame ? storeAudit(record) : renameAudit(record, before));
    open.isMine = await hold(record.id);
    await pinShell(true);
    void askToKeep().catch(() => {});
  } catch (error) {
    broken(error);
  }
}

/**
 * Store a change of the open audit; a delivered one is opened again by it.
 * @param {(document: AuditDocument) => AuditDocument} patch
 * @param {{photos?: {key: string, value: unknown}[], extra?: Partial<Record>}} [more]
 * @returns {Promise<boolean>} false when it could not be stored; the auditor has been told
 */
export async function save(patch, more) {
  if (!open?.record) return false;
  try {
    open.record = await changeAudit(
      open.record.id,
      (document) => patch(editable(document)),
      more,
    );
    saved();
    return true;
  } catch (error) {
    broken(error);
    return false;
  }
}

/** @param {AuditDocument} document */
const editable = (document) => (document.state === 'final' ? reopened(document) : document);

/** Tell every screen that the last change is on the disk. */
export function saved() {
  const chip = document.getElementById('saved');
  if (chip) chip.dataset.state = 'good';
  announce(t('saved'));
  tell('healed');
}

/** @param {unknown} error */
export function broken(error) {
  void log('broken', String(error));
  tell('broken', error instanceof StorageError ? error : new StorageError(error));
}

/**
 * The server's copy, to go on with on this phone.
 * @param {string} id
 * @returns {Promise<AuditDocument>}
 */
export async function fetchCopy(id) {
  const { document, ...remote } = await getAudit(id);
  if (!document) throw new RangeError('no document');
  const device = await deviceName(newId);
  return takenOver(document, device, {
    device: remote.device ?? document.device,
    revision: remote.revision,
  });
}

/** Go on with what another phone began. @param {string} id */
export async function takeOver(id) {
  if (!open) return;
  const document = await fetchCopy(id);
  open.form = (await storedForm(document.form)) ?? open.form;
  const next = {
    ...document,
    revision: document.revision + 1,
    state: /** @type {const} */ ('draft'),
  };
  const owner = await ownerOf(open.visit);
  await keepRecord({ ...blankRecord(next, owner), remote: open.record?.remote ?? null });
}

/**
 * Leave it with what another phone delivered; sent again as it is, the server answers with the receipt.
 * @param {import('../lib/types.js').Remote} rival
 */
export async function leaveToServer(rival) {
  if (!open) return;
  const { document } = await getAudit(rival.id);
  if (!document) throw new RangeError('no document');
  await keepRecord(blankRecord(document, await ownerOf(open.visit)));
}

/** @param {import('../lib/types.js').Visit} visit */
async function ownerOf({ hall }) {
  const stored = await storedBundle();
  return { auditor: stored?.bundle.auditor.code ?? '', hall: namesOf(hall) };
}

/**
 * Settle a conflict in favour of this phone's copy.
 * @param {import('../lib/types.js').Remote} rival
 */
export async function keepOwn(rival) {
  if (!open?.record) return;
  const device = await deviceName(newId);
  const followed = takenOver(open.record.document, device, rival);
  const document = { ...followed, id: rival.id, revision: followed.revision + 1 };
  await keepRecord({ ...open.record, id: rival.id, conflict: null, document });
}
