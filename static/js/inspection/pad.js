/** A box to sign in, with a finger, a pen or a mouse: dark ink on white, whatever the theme. */

import { h } from '../ui/dom.js';
import { word } from './words.js';

const WIDTH = 640;
const HEIGHT = 280;
const LEAST_INK = 120; // canvas pixels; a mere touch is no signature

/** @typedef {{box: HTMLElement, clear: () => void, isSigned: () => boolean, picture: () => Uint8Array<ArrayBuffer>}} Pad */

/** @returns {Pad} */
export function pad() {
  const box = /** @type {HTMLCanvasElement} */ (
    h('canvas', {
      class: 'pad',
      width: WIDTH,
      height: HEIGHT,
      role: 'img',
      'aria-label': word('sign.box'),
    })
  );
  const pen = /** @type {CanvasRenderingContext2D} */ (box.getContext('2d', { alpha: false }));
  let ink = 0;
  /** @type {{x: number, y: number} | null} */
  let last = null;

  const clear = () => {
    ink = 0;
    pen.fillStyle = 'white';
    pen.fillRect(0, 0, WIDTH, HEIGHT);
    Object.assign(pen, {
      strokeStyle: 'black',
      lineWidth: 5,
      lineCap: 'round',
      lineJoin: 'round',
    });
  };
  const point = (/** @type {PointerEvent} */ event) => {
    const { left, top, width, height } = box.getBoundingClientRect();
    return {
      x: ((event.clientX - left) * WIDTH) / width,
      y: ((event.clientY - top) * HEIGHT) / height,
    };
  };
  const down = (/** @type {PointerEvent} */ event) => {
    event.preventDefault();
    box.setPointerCapture(event.pointerId);
    last = point(event);
  };
  const move = (/** @type {PointerEvent} */ event) => {
    if (!last) return;
    for (const each of event.getCoalescedEvents?.() ?? []) line(each);
    line(event);
  };
  const line = (/** @type {PointerEvent} */ event) => {
    if (!last) return;
    const next = point(event);
    pen.beginPath();
    pen.moveTo(last.x, last.y);
    pen.lineTo(next.x, next.y);
    pen.stroke();
    ink += Math.hypot(next.x - last.x, next.y - last.y);
    last = next;
  };
  const up = () => {
    last = null;
  };
  box.addEventListener('pointerdown', down);
  box.addEventListener('pointermove', move);
  for (const end of ['pointerup', 'pointercancel']) box.addEventListener(end, up);
  clear();
  return { box, clear, isSigned: () => ink > LEAST_INK, picture: () => pictureOf(box) };
}

/** At once, for `toBlob` waits until the page is idle. @param {HTMLCanvasElement} box a PNG */
function pictureOf(box) {
  const [, written] = box.toDataURL('image/png').split(',');
  return Uint8Array.from(atob(written), (letter) => letter.charCodeAt(0));
}
