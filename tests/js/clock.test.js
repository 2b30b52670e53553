import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  advance,
  durationSeconds,
  firstTick,
  nextEvent,
  outOfOrder,
  tapped,
  timings,
} from '../../static/js/lib/clock.js';

const read = (name) =>
  JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8'));
const { form } = read('completeness');

for (const { name, marks, answers, next, timings: expected, out_of_order } of read('clock')
  .cases) {
  test(`the clock: ${name}`, () => {
    assert.equal(nextEvent(form, marks, answers), next);
    assert.deepEqual(timings(form, marks), expected);
    assert.deepEqual(outOfOrder(form, marks), out_of_order);
  });
}

test('a duration out of order is negative, one without its marks is none', () => {
  const marks = [
    { event: 'enter', elapsed_ms: 2_500 },
    { event: 'leave', elapsed_ms: 1_000 },
  ];
  assert.equal(durationSeconds(marks, 'enter', 'leave'), -1.5);
  assert.equal(durationSeconds(marks, 'enter', 'greeted'), null);
});

const WALL = Date.parse('2026-11-18T02:00:00.000Z');
const moment = (seconds, { origin = 1, wallShift = 0, slept = 0 } = {}) => ({
  origin,
  mono: (seconds - slept) * 1000,
  wall: WALL + (seconds + wallShift) * 1000,
});

test('in one life of the page the monotonic clock counts', () => {
  const tick = advance(firstTick(moment(0)), moment(42.5));
  assert.deepEqual(tapped(tick, 'greeted').mark, {
    event: 'greeted',
    at: '2026-11-18T02:00:42.500Z',
    elapsed_ms: 42_500,
    source: 'tapped',
  });
});

test('a wall clock set back or far ahead moves nothing', () => {
  const start = firstTick(moment(0));
  for (const wallShift of [-3600, -1, 1, 365 * 86_400]) {
    const tick = advance(start, moment(60, { wallShift }));
    assert.deepEqual([tick.elapsed, tick.bridged], [60_000, false]);
  }
});

test('the time of a locked screen is bridged by the wall clock', () => {
  const tick = advance(firstTick(moment(0)), moment(600, { slept: 580 }));
  assert.deepEqual([tick.elapsed, tick.bridged], [600_000, true]);
});

test('a reload goes on by the wall clock, and the first mark after it says so', () => {
  const before = advance(firstTick(moment(0)), moment(60));
  const reloaded = { origin: 2, mono: 10, wall: WALL + 90_000 };
  const first = tapped(advance(before, reloaded), 'queue_start');
  assert.equal(first.mark.elapsed_ms, 90_000);
  assert.equal(first.mark.bridged, true);

  const later = { origin: 2, mono: 5_010, wall: WALL + 95_000 };
  const second = tapped(advance(first.tick, later), 'service_start');
  assert.equal(second.mark.elapsed_ms, 95_000);
  assert.equal('bridged' in second.mark, false);
});

test('a reload after the wall clock was set back never runs backwards', () => {
  const before = advance(firstTick(moment(0)), moment(60));
  const tick = advance(before, { origin: 2, mono: 10, wall: WALL - 5_000 });
  assert.equal(tick.elapsed, 60_000);
});

test('a bridge is remembered until a mark carries it', () => {
  const bridged = advance(firstTick(moment(0)), { ...moment(10), origin: 2 });
  const tick = advance(bridged, { ...moment(20), origin: 2 });
  assert.equal(tapped(tick, 'leave').mark.bridged, true);
});
