// The phone decides what is asked exactly as the server does.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { isAsked, itemBands, itemRequirement } from '../../static/js/lib/applicability.js';

const vectors = JSON.parse(
  readFileSync(new URL('../vectors/applicability.json', import.meta.url), 'utf-8'),
);

for (const { about, item, days } of vectors.items) {
  test(about, () => {
    for (const { today, bands, ...verdict } of days) {
      assert.deepEqual(itemRequirement(item, today), verdict, `today: ${today}`);
      assert.deepEqual(itemBands(item, today), bands, `today: ${today}`);
    }
  });
}

for (const { about, item, answers, asked } of vectors.asked) {
  test(`asked: ${about}`, () => assert.equal(isAsked(item, answers), asked));
}
