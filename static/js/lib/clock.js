/**
 * The journey clock: what lay between two taps; the twin of auditapp/domain/clock.py.
 *
 * A mark holds the wall time `at`, for people, and `elapsed_ms` since the audit began, the truth.
 * The last mark of an event counts; undoing one removes it; `never` says it did not happen.
 *
 * `elapsed_ms` goes on by `performance.now()`, which nobody can set back. That clock ends with the
 * page, and on many phones it stands still while the screen is locked, so `advance` lets the wall
 * clock bridge both gaps and says so: the first mark after a bridge carries `bridged: true`, and
 * the server compares it with what else it knows. A wall clock that jumps back bridges nothing; one
 * that jumps further than a visit can last is taken for a changed clock, not for sleep.
 */

import {
  answered,
  asList,
  asObject,
  isNumber,
  LONGEST_SECONDS,
  NEVER,
} from './answer-value.js';

/** @typedef {import('./types.js').Form} Form */
/** @typedef {import('./types.js').Item} Item */
/** @typedef {import('./types.js').Mark} Mark */
/** @typedef {{value: number | 'never', source: 'clock' | 'recalled'}} Timing */

/**
 * Where the clock stood: `origin` names the life of the page (performance.timeOrigin), `mono` is
 * performance.now(), `wall` Date.now(), all in milliseconds.
 * @typedef {{origin: number, mono: number, wall: number}} Moment
 * @typedef {Moment & {elapsed: number, bridged: boolean}} Tick
 */

const SLEEP_MS = 1_500;

/**
 * The clock of a new audit, at zero.
 * @param {Moment} now
 * @returns {Tick}
 */
export const firstTick = (now) => ({ ...now, elapsed: 0, bridged: false });

/**
 * The clock now, counted on from where it last stood.
 * @param {Tick} tick
 * @param {Moment} now
 * @returns {Tick}
 */
export function advance(tick, now) {
  const byWall = Math.max(0, now.wall - tick.wall);
  if (tick.origin !== now.origin) {
    return { ...now, elapsed: tick.elapsed + byWall, bridged: true };
  }
  const monotonic = Math.max(0, now.mono - tick.mono);
  const slept = byWall - monotonic;
  const isSleep = slept > SLEEP_MS && slept <= LONGEST_SECONDS * 1000;
  return {
    ...now,
    elapsed: tick.elapsed + (isSleep ? byWall : monotonic),
    bridged: tick.bridged || isSleep,
  };
}

/**
 * The mark for a tap at this tick, and the tick to count on from.
 * @param {Tick} tick as `advance` gave it
 * @param {string} event
 * @returns {{mark: Mark, tick: Tick}}
 */
export function tapped(tick, event) {
  /** @type {Mark} */
  const mark = {
    event,
    at: new Date(tick.wall).toISOString(),
    elapsed_ms: Math.round(tick.elapsed),
    source: 'tapped',
    ...(tick.bridged ? { bridged: true } : {}),
  };
  return { mark, tick: { ...tick, bridged: false } };
}

/**
 * The mark that counts for each event; unreadable ones are not there.
 * @param {unknown} marks
 * @returns {Map<string, Mark>}
 */
export function marksByEvent(marks) {
  const readable = asList(marks).filter(
    (mark) => typeof asObject(mark).event === 'string' && isNumber(mark.elapsed_ms),
  );
  return new Map(readable.map((mark) => [mark.event, mark]));
}

/**
 * The event after the furthest one marked, null at the end. A forgotten event is not asked for
 * again; one answered "never" is passed over.
 * @param {Form} form
 * @param {unknown} marks
 * @param {Record<string, unknown>} [answers]
 * @returns {string | null}
 */
export function nextEvent(form, marks, answers = {}) {
  const marked = marksByEvent(marks);
  const events = form.events.map(({ id }) => id);
  const reached = Math.max(-1, ...events.map((event, i) => (marked.has(event) ? i : -1)));
  const never = form.items
    .filter(({ id, timer }) => timer && answered(answers[id]) === NEVER)
    .map(({ timer }) => timer?.to);
  return events.slice(reached + 1).find((event) => !never.includes(event)) ?? null;
}

/**
 * Seconds between two events, negative when out of order; null when one is not marked or never
 * happened.
 * @param {unknown} marks
 * @param {string} from
 * @param {string} to
 * @returns {number | null}
 */
export function durationSeconds(marks, from, to) {
  const marked = happened(marks);
  const [start, end] = [marked.get(from), marked.get(to)];
  return start && end ? (end.elapsed_ms - start.elapsed_ms) / 1000 : null;
}

/**
 * The clock's answer to a timing item, null when it has none; `recalled` as soon as one of its two
 * marks was.
 * @param {Item} item
 * @param {unknown} marks
 * @returns {Timing | null}
 */
export function timingAnswer({ timer }, marks) {
  if (!timer) return null;
  const marked = marksByEvent(marks);
  if (marked.get(timer.to)?.never === true) return { value: NEVER, source: 'clock' };
  const value = durationSeconds(marks, timer.from, timer.to);
  if (value === null || value < 0 || value > LONGEST_SECONDS) return null;
  const sources = [marked.get(timer.from)?.source, marked.get(timer.to)?.source];
  return { value, source: sources.includes('recalled') ? 'recalled' : 'clock' };
}

/**
 * The clock's answers to all the timing items that it can answer, by item id.
 * @param {Form} form
 * @param {unknown} marks
 * @returns {Record<string, Timing>}
 */
export function timings(form, marks) {
  /** @type {Record<string, Timing>} */
  const answers = {};
  for (const item of form.items) {
    const answer = timingAnswer(item, marks);
    if (answer) answers[item.id] = answer;
  }
  return answers;
}

/**
 * The events marked earlier than an event that comes before them.
 * @param {Form} form
 * @param {unknown} marks
 * @returns {string[]}
 */
export function outOfOrder(form, marks) {
  const marked = happened(marks);
  let furthest = 0;
  return form.events
    .map(({ id }) => id)
    .filter((event) => {
      const elapsed = marked.get(event)?.elapsed_ms ?? furthest;
      const isLate = elapsed < furthest;
      furthest = Math.max(furthest, elapsed);
      return isLate;
    });
}

/** @param {unknown} marks */
function happened(marks) {
  return new Map([...marksByEvent(marks)].filter(([, { never }]) => never !== true));
}
