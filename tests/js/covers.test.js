// Rectangles over a photo stay within it, whatever pulls at them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { between, LEAST, moved, resized } from '../../static/js/desk/covers.js';

const cover = { left: 100, top: 200, width: 300, height: 400 };

test('it moves as far as the edge', () => {
  assert.deepEqual(moved(cover, 10, -10), { ...cover, left: 110, top: 190 });
  assert.deepEqual(moved(cover, 9999, -9999), { ...cover, left: 700, top: 0 });
});

test('it grows as far as the edge and never shrinks to nothing', () => {
  assert.deepEqual(resized(cover, 10, -10), { ...cover, width: 310, height: 390 });
  assert.deepEqual(resized(cover, 9999, 9999), { ...cover, width: 900, height: 800 });
  assert.deepEqual(resized(cover, -9999, -9999), { ...cover, width: LEAST, height: LEAST });
});

test('it is drawn from any corner to any other', () => {
  const drawn = { left: 100, top: 200, width: 300, height: 400 };
  assert.deepEqual(between({ x: 100.4, y: 199.6 }, { x: 400, y: 600 }), drawn);
  assert.deepEqual(between({ x: 400, y: 200 }, { x: 100, y: 600 }), drawn);
  assert.deepEqual(between({ x: -50, y: 900 }, { x: 100, y: 1200 }), {
    left: 0,
    top: 900,
    width: 100,
    height: 100,
  });
});

test('a slip of the finger draws nothing', () => {
  assert.equal(between({ x: 100, y: 100 }, { x: 105, y: 300 }), null);
});
