/** When to try again, and what goes first. */

const FIRST_MS = 4_000;
const LONGEST_MS = 15 * 60_000;

/**
 * Milliseconds until the next try: doubled each time, half of it random, so that a thousand
 * phones leaving one tunnel do not arrive together.
 * @param {number} attempt how many tries have failed, from 1
 * @param {number} random in [0, 1)
 * @param {number} [asked] milliseconds the server asked for
 */
export function waitBefore(attempt, random, asked = 0) {
  const full = Math.min(FIRST_MS * 2 ** (attempt - 1), LONGEST_MS);
  return Math.max(Math.round(full / 2 + (full / 2) * random), asked);
}

/**
 * Photos still to send: small before large, so that something arrives even through a short gap.
 * @param {import('./types.js').AuditDocument} document
 * @param {import('./types.js').Row} row
 */
export function photosToSend(document, row) {
  return document.evidence
    .filter(({ sha256 }) => !row.sent[sha256] && !row.bad[sha256])
    .sort((a, b) => a.bytes - b.bytes || (a.sha256 < b.sha256 ? -1 : 1));
}

/**
 * Rows whose time has come, finished audits before drafts, oldest first.
 * @param {import('./types.js').Row[]} rows
 * @param {number} now
 * @param {boolean} force the auditor asked: waits do not count, stopped rows stay stopped
 */
export function rowsDue(rows, now, force) {
  const rank = { final: 0, draft: 1 };
  return rows
    .filter((row) => !row.stopped && (force || row.next_at <= now))
    .sort((a, b) => rank[a.kind] - rank[b.kind] || (a.queued_at < b.queued_at ? -1 : 1));
}

/**
 * Milliseconds until any row wants to be tried, or null when none does.
 * @param {import('./types.js').Row[]} rows
 * @param {number} now
 */
export function nextWake(rows, now) {
  const times = rows.filter((row) => !row.stopped).map((row) => row.next_at);
  return times.length ? Math.max(0, Math.min(...times) - now) : null;
}

/**
 * What the queue page says of a record; one word per state.
 * @param {import('./types.js').Record} record
 * @param {import('./types.js').Row | undefined} row
 * @returns {'conflict'|'refused'|'unreadable'|'delivered'|'sending'|'draft'|'arrived'}
 */
export function recordState(record, row) {
  if (record.conflict) return 'conflict';
  if (record.problems.length) return 'refused';
  if (record.document.state === 'draft') return 'draft';
  if (row) return row.stopped ? 'refused' : 'sending';
  if (record.remote?.evidence.unreadable.length) return 'unreadable';
  return record.remote?.receipt ? 'delivered' : 'arrived';
}

/**
 * Why a try came to nothing, for a person: signed out, server busy, server in trouble, or no signal.
 * @param {{status: number, retryAfterMs: number, message: string} | null} refusal
 * @param {unknown} error
 */
export function blocked(refusal, error) {
  if (!refusal)
    return {
      reason: 'no_signal',
      detail: error instanceof Error ? error.message : '',
      asked: 0,
    };
  const { status, retryAfterMs, message } = refusal;
  if (status === 401) return { reason: 'signed_out', detail: '', asked: retryAfterMs };
  const reason =
    status === 507
      ? 'server_full'
      : status >= 500 || status === 429
        ? 'server_busy'
        : 'server_said_no';
  return { reason, detail: message, asked: retryAfterMs };
}
