import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { words as en } from '../../static/js/i18n/en.js';
import { words as zh } from '../../static/js/i18n/zh.js';

const root = new URL('../../static/js/', import.meta.url);
const source = [
  'field.js',
  ...readdirSync(new URL('ui/', root))
    .filter((name) => name.endsWith('.js'))
    .map((name) => `ui/${name}`),
]
  .map((name) => readFileSync(new URL(name, root), 'utf8'))
  .join('\n');
const literal = new Set(
  [...source.matchAll(/['"]([a-z_]+(?:\.[a-z_-]+)*)['"]/g)].map(([, key]) => key),
);
const prefixes = [...source.matchAll(/`([a-z_]+\.(?:[a-z]+_)?)\$\{/g)].map(
  ([, prefix]) => prefix,
);
const placeholders = (sentence) =>
  [...new Set([...sentence.matchAll(/\{(\w+)/g)].map(([, name]) => name))].sort();

test('both languages have the same keys', () => {
  assert.deepEqual(Object.keys(zh).sort(), Object.keys(en).sort());
});

test('both say the same with the same numbers and names', () => {
  for (const key of Object.keys(zh))
    assert.deepEqual(placeholders(zh[key]), placeholders(en[key]), key);
});

test('no word is left over', () => {
  const unused = Object.keys(zh).filter(
    (key) => !literal.has(key) && !prefixes.some((prefix) => key.startsWith(prefix)),
  );
  assert.deepEqual(unused, []);
});

test('no word is missing', () => {
  const asked = [...source.matchAll(/\bt\(\s*'([^']+)'/g)].map(([, key]) => key);
  assert.deepEqual(
    asked.filter((key) => !(key in zh)),
    [],
  );
});

test('every gap of completeness and every wait of the queue has its sentence', () => {
  const twin = readFileSync(new URL('lib/completeness.js', root), 'utf8');
  const codes = [
    'unanswered',
    'sample-short',
    'reason-missing',
    'note-missing',
    'photo-missing',
    'longer-than-stay',
    'clock-disagrees',
    'marks-out-of-order',
    'finished-before-started',
    'closed-without-photo',
  ];
  for (const code of codes) {
    assert.ok(twin.includes(`'${code}'`), code);
    assert.ok(`gap.${code}` in zh, code);
  }
  for (const reason of [
    'no_signal',
    'signed_out',
    'server_busy',
    'server_full',
    'server_said_no',
    'wifi',
    'photos',
  ])
    assert.ok(`wait.${reason}` in zh, reason);
});

test('Chinese uses its own punctuation, and English has no Chinese', () => {
  for (const [key, sentence] of Object.entries(zh)) {
    assert.doesNotMatch(sentence, /[\u4e00-\u9fff][,;:?!]/, key);
    assert.doesNotMatch(en[key], /[\u4e00-\u9fff，。；：？！]/, key);
  }
});

test('no text goes over several lines, for scripts travel without indentation', () => {
  const odd = source.split('\n').filter((line) => (line.match(/`/g) ?? []).length % 2 === 1);
  assert.deepEqual(odd, []);
});
