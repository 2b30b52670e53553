/** What an answer may hold, by the kind of its item; the twin of auditapp/domain/answer_values.py. */

/** @typedef {import('./types.js').Item} Item */
/** @typedef {import('./types.js').Form} Form */
/** @typedef {import('./types.js').Answer} Answer */

export const COULD_NOT_OBSERVE = 'could_not_observe';
export const NEVER = 'never';
export const LONGEST_SECONDS = 14_400;
export const LONGEST_TEXT = 4_000;
const BLANK = /^[ \t\r\n\u00a0\u3000]*$/;

/**
 * @param {unknown} value
 * @returns {value is number}
 */
export const isNumber = (value) =>
  typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER;

/**
 * @param {unknown} value
 * @returns {Record<string, any>} the JSON object, or an empty one for anything else
 */
export const asObject = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};

/**
 * @param {unknown} value
 * @returns {any[]} the JSON list, or an empty one for anything else
 */
export const asList = (value) => (Array.isArray(value) ? value : []);

/**
 * Whether a note, a reason or another text says something.
 * @param {unknown} text
 */
export const saysSomething = (text) => typeof text === 'string' && !BLANK.test(text);

/**
 * What was answered; undefined for no answer and for an empty text.
 * @param {unknown} answer
 * @returns {any}
 */
export function answered(answer) {
  const value = asObject(answer).value ?? undefined;
  return typeof value === 'string' && BLANK.test(value) ? undefined : value;
}

/**
 * Whether it could not be observed, in part (one of the people a sample asks) or at all.
 * @param {unknown} answer
 */
export const wasNotObserved = (answer) => [answered(answer)].flat().includes(COULD_NOT_OBSERVE);

/**
 * The answers to items of the form whose values are sound; what is not sound is not answered.
 * @param {Form} form
 * @param {unknown} document
 * @returns {Record<string, Answer>}
 */
export function soundAnswers(form, document) {
  const answers = asObject(asObject(document).answers);
  /** @param {Item} item */
  const isSound = (item) =>
    Object.hasOwn(answers, item.id) &&
    asObject(answers[item.id]) === answers[item.id] &&
    faultOf(item, answers[item.id].value) === null;
  return Object.fromEntries(form.items.filter(isSound).map(({ id }) => [id, answers[id]]));
}

/**
 * The sound values that were observed: one, or one for each person a sample asks.
 * @param {Item} item
 * @param {unknown} answer
 * @returns {any[]}
 */
export function observations(item, answer) {
  const value = answered(answer);
  if (value === undefined || faultOf(item, value) !== null) return [];
  return [value].flat().filter((each) => each !== COULD_NOT_OBSERVE);
}

/**
 * The code of what is wrong with a value for this item, null when it is sound.
 * @param {Item} item
 * @param {unknown} value
 * @returns {string | null}
 */
export function faultOf(item, value) {
  if (value === undefined || value === null || value === COULD_NOT_OBSERVE) return null;
  if (item.sample === undefined) return faultOfOne(item, value);
  if (!Array.isArray(value) || value.length < 1 || value.length > item.sample)
    return 'not-a-sample';
  const observed = value.filter((each) => each !== COULD_NOT_OBSERVE);
  return observed.map((each) => faultOfOne(item, each)).find(Boolean) ?? null;
}

/** @type {Record<string, (item: Item, value: any) => string | null>} */
const FAULT_BY_KIND = {
  yes_no: (_, value) => (['yes', 'no'].includes(value) ? null : 'not-yes-or-no'),
  scale: (_, value) => ([1, 2, 3, 4, 5].includes(value) ? null : 'not-on-scale'),
  choice: (item, value) => (item.options?.some(({ id }) => id === value) ? null : 'not-listed'),
  number: faultOfNumber,
  timing_seconds: faultOfDuration,
  text: faultOfText,
};

/**
 * @param {Item} item
 * @param {unknown} value
 */
const faultOfOne = (item, value) => FAULT_BY_KIND[item.kind](item, value);

/**
 * @param {Item} item
 * @param {unknown} value
 */
function faultOfNumber({ min, max }, value) {
  if (!isNumber(value)) return 'not-a-number';
  const isInside = value >= (min ?? -Infinity) && value <= (max ?? Infinity);
  return isInside ? null : 'out-of-range';
}

/**
 * @param {Item} _
 * @param {unknown} value
 */
function faultOfDuration(_, value) {
  if (value === NEVER) return null;
  if (!isNumber(value)) return 'not-a-duration';
  return value >= 0 && value <= LONGEST_SECONDS ? null : 'duration-out-of-range';
}

/**
 * @param {Item} _
 * @param {unknown} value
 */
function faultOfText(_, value) {
  if (typeof value !== 'string') return 'not-text';
  // characters, as the server counts them, not UTF-16 units
  return [...value].length <= LONGEST_TEXT ? null : 'text-too-long';
}
