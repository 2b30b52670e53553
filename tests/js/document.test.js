import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  blankAudit,
  finished,
  reopened,
  takenOver,
  withAnswer,
  withMark,
  withoutAnswer,
  withoutMark,
  withoutPhoto,
  withPhoto,
  withToday,
} from '../../static/js/lib/document.js';
import { distanceMetres } from '../../static/js/lib/place.js';
import { uuid7 } from '../../static/js/lib/uuid7.js';

const AT = '2026-11-18T10:14:00.000Z';
const blank = () =>
  blankAudit({
    id: 'i',
    visit: 'v',
    form: 'f',
    device: 'mine',
    app: 'r',
    at: AT,
    offset: -310,
  });

test('a change leaves the document it came from as it was', () => {
  const before = Object.freeze(blank());
  const after = withAnswer(before, 'ext_open', { value: 'yes' }, AT);
  assert.deepEqual(before.answers, {});
  assert.deepEqual(after.answers.ext_open, { value: 'yes', at: AT });
});

test('an answer is added to, and what is emptied goes', () => {
  let document = withAnswer(blank(), 'a', { value: 'no', note: 'broken' }, AT);
  document = withAnswer(document, 'a', { note: '' }, AT);
  document = withAnswer(document, 'a', { value: undefined, reply: 'see photo' }, AT);
  assert.deepEqual(document.answers.a, { reply: 'see photo', at: AT });
  assert.deepEqual(withoutAnswer(document, 'a').answers, {});
});

test('an event has one mark, and marks stand in the order of time', () => {
  const mark = (event, at) => ({ event, at, elapsed_ms: 0, source: 'tapped' });
  let document = withMark(blank(), mark('greeted', '2026-11-18T10:15:00.000Z'));
  document = withMark(document, mark('enter', '2026-11-18T10:14:00.000Z'));
  document = withMark(document, mark('greeted', '2026-11-18T10:16:00.000Z'));
  assert.deepEqual(
    document.marks.map(({ event, at }) => [event, at.slice(14, 16)]),
    [
      ['enter', '14'],
      ['greeted', '16'],
    ],
  );
  assert.deepEqual(withoutMark(document, 'enter').marks.length, 1);
});

test('the same photo is there once, and can be taken away', () => {
  const photo = { sha256: 'ab', bytes: 1, item: 'x' };
  const document = withPhoto(withPhoto(blank(), photo), { ...photo, item: 'y' });
  assert.deepEqual(
    document.evidence.map(({ item }) => item),
    ['y'],
  );
  assert.deepEqual(withoutPhoto(document, 'ab').evidence, []);
});

test('facts of today come and go', () => {
  const document = withToday(withToday(blank(), 'raining', true), 'peak', true);
  assert.deepEqual(withToday(document, 'raining', true).today, ['peak', 'raining']);
  assert.deepEqual(withToday(document, 'raining', false).today, ['peak']);
});

test('a finished audit can be opened again without a trace of its end', () => {
  const final = finished(blank(), AT);
  assert.equal(final.state, 'final');
  assert.equal(final.finished_at, AT);
  assert.deepEqual(reopened(final), blank());
});

test('another phone goes on above both revisions and says whom it follows', () => {
  const taken = takenOver({ ...blank(), revision: 4 }, 'other', {
    device: 'mine',
    revision: 9,
  });
  assert.deepEqual([taken.device, taken.takes_over, taken.revision], ['other', 'mine', 9]);
  assert.equal(
    takenOver(blank(), 'mine', { device: 'mine', revision: 1 }).takes_over,
    undefined,
  );
});

test('ids sort by the time they were made', () => {
  const random = new Uint8Array(10).fill(255);
  const [early, late] = [
    uuid7(1_700_000_000_000, random),
    uuid7(1_700_000_000_001, new Uint8Array(10)),
  ];
  assert.match(early, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(Number.parseInt(early.replaceAll('-', '').slice(0, 12), 16), 1_700_000_000_000);
  assert.ok(early < late);
});

test('a degree of longitude is 111 km at the equator and half of it at 60 degrees', () => {
  const metres = (lat) => distanceMetres({ lat, lon: 10 }, { lat, lon: 11 });
  assert.ok(Math.abs(metres(0) - 111_195) < 1);
  assert.ok(Math.abs(metres(60) / metres(0) - 0.5) < 0.001);
  assert.equal(distanceMetres({ lat: 23.1, lon: 113.3 }, { lat: 23.1, lon: 113.3 }), 0);
});
