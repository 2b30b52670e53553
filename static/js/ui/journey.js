/** Marks of the journey clock, and the timings that follow from them. */

import { recalled, tapped } from '../capture/clock.js';
import { knows, say, t } from '../i18n/index.js';
import { timings } from '../lib/clock.js';
import { withAnswer, withMark, withoutAnswer, withoutMark } from '../lib/document.js';
import { save } from './open.js';

/** @typedef {import('./open.js').Open} Open */
/** @typedef {import('../lib/types.js').AuditDocument} AuditDocument */
/** @typedef {import('../lib/types.js').Form} Form */

/** An everyday word, as one would write it for oneself. @param {Form} form @param {string} event */
export function eventName(form, event) {
  const key = `event.${event}`;
  return knows(key) ? t(key) : say(form.events.find(({ id }) => id === event));
}

/**
 * Change marks and, with them, every answer that came from the clock; a typed one stays.
 * @param {Form} form
 * @param {AuditDocument} document
 * @param {(document: AuditDocument) => AuditDocument} change
 */
function withMarks(form, document, change) {
  const [before, changed] = [timings(form, document.marks), change(document)];
  const after = timings(form, changed.marks);
  return form.items.reduce((result, { id, timer }) => {
    const answer = result.answers[id];
    if (!timer || !isFromClock(answer, before[id])) return result;
    if (after[id]) return withAnswer(result, id, after[id], new Date().toISOString());
    return before[id] ? withoutAnswer(result, id) : result;
  }, changed);
}

/**
 * @param {import('../lib/types.js').Answer | undefined} answer
 * @param {{value?: unknown} | undefined} before what the clock said until now
 */
function isFromClock(answer, before) {
  if (answer?.value === undefined) return true;
  return answer.source === 'clock' || (before !== undefined && answer.value === before.value);
}

/** @param {Open} open @param {string} event */
export async function tapEvent(open, event) {
  if (!open.record) return false;
  const { mark, tick } = tapped(open.record, event);
  return save((document) => withMarks(open.form, document, (one) => withMark(one, mark)), {
    extra: { tick },
  });
}

/** @param {Open} open @param {string} event @param {string} clock typed from memory */
export async function recallEvent(open, event, clock) {
  if (!open.record) return false;
  const mark = recalled(open.record, event, clock);
  return save((document) => withMarks(open.form, document, (one) => withMark(one, mark)));
}

/** @param {Open} open @param {string} event */
export function dropEvent(open, event) {
  return save((document) => withMarks(open.form, document, (one) => withoutMark(one, event)));
}

/** Nobody came: the mark says so, and the timing that ends with it is "never". @param {Open} open @param {string} event */
export async function neverHappened(open, event) {
  if (!open.record) return false;
  const { mark, tick } = tapped(open.record, event);
  const never = { ...mark, never: true };
  return save((document) => withMarks(open.form, document, (one) => withMark(one, never)), {
    extra: { tick },
  });
}
