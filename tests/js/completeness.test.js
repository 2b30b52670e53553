import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { missing } from '../../static/js/lib/completeness.js';
import { isFailed, itemScore } from '../../static/js/lib/item-score.js';

const read = (name) =>
  JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8'));
const { form, document, cases } = read('completeness');
const isObject = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** JSON merge patch, RFC 7396: null removes. */
function merged(target, patch) {
  if (!isObject(patch)) return structuredClone(patch);
  const result = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merged(result[key], value);
  }
  return result;
}

for (const { name, change, missing: expected } of cases) {
  test(`what is missing: ${name}`, () => {
    assert.deepEqual(missing(form, merged(document, change)), expected);
  });
}

for (const { name, item, value, today, score } of read('bands').cases) {
  test(`points: ${name}`, () => {
    const [found] = form.items.filter(({ id }) => id === item);
    const expected = score && score[0] / score[1];
    assert.equal(itemScore(found, { value }, today), expected);
    assert.equal(isFailed(found, { value }, today, 60), expected !== null && expected < 60);
  });
}

test('no document makes it throw', () => {
  const oddities = [
    null,
    7,
    'x',
    [],
    {},
    { answers: { open: 3 } },
    { marks: [null], today: [[]] },
  ];
  for (const oddity of oddities) assert.ok(missing(form, oddity).length >= 11);
});
