/** A chart as a picture file: drawn from what the page shows, sent nowhere. */
import { paint } from './paint.js';

const SCALE = 2;
const MARGIN = 16;

/** @param {Document} page */
export function offerPictures(page) {
  for (const link of page.querySelectorAll('a[data-png]')) {
    const section = link.closest('section');
    if (!section || !(link instanceof HTMLAnchorElement)) continue;
    link.hidden = false;
    link.addEventListener('click', (event) => {
      event.preventDefault();
      void download(section, `${section.id || 'chart'}.png`);
    });
  }
}

/**
 * @param {HTMLElement} section
 * @param {string} name
 */
async function download(section, name) {
  const { left, top, width, height } = section.getBoundingClientRect();
  const canvas = document.createElement('canvas');
  canvas.width = Math.ceil((width + 2 * MARGIN) * SCALE);
  canvas.height = Math.ceil((height + 2 * MARGIN) * SCALE);
  const pen = canvas.getContext('2d');
  if (!pen) return;
  pen.fillStyle = getComputedStyle(document.documentElement).backgroundColor;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.scale(SCALE, SCALE);
  pen.translate(MARGIN - left, MARGIN - top);
  await paint(pen, section);
  const link = document.createElement('a');
  link.href = canvas.toDataURL('image/png');
  link.download = name;
  link.click();
}
