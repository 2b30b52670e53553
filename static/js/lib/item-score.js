/**
 * An item's points, 0–100, so that the phone can ask for a note and a photo where an item failed;
 * the twin of item_score in auditapp/domain/scoring.py. The score of an audit is the server's alone.
 */

import { NEVER, observations } from './answer-value.js';
import { itemBands } from './applicability.js';

/** @typedef {import('./types.js').Item} Item */

/**
 * Points, the mean over the people a sample asks; null when nothing can be scored.
 * @param {Item} item
 * @param {unknown} answer one of the audit document's
 * @param {string[]} today
 * @returns {number | null}
 */
export function itemScore(item, answer, today) {
  const scores = observations(item, answer)
    .map((value) => scoreOfOne(item, value, today))
    .filter((score) => score !== null);
  return scores.length ? scores.reduce((sum, score) => sum + score, 0) / scores.length : null;
}

/**
 * Whether the answer counts as failed on a form with this pass mark.
 * @param {Item} item
 * @param {unknown} answer
 * @param {string[]} today
 * @param {number} passMark
 */
export function isFailed(item, answer, today, passMark) {
  const score = itemScore(item, answer, today);
  return score !== null && score < passMark;
}

/**
 * @param {Item} item
 * @param {any} value
 * @param {string[]} today
 * @returns {number | null}
 */
function scoreOfOne(item, value, today) {
  switch (item.kind) {
    case 'yes_no':
      return value === 'yes' ? 100 : 0;
    case 'scale':
      return (value - 1) * 25;
    case 'choice': {
      const score = item.options?.find(({ id }) => id === value)?.score;
      return typeof score === 'number' ? score : null;
    }
    case 'number':
    case 'timing_seconds':
      return scoreByBand(itemBands(item, today), value);
    default:
      return null;
  }
}

/**
 * @param {import('./types.js').Band[]} bands
 * @param {number | typeof NEVER} value
 */
function scoreByBand(bands, value) {
  if (!bands.length) return null;
  if (value === NEVER) return 0;
  return bands.find(({ up_to }) => value <= up_to)?.score ?? 0;
}
