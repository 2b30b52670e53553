import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bySection, hasValue, standing, walk } from '../../static/js/lib/walk.js';

const why = { zh: '因为', en: 'because' };
const item = (id, more) => ({
  id,
  section: 'one',
  kind: 'yes_no',
  requirement: 'required',
  rule: 0,
  why,
  ...more,
});
const form = {
  pass_mark: 60,
  sections: [{ id: 'one' }, { id: 'two' }, { id: 'empty' }],
  items: [
    item('always'),
    item('rain', {
      requirement: 'not_applicable',
      today: [{ if: ['today.raining'], requirement: 'required', rule: 1, why }],
    }),
    item('wait', { section: 'two', kind: 'timing_seconds' }),
    item('care', { section: 'two', ask_if: { wait: '>600' } }),
  ],
  excluded: [{ id: 'gone', section: 'two', why }],
};
const ids = (entries) => entries.map((entry) => (entry.item ?? entry).id);

test('what rain calls for is asked when it rains, and named otherwise', () => {
  const dry = walk(form, { today: [], answers: {} });
  assert.deepEqual(ids(dry.asked), ['always', 'wait']);
  assert.deepEqual(ids(dry.dropped), ['rain', 'gone']);
  assert.deepEqual(ids(walk(form, { today: ['raining'], answers: {} }).asked), [
    'always',
    'rain',
    'wait',
  ]);
});

test('a question that hangs on another appears with its answer', () => {
  const { asked } = walk(form, { today: [], answers: { wait: { value: 700 } } });
  assert.deepEqual(
    bySection(form, asked).map(({ section, entries }) => [section.id, ids(entries)]),
    [
      ['one', ['always']],
      ['two', ['wait', 'care']],
    ],
  );
});

test('an answer stands as met, not met, not seen or open', () => {
  const by = { today: [], passMark: 60 };
  const yesNo = item('x');
  assert.equal(standing(yesNo, undefined, by), 'todo');
  assert.equal(standing(yesNo, { note: 'only a note' }, by), 'todo');
  assert.equal(standing(yesNo, { value: 'yes' }, by), 'good');
  assert.equal(standing(yesNo, { value: 'no' }, by), 'bad');
  assert.equal(standing(yesNo, { value: 'could_not_observe' }, by), 'unsure');
  assert.equal(standing(item('s', { kind: 'scale' }), { value: 3 }, by), 'bad');
  assert.equal(standing(item('t', { kind: 'text' }), { value: 'words' }, by), 'good');
});

test('nothing, an empty text and an empty list are no values', () => {
  assert.deepEqual([undefined, {}, { value: '' }, { value: [] }].map(hasValue), [
    false,
    false,
    false,
    false,
  ]);
  assert.deepEqual([{ value: 0 }, { value: ['yes'] }].map(hasValue), [true, true]);
});
