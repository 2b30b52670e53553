/** Changes to an audit document. Each returns a new document; the revision is bumped once, where it is stored. */

/** @typedef {import('./types.js').AuditDocument} AuditDocument */

/**
 * @param {{id: string, visit: string, form: string, device: string, app: string, at: string, offset: number}} start
 * @returns {AuditDocument}
 */
export function blankAudit({ id, visit, form, device, app, at, offset }) {
  return {
    id,
    visit,
    form,
    device,
    revision: 0,
    state: 'draft',
    today: [],
    started_at: at,
    answers: {},
    marks: [],
    evidence: [],
    clock_offset_ms: offset,
    positions: [],
    app,
  };
}

/**
 * @param {AuditDocument} document
 * @param {string} item
 * @param {Partial<import('./types.js').Answer>} change keys set to undefined are taken away
 * @param {string} at
 * @returns {AuditDocument}
 */
export function withAnswer(document, item, change, at) {
  const merged = { ...document.answers[item], ...change, at };
  const kept = Object.fromEntries(
    Object.entries(merged).filter(([, v]) => v !== undefined && v !== ''),
  );
  return { ...document, answers: { ...document.answers, [item]: kept } };
}

/**
 * @param {AuditDocument} document
 * @param {string} item
 * @returns {AuditDocument}
 */
export function withoutAnswer(document, item) {
  const { [item]: _, ...answers } = document.answers;
  return { ...document, answers };
}

/**
 * One event has one mark; marking it again replaces it.
 * @param {AuditDocument} document
 * @param {import('./types.js').Mark} mark
 * @returns {AuditDocument}
 */
export function withMark(document, mark) {
  const others = document.marks.filter(({ event }) => event !== mark.event);
  return { ...document, marks: [...others, mark].sort((a, b) => (a.at < b.at ? -1 : 1)) };
}

/**
 * @param {AuditDocument} document
 * @param {string} event
 * @returns {AuditDocument}
 */
export function withoutMark(document, event) {
  return { ...document, marks: document.marks.filter((mark) => mark.event !== event) };
}

/**
 * @param {AuditDocument} document
 * @param {import('./types.js').Evidence} photo
 * @returns {AuditDocument}
 */
export function withPhoto(document, photo) {
  const others = document.evidence.filter(({ sha256 }) => sha256 !== photo.sha256);
  return { ...document, evidence: [...others, photo] };
}

/**
 * @param {AuditDocument} document
 * @param {string} sha256
 * @returns {AuditDocument}
 */
export function withoutPhoto(document, sha256) {
  return {
    ...document,
    evidence: document.evidence.filter((photo) => photo.sha256 !== sha256),
  };
}

/**
 * @param {AuditDocument} document
 * @param {string} fact
 * @param {boolean} holds
 * @returns {AuditDocument}
 */
export function withToday(document, fact, holds) {
  const others = document.today.filter((word) => word !== fact);
  return { ...document, today: holds ? [...others, fact].sort() : others };
}

/**
 * @param {AuditDocument} document
 * @param {string} at
 * @returns {AuditDocument}
 */
export function finished(document, at) {
  return { ...document, state: 'final', finished_at: at };
}

/**
 * @param {AuditDocument} document
 * @returns {AuditDocument}
 */
export function reopened(document) {
  const { finished_at: _, ...rest } = document;
  return { ...rest, state: 'draft' };
}

/**
 * The document as another phone goes on with it; the server asks to be told whom it follows.
 * @param {AuditDocument} document
 * @param {string} device this phone
 * @param {{device?: string, revision: number}} from the copy that is followed
 * @returns {AuditDocument}
 */
export function takenOver(document, device, from) {
  const revision = Math.max(document.revision, from.revision);
  const follows = from.device && from.device !== device ? { takes_over: from.device } : {};
  return { ...document, device, revision, ...follows };
}
