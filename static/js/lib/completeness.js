/**
 * What keeps a final audit from being sent: gaps, then contradictions of the clock, in walking order.
 * The twin of auditapp/domain/completeness.py; both run tests/vectors/completeness.json. The sentence
 * for a code is in the phone's own dictionary.
 */

import {
  answered,
  asList,
  asObject,
  COULD_NOT_OBSERVE,
  isNumber,
  saysSomething,
  soundAnswers,
  wasNotObserved,
} from './answer-value.js';
import { isAsked, itemRequirement } from './applicability.js';
import { durationSeconds, marksByEvent, outOfOrder, timingAnswer } from './clock.js';
import { isFailed } from './item-score.js';

/** @typedef {import('./types.js').Form} Form */
/** @typedef {import('./types.js').Item} Item */
/** @typedef {import('./types.js').Answer} Answer */
/** @typedef {{pointer: string, code: string}} Gap */

// a clock time that was typed off the screen may have lost its fraction of a second
const CLOCK_TOLERANCE_SECONDS = 1;
const NOT_VISITED = ['closed', 'interrupted', 'exposed'];
const RFC_3339 = /^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/i;

/**
 * @param {Form} form
 * @param {unknown} document an audit document; whatever is not sound in it counts as not there
 * @returns {Gap[]}
 */
export function missing(form, document) {
  const audit = asObject(document);
  const answers = soundAnswers(form, audit);
  const today = asList(audit.today).filter((fact) => typeof fact === 'string');
  const asked = form.items.filter(
    (item) => itemRequirement(item, today).requirement === 'required' && isAsked(item, answers),
  );
  return [
    ...asked.flatMap((item) =>
      itemCodes(form, item, audit, answers[item.id], today).map((code) => ({
        pointer: `/answers/${item.id}`,
        code,
      })),
    ),
    ...closedWithoutPhoto(audit),
    ...marksOutOfOrder(form, audit),
    ...finishedBeforeStarted(audit),
  ];
}

/**
 * @param {Form} form
 * @param {Item} item
 * @param {Record<string, any>} audit
 * @param {Answer | undefined} answer
 * @param {string[]} today
 * @returns {string[]}
 */
function itemCodes(form, item, audit, answer, today) {
  const value = answered(answer);
  if (!answer || value === undefined) {
    return NOT_VISITED.includes(audit.outcome) ? [] : ['unanswered'];
  }
  return [
    ...observationGaps(item, answer),
    ...proofGaps(item, audit, answer, isFailed(item, answer, today, form.pass_mark)),
    ...timingContradictions(item, answer, audit.marks),
  ];
}

/**
 * @param {Item} item
 * @param {Answer} answer
 */
function observationGaps(item, answer) {
  const value = answered(answer);
  const isShort = Array.isArray(value) && value.length < (item.sample ?? 1);
  const hasReason = saysSomething(answer.reason) || saysSomething(answer.note);
  return [
    ...(isShort ? ['sample-short'] : []),
    ...(wasNotObserved(answer) && !hasReason ? ['reason-missing'] : []),
  ];
}

/**
 * What the item's `note` and `photo` rules still ask for.
 * @param {Item} item
 * @param {Record<string, any>} audit
 * @param {Answer} answer
 * @param {boolean} failed
 */
function proofGaps(item, audit, answer, failed) {
  if (answered(answer) === COULD_NOT_OBSERVE) return [];
  const owed = failed ? ['always', 'on_fail'] : ['always'];
  const needsNote = owed.includes(item.note) && !saysSomething(answer.note);
  const needsPhoto = owed.includes(item.photo) && !hasPhoto(item, audit, answer);
  return [...(needsNote ? ['note-missing'] : []), ...(needsPhoto ? ['photo-missing'] : [])];
}

/**
 * @param {Item} item
 * @param {Record<string, any>} audit
 * @param {Answer} answer
 */
function hasPhoto(item, audit, answer) {
  /** @type {unknown} */
  const waived = answer.photo_waived;
  if (waived === true || saysSomething(waived)) return true;
  return asList(audit.evidence).some((photo) => asObject(photo).item === item.id);
}

/**
 * @param {Item} item
 * @param {Answer} answer
 * @param {unknown} marks
 */
function timingContradictions(item, answer, marks) {
  if (!item.timer) return [];
  const value = answered(answer);
  const stay = durationSeconds(marks, 'enter', 'leave');
  const isLonger = stay !== null && stay >= 0 && isNumber(value) && value > stay;
  const byClock = answer.source === 'clock' ? timingAnswer(item, marks) : null;
  const disagrees = byClock !== null && differ(value, byClock.value);
  return [...(isLonger ? ['longer-than-stay'] : []), ...(disagrees ? ['clock-disagrees'] : [])];
}

/**
 * @param {unknown} one seconds or 'never'
 * @param {unknown} other
 */
function differ(one, other) {
  if (isNumber(one) && isNumber(other)) return Math.abs(one - other) > CLOCK_TOLERANCE_SECONDS;
  return one !== other;
}

/**
 * @param {Record<string, any>} audit
 * @returns {Gap[]}
 */
function closedWithoutPhoto(audit) {
  const isProven = audit.outcome !== 'closed' || asList(audit.evidence).length > 0;
  return isProven ? [] : [{ pointer: '/evidence', code: 'closed-without-photo' }];
}

/**
 * @param {Form} form
 * @param {Record<string, any>} audit
 * @returns {Gap[]}
 */
function marksOutOfOrder(form, audit) {
  const marks = asList(audit.marks);
  const counting = marksByEvent(marks);
  return outOfOrder(form, marks).map((event) => ({
    pointer: `/marks/${marks.indexOf(counting.get(event))}`,
    code: 'marks-out-of-order',
  }));
}

/**
 * @param {Record<string, any>} audit
 * @returns {Gap[]}
 */
function finishedBeforeStarted(audit) {
  const isBefore = instant(audit.finished_at) < instant(audit.started_at);
  return isBefore ? [{ pointer: '/finished_at', code: 'finished-before-started' }] : [];
}

/**
 * @param {unknown} time
 * @returns {number} milliseconds, NaN when it cannot be read
 */
export function instant(time) {
  if (typeof time !== 'string' || !RFC_3339.test(time)) return Number.NaN;
  // Date.parse turns 30 February into 2 March
  const day = time.slice(0, 10);
  const midnight = new Date(`${day}T00:00:00Z`);
  const isDay = !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
  return isDay ? Date.parse(time) : Number.NaN;
}
