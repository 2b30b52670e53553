/** Rectangles over a picture, in whole per mille of its width and height; they stay inside. */

export const WHOLE = 1000;
export const LEAST = 10;
export const STEP = 10;

/** @typedef {{left: number, top: number, width: number, height: number}} Cover */

/**
 * @param {Cover} cover
 * @param {number} right
 * @param {number} down
 * @returns {Cover}
 */
export function moved(cover, right, down) {
  return {
    ...cover,
    left: within(cover.left + right, 0, WHOLE - cover.width),
    top: within(cover.top + down, 0, WHOLE - cover.height),
  };
}

/**
 * Larger or smaller; the upper left corner stays.
 *
 * @param {Cover} cover
 * @param {number} wider
 * @param {number} higher
 * @returns {Cover}
 */
export function resized(cover, wider, higher) {
  return {
    ...cover,
    width: within(cover.width + wider, LEAST, WHOLE - cover.left),
    height: within(cover.height + higher, LEAST, WHOLE - cover.top),
  };
}

/**
 * What lies between two points, wherever either is; null when that is next to nothing.
 *
 * @param {{x: number, y: number}} from
 * @param {{x: number, y: number}} to
 * @returns {Cover | null}
 */
export function between(from, to) {
  const [left, right] = inOrder(from.x, to.x);
  const [top, bottom] = inOrder(from.y, to.y);
  const cover = { left, top, width: right - left, height: bottom - top };
  return cover.width < LEAST || cover.height < LEAST ? null : cover;
}

/** A rectangle to begin with, in the middle. */
export function middle() {
  return { left: 400, top: 400, width: 200, height: 200 };
}

/**
 * @param {number} one
 * @param {number} other
 */
function inOrder(one, other) {
  return [one, other].map((place) => within(place, 0, WHOLE)).sort((a, b) => a - b);
}

/**
 * @param {number} place
 * @param {number} least
 * @param {number} most
 */
function within(place, least, most) {
  return Math.round(Math.min(Math.max(place, least), most));
}
