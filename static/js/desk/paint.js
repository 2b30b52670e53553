/** Paints what a part of the page shows: its boxes, its drawings, its words. */

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
/** What does not belong in a picture: links beside it, and what only readers aloud hear. */
const LEFT_OUT = 'small.line, [data-png], .sr, details';
const SIDES = /** @type {const} */ (['Top', 'Right', 'Bottom', 'Left']);
/** A word of a language with spaces; of the others every character stands for itself. */
const WORDS = /[\u2e80-\uffff]|[^\s\u2e80-\uffff]+/gu;

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Element} element
 * @returns {Promise<void>}
 */
export async function paint(pen, element) {
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  if (isLeftOut(element, style, box)) return;
  if (element instanceof SVGSVGElement) return paintDrawing(pen, element, box);
  paintBox(pen, style, box);
  if (element instanceof HTMLElement && element.dataset.th) paintLabel(pen, element, box);
  for (const child of element.childNodes) {
    if (child instanceof Text) paintWords(pen, child, style);
    else if (child instanceof Element) await paint(pen, child);
  }
}

/**
 * @param {Element} element
 * @param {CSSStyleDeclaration} style
 * @param {DOMRect} box
 */
function isLeftOut(element, style, box) {
  const isEmpty = box.width === 0 && box.height === 0 && style.display !== 'contents';
  const isHidden = style.visibility === 'hidden' || style.clipPath !== 'none'; // heads that stack
  return isEmpty || isHidden || element.matches(LEFT_OUT);
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {CSSStyleDeclaration} style
 * @param {DOMRect} box
 */
function paintBox(pen, style, box) {
  pen.fillStyle = style.backgroundColor;
  pen.fillRect(box.x, box.y, box.width, box.height);
  for (const side of SIDES) paintEdge(pen, style, box, side);
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {CSSStyleDeclaration} style
 * @param {DOMRect} box
 * @param {'Top' | 'Right' | 'Bottom' | 'Left'} side
 */
function paintEdge(pen, style, box, side) {
  const width = Number.parseFloat(style[`border${side}Width`]);
  if (width === 0 || style[`border${side}Style`] === 'none') return;
  pen.fillStyle = style[`border${side}Color`];
  const x = side === 'Right' ? box.right - width : box.x;
  const y = side === 'Bottom' ? box.bottom - width : box.y;
  const isFlat = side === 'Top' || side === 'Bottom';
  pen.fillRect(x, y, isFlat ? box.width : width, isFlat ? width : box.height);
}

/**
 * Word by word, for the browser alone knows where it broke a line.
 *
 * @param {CanvasRenderingContext2D} pen
 * @param {Text} text
 * @param {CSSStyleDeclaration} style
 */
function paintWords(pen, text, style) {
  pen.fillStyle = style.color;
  pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  pen.textBaseline = 'alphabetic';
  const range = document.createRange();
  for (const found of text.data.matchAll(WORDS)) {
    range.setStart(text, found.index);
    range.setEnd(text, found.index + found[0].length);
    const box = range.getBoundingClientRect();
    const { fontBoundingBoxAscent: up, fontBoundingBoxDescent: down } = pen.measureText(
      found[0],
    );
    pen.fillText(found[0], box.x, box.y + (box.height + up - down) / 2);
  }
}

/**
 * On a phone a cell says its column's name at its left.
 *
 * @param {CanvasRenderingContext2D} pen
 * @param {HTMLElement} cell
 * @param {DOMRect} box
 */
function paintLabel(pen, cell, box) {
  const style = getComputedStyle(cell, '::before');
  if (style.content === 'none') return;
  pen.fillStyle = style.color;
  pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  pen.textBaseline = 'top';
  const { paddingLeft, paddingTop } = getComputedStyle(cell);
  const [x, y] = [paddingLeft, paddingTop].map((text) => Number.parseFloat(text));
  pen.fillText(cell.dataset.th ?? '', box.x + (x ?? 0), box.y + (y ?? 0) + 2);
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {SVGSVGElement} drawing
 * @param {DOMRect} box
 */
async function paintDrawing(pen, drawing, box) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(markupOf(drawing, box))}`;
  await image.decode();
  pen.drawImage(image, box.x, box.y, box.width, box.height);
}

/**
 * The drawing by itself: with the colours that the page's style sheets give it.
 *
 * @param {SVGSVGElement} drawing
 * @param {DOMRect} box
 */
function markupOf(drawing, box) {
  const copy = /** @type {SVGSVGElement} */ (drawing.cloneNode(true));
  const parts = [...drawing.querySelectorAll('*')];
  [...copy.querySelectorAll('*')].forEach((part, place) => {
    const style = getComputedStyle(/** @type {Element} */ (parts[place]));
    for (const name of DRAWN) part.setAttribute(name, style.getPropertyValue(name));
  });
  for (const use of copy.querySelectorAll('use')) {
    const symbol = document.querySelector(use.getAttribute('href') ?? '');
    if (symbol) use.replaceWith(...[...symbol.cloneNode(true).childNodes]);
    copy.setAttribute('viewBox', symbol?.getAttribute('viewBox') ?? '');
    copy.setAttribute('fill', 'none');
    copy.setAttribute('stroke', getComputedStyle(drawing).color);
  }
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', String(box.width));
  copy.setAttribute('height', String(box.height));
  return new XMLSerializer().serializeToString(copy);
}
