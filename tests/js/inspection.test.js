import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { words } from '../../static/js/i18n/inspection.js';
import { missing } from '../../static/js/lib/completeness.js';
import {
  inspectionGaps,
  tidied,
  withEntry,
  withSignature,
  withStaff,
} from '../../static/js/lib/inspection.js';

const vectors = JSON.parse(
  readFileSync(new URL('../vectors/inspection.json', import.meta.url), 'utf8'),
);
const { form, document, cases } = vectors;

function merged(target, patch) {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const result = { ...target };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merged(result[key], value);
  }
  return result;
}

for (const { name, change, missing: expected } of cases)
  test(`gaps of an inspection: ${name}`, () => {
    const changed = merged(document, change);
    const found = [...missing(form, changed), ...inspectionGaps(form, changed)];
    assert.deepEqual(found, expected);
  });

test('a correction of what is met after all goes, the others stay', () => {
  const met = merged(document, { answers: { fire: { value: 'yes' } } });
  assert.deepEqual(tidied(form, met).corrections, {});
  assert.deepEqual(tidied(form, document).corrections, document.corrections);
});

test('an entry is added to, emptied and taken away', () => {
  const at = '2026-11-18T03:00:00.000Z';
  const noted = withEntry(document, 'rechecks', 'mat', { note: 'dry' }, at);
  assert.deepEqual(noted.rechecks.mat, { result: 'fixed', note: 'dry', at });
  const emptied = withEntry(noted, 'rechecks', 'mat', { note: '' }, at);
  assert.deepEqual(emptied.rechecks.mat, { result: 'fixed', at });
  assert.deepEqual(withEntry(document, 'corrections', 'fire', null, at).corrections, {});
});

test('the second person may be named before the first', () => {
  const blank = { evidence: [] };
  assert.deepEqual(withStaff(blank, 1, 'guide').staff, ['other', 'guide']);
  assert.deepEqual(withStaff(document, 0, 'security').staff, ['security', 'duty_manager']);
});

test('a new signature replaces the picture of the former one', () => {
  const picture = { ...document.evidence[1], sha256: '8'.repeat(64) };
  const signed = withSignature(document, { state: 'signed' }, picture);
  assert.deepEqual(
    signed.evidence.map(({ item, sha256 }) => [item, sha256[0]]),
    [
      ['correction.fire', '6'],
      ['signature.hall', '8'],
    ],
  );
  const refused = withSignature(document, { state: 'refused', reason: 'x' });
  assert.deepEqual(
    refused.evidence.map(({ item }) => item),
    ['correction.fire'],
  );
});

const folder = new URL('../../static/js/inspection/', import.meta.url);
const source = readdirSync(folder)
  .filter((name) => name.endsWith('.js'))
  .map((name) => readFileSync(new URL(name, folder), 'utf8'))
  .join('\n');

test('every word of an inspection is there in both languages, and none is left over', () => {
  const asked = [...source.matchAll(/\bword\(\s*'([^']+)'/g)].map(([, key]) => key);
  assert.deepEqual(
    asked.filter((key) => !(key in words)),
    [],
  );
  const prefixes = [...source.matchAll(/`([a-z]+\.)\$\{/g)].map(([, prefix]) => prefix);
  const named = new Set([...source.matchAll(/'([a-z_]+(?:\.[a-z_-]+)*)'/g)].map(([, k]) => k));
  const unused = Object.keys(words).filter(
    (key) => !named.has(key) && !prefixes.some((prefix) => key.startsWith(prefix)),
  );
  assert.deepEqual(unused, []);
});

test('both languages say the same numbers and names', () => {
  const names = (sentence) => [...sentence.matchAll(/\{(\w+)/g)].map(([, name]) => name);
  for (const [key, [zh, en]] of Object.entries(words)) {
    assert.deepEqual(new Set(names(zh)), new Set(names(en)), key);
    assert.doesNotMatch(zh, /[\u4e00-\u9fff][,;:?!]/, key);
    assert.doesNotMatch(en, /[\u4e00-\u9fff，。；：？！]/, key);
  }
});
