/** A chart as a picture file: drawn from what the page shows, sent nowhere. */

const SCALE = 2;
const DRAWN = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'opacity',
  'font-size',
  'font-family',
  'font-weight',
];

/** @param {Document} page */
export function offerPictures(page) {
  for (const link of page.querySelectorAll('a[data-png]')) {
    const chart = chartBeside(link);
    if (!chart || !(link instanceof HTMLAnchorElement)) continue;
    link.hidden = false;
    link.addEventListener('click', (event) => {
      event.preventDefault();
      const section = link.closest('section');
      const shown = chartBeside(link) ?? chart;
      void download(shown, `${section?.id ?? 'chart'}.png`);
    });
  }
}

/**
 * The drawing that the screen shows: wide and narrow ones stand side by side.
 *
 * @param {Element} link
 * @returns {SVGSVGElement | null}
 */
function chartBeside(link) {
  const found = [...(link.closest('section')?.querySelectorAll('svg.chart') ?? [])];
  const shown = found.find((each) => each.getBoundingClientRect().width > 0) ?? found[0];
  return shown instanceof SVGSVGElement ? shown : null;
}

/**
 * @param {SVGSVGElement} chart
 * @param {string} name
 */
async function download(chart, name) {
  const { width, height } = chart.viewBox.baseVal;
  const image = new Image(width * SCALE, height * SCALE);
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(markupOf(chart))}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = width * SCALE;
  canvas.height = height * SCALE;
  const pen = canvas.getContext('2d');
  if (!pen) return;
  pen.fillStyle = getComputedStyle(document.body).backgroundColor;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  const link = document.createElement('a');
  link.href = canvas.toDataURL('image/png');
  link.download = name;
  link.click();
}

/**
 * The drawing by itself: with the colours that the page's style sheets give it.
 *
 * @param {SVGSVGElement} chart
 */
function markupOf(chart) {
  const copy = /** @type {SVGSVGElement} */ (chart.cloneNode(true));
  const parts = [...chart.querySelectorAll('*')];
  [...copy.querySelectorAll('*')].forEach((part, place) => {
    const style = getComputedStyle(/** @type {Element} */ (parts[place]));
    for (const name of DRAWN) part.setAttribute(name, style.getPropertyValue(name));
  });
  const { width, height } = chart.viewBox.baseVal;
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', String(width * SCALE));
  copy.setAttribute('height', String(height * SCALE));
  return new XMLSerializer().serializeToString(copy);
}
