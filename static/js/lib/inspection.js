/**
 * What only an open inspection has: corrections, re-checks, a signature, positions of staff.
 * `inspectionGaps` is the twin of auditapp/domain/inspection_gaps.py; both run tests/vectors/inspection.json.
 */

import { asList, asObject, saysSomething, soundAnswers } from './answer-value.js';
import { instant } from './completeness.js';
import { withPhoto } from './document.js';
import { isFailed } from './item-score.js';

/** @typedef {import('./types.js').Form} Form */
/** @typedef {import('./types.js').AuditDocument} AuditDocument */
/** @typedef {import('./completeness.js').Gap} Gap */

export const RESULTS = ['fixed', 'not_fixed', 'cannot_tell'];
export const POSITIONS = ['counter', 'guide', 'duty_manager', 'security', 'other'];
export const SIGNATURE = 'signature.hall';
const NOT_VISITED = ['closed', 'interrupted', 'exposed'];

/**
 * Findings not looked at, corrections without proof, a signature that is missing or too old.
 * @param {Form} form
 * @param {unknown} document
 * @returns {Gap[]}
 */
export function inspectionGaps(form, document) {
  const audit = asObject(document);
  if (NOT_VISITED.includes(audit.outcome)) return [];
  return [
    ...recheckGaps(form, asObject(audit.rechecks)),
    ...correctionGaps(form, audit),
    ...signatureGaps(audit),
  ];
}

/**
 * @param {Form} form
 * @param {Record<string, any>} rechecks
 * @returns {Gap[]}
 */
function recheckGaps(form, rechecks) {
  return (form.findings ?? []).flatMap(({ id }) => {
    const { result, note } = asObject(rechecks[id]);
    const pointer = `/rechecks/${id}`;
    if (result === undefined || result === null) return [{ pointer, code: 'recheck-missing' }];
    const owesReason = result === 'cannot_tell' && !saysSomething(note);
    return owesReason ? [{ pointer, code: 'reason-missing' }] : [];
  });
}

/**
 * @param {Form} form
 * @param {Record<string, any>} audit
 * @returns {Gap[]}
 */
function correctionGaps(form, audit) {
  const failed = failedItems(form, audit);
  const corrections = asObject(audit.corrections);
  const items = form.items.filter(({ id }) => Object.hasOwn(corrections, id));
  return items.flatMap(({ id }) => {
    const pointer = `/corrections/${id}`;
    if (!failed.has(id)) return [{ pointer, code: 'correction-needless' }];
    const waived = asObject(corrections[id]).photo_waived;
    const isProven =
      waived === true || saysSomething(waived) || shows(audit, `correction.${id}`);
    return isProven ? [] : [{ pointer, code: 'photo-missing' }];
  });
}

/** @param {Form} form @param {unknown} document @returns {Set<string>} ids */
export function failedItems(form, document) {
  const answers = soundAnswers(form, document);
  const today = asList(asObject(document).today).filter((fact) => typeof fact === 'string');
  const failed = form.items.filter((item) =>
    isFailed(item, answers[item.id], today, form.pass_mark),
  );
  return new Set(failed.map(({ id }) => id));
}

/** @param {Record<string, any>} audit @returns {Gap[]} */
function signatureGaps(audit) {
  const { state, reason, position, sha256 } = asObject(audit.signature);
  const gap = (/** @type {string} */ code) => [{ pointer: '/signature', code }];
  if (state === 'refused') return saysSomething(reason) ? [] : gap('reason-missing');
  const isThere =
    state === 'signed' &&
    saysSomething(position) &&
    (sha256 ?? null) !== null &&
    shows(audit, SIGNATURE, sha256);
  if (!isThere) return gap('signature-missing');
  return isOutdated(audit) ? gap('signature-outdated') : [];
}

/** An answer that a reviewer asked about again is no part of what was signed. @param {Record<string, any>} audit */
function isOutdated({ signature, answers, corrections, rechecks }) {
  const signed = instant(signature.at);
  const entries = [answers, corrections, rechecks].flatMap((part) =>
    Object.values(asObject(part)).map(asObject),
  );
  const changed = entries.filter(({ reply }) => !saysSomething(reply));
  return Number.isNaN(signed) || changed.some(({ at }) => instant(at) > signed);
}

/**
 * @param {Record<string, any>} audit
 * @param {string} place
 * @param {string} [sha256]
 */
function shows(audit, place, sha256) {
  return asList(audit.evidence)
    .map(asObject)
    .some((photo) => photo.item === place && (sha256 === undefined || photo.sha256 === sha256));
}

/**
 * A correction of what is no longer failed goes.
 * @param {Form} form
 * @param {AuditDocument} document
 * @returns {AuditDocument}
 */
export function tidied(form, document) {
  if (!document.corrections) return document;
  const failed = failedItems(form, document);
  const kept = Object.entries(document.corrections).filter(([id]) => failed.has(id));
  return { ...document, corrections: Object.fromEntries(kept) };
}

/**
 * @template {'corrections' | 'rechecks'} Part
 * @param {AuditDocument} document
 * @param {Part} part
 * @param {string} id
 * @param {Record<string, unknown> | null} change null takes the entry away
 * @param {string} at
 * @returns {AuditDocument}
 */
export function withEntry(document, part, id, change, at) {
  const { [id]: before, ...others } = /** @type {Record<string, any>} */ (document[part] ?? {});
  if (!change) return { ...document, [part]: others };
  const merged = Object.entries({ ...before, ...change, at });
  const entry = Object.fromEntries(merged.filter(([, v]) => v !== undefined && v !== ''));
  return { ...document, [part]: { ...others, [id]: entry } };
}

/**
 * The position of the n-th person asked.
 * @param {AuditDocument} document
 * @param {number} index
 * @param {string} position
 * @returns {AuditDocument}
 */
export function withStaff(document, index, position) {
  const staff = [...(document.staff ?? [])];
  while (staff.length < index) staff.push('other');
  staff[index] = position;
  return { ...document, staff };
}

/**
 * One signature, and its picture as evidence; a former one goes.
 * @param {AuditDocument} document
 * @param {import('./types.js').Signature} signature
 * @param {import('./types.js').Evidence} [picture]
 * @returns {AuditDocument}
 */
export function withSignature(document, signature, picture) {
  const evidence = document.evidence.filter(({ item }) => item !== SIGNATURE);
  const signed = { ...document, evidence, signature };
  return picture ? withPhoto(signed, picture) : signed;
}
