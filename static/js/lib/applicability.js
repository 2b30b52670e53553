// What today and earlier answers still decide about an item of a form. The same rule as
// auditapp/domain/form.py; tests/vectors/applicability.json holds both to the same answers.

/** @typedef {{zh: string, en: string}} Text */
/** @typedef {'required' | 'optional' | 'not_applicable'} Requirement */
/** @typedef {{requirement: Requirement, rule: number, why: Text}} Verdict */
/** @typedef {{up_to: number, score: number}} Band */
/** @typedef {string | number} Answer */
/** @typedef {{value?: Answer | Answer[]}} Answered */

/**
 * The parts of a form's item that these rules read.
 * @typedef {Verdict & {
 *   today?: ({if: string[]} & Verdict)[],
 *   bands?: Band[],
 *   bands_when?: {if: string[], bands: Band[]}[],
 *   ask_if?: Record<string, Answer | Answer[]>,
 * }} Item
 */

const NEGATION = 'not ';
const TODAY = 'today.';
const THRESHOLD = /^(<=|>=|<|>)(\d+(?:\.\d+)?)$/;

/** @type {Record<string, (value: number, limit: number) => boolean>} */
const COMPARE = {
  '<=': (value, limit) => value <= limit,
  '>=': (value, limit) => value >= limit,
  '<': (value, limit) => value < limit,
  '>': (value, limit) => value > limit,
};

/**
 * What the form asks of an item when these facts ('raining') hold today: the last rule wins.
 * @param {Item} item
 * @param {string[]} today
 * @returns {Verdict}
 */
export function itemRequirement(item, today) {
  const decisive = item.today?.filter((rule) => holds(rule.if, today)).at(-1) ?? item;
  return { requirement: decisive.requirement, rule: decisive.rule, why: decisive.why };
}

/**
 * The bands an answer is scored by today; none where the item has none.
 * @param {Item} item
 * @param {string[]} today
 * @returns {Band[]}
 */
export function itemBands(item, today) {
  const decisive = item.bands_when?.filter((rule) => holds(rule.if, today)).at(-1) ?? item;
  return decisive.bands ?? [];
}

/**
 * Whether earlier answers, as in the audit document, call for the item.
 * @param {Item} item
 * @param {Record<string, Answered>} answers
 * @returns {boolean}
 */
export function isAsked(item, answers) {
  return Object.entries(item.ask_if ?? {}).every(([earlier, wanted]) =>
    isWanted(answers[earlier]?.value, wanted),
  );
}

/**
 * @param {string[]} condition
 * @param {string[]} today
 */
function holds(condition, today) {
  return condition.every((word) => {
    const negated = word.startsWith(NEGATION);
    const bare = negated ? word.slice(NEGATION.length) : word;
    return today.some((fact) => TODAY + fact === bare) !== negated;
  });
}

/**
 * @param {Answer | Answer[] | undefined} value
 * @param {Answer | Answer[]} wanted
 */
function isWanted(value, wanted) {
  const threshold = typeof wanted === 'string' ? THRESHOLD.exec(wanted) : null;
  if (threshold) {
    const measured = value === 'never' ? Number.POSITIVE_INFINITY : value;
    return (
      typeof measured === 'number' && COMPARE[threshold[1]](measured, Number(threshold[2]))
    );
  }
  const accepted = Array.isArray(wanted) ? wanted : [wanted];
  return value !== undefined && !Array.isArray(value) && accepted.includes(value);
}
