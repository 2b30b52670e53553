/** The journey clock's taps: wall time, and milliseconds that nobody can set back. */

import { advance, tapped as markAt } from '../lib/clock.js';

/** @typedef {import('../lib/types.js').Record} Record */
/** @typedef {import('../lib/types.js').Mark} Mark */

/** What both clocks of this page say now. */
export const moment = () => ({
  origin: performance.timeOrigin,
  mono: performance.now(),
  wall: Date.now(),
});

/**
 * The mark for a tap now, in milliseconds since the audit began.
 * @param {Record} record
 * @param {string} event
 */
export function tapped(record, event) {
  const now = moment();
  const from = record.tick ?? {
    ...now,
    elapsed: Math.max(0, since(record, now.wall)),
    bridged: true,
  };
  return markAt(advance(from, now), event);
}

/**
 * The mark for a time typed from memory.
 * @param {Record} record
 * @param {string} event
 * @param {string} clock "10:15" or "10:15:30", on the day of the visit
 * @returns {Mark}
 */
export function recalled(record, event, clock) {
  const [hours, minutes, seconds = 0] = clock.split(':').map(Number);
  const at = new Date(record.document.started_at);
  at.setHours(hours, minutes, seconds, 0);
  const elapsed_ms = Math.max(0, since(record, at.getTime(), event));
  return { event, at: at.toISOString(), elapsed_ms, source: 'recalled' };
}

/**
 * Milliseconds since the audit began, by the wall clock, counted on from another mark.
 * @param {Record} record
 * @param {number} time
 * @param {string} [except] a mark that is about to be replaced
 */
function since({ document }, time, except) {
  const mark = document.marks.filter(({ event }) => event !== except).at(-1);
  if (mark) return mark.elapsed_ms + time - Date.parse(mark.at);
  return time - Date.parse(document.started_at);
}
