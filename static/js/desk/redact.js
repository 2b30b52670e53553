/** Rectangles drawn over a photo by finger, mouse or keys; the form's rows hold them. */
import { between, middle, moved, resized, STEP } from './covers.js';

/** @typedef {import('./covers.js').Cover} Cover */
/** @typedef {{cover: Cover, box: HTMLButtonElement, handle: HTMLElement}} Drawn */

const SIDES = /** @type {const} */ (['left', 'top', 'width', 'height']);
const ARROWS = new Map([
  ['ArrowLeft', [-STEP, 0]],
  ['ArrowRight', [STEP, 0]],
  ['ArrowUp', [0, -STEP]],
  ['ArrowDown', [0, STEP]],
]);

/** @param {Document} page */
export function redactPhoto(page) {
  const stage = page.querySelector('[data-redact]');
  const rows = page.querySelector('[data-redact-rows]');
  if (stage instanceof HTMLElement && rows instanceof HTMLElement)
    new Redactor(page, stage, rows).begin();
}

class Redactor {
  /**
   * @param {Document} page
   * @param {HTMLElement} stage
   * @param {HTMLElement} rows
   */
  constructor(page, stage, rows) {
    this.page = page;
    this.stage = stage;
    this.rows = rows;
    this.empty = /** @type {HTMLElement} */ (rows.lastElementChild?.cloneNode(true));
    this.add = this.button('[data-redact-add]');
    this.drop = this.button('[data-redact-drop]');
    this.keep = this.button('[data-redact-keep]');
    this.said = /** @type {HTMLElement} */ (page.querySelector('[data-redact-said]'));
    /** @type {Drawn[]} */
    this.drawn = [];
    /** @type {Drawn | null} */
    this.chosen = null;
  }

  /** @param {string} selector */
  button(selector) {
    return /** @type {HTMLButtonElement} */ (this.page.querySelector(selector));
  }

  begin() {
    this.readRows();
    this.add.hidden = this.drop.hidden = false;
    this.add.addEventListener('click', () => this.draw(middle()).box.focus());
    this.drop.addEventListener('click', () => this.chosen && this.remove(this.chosen));
    this.rows.addEventListener('change', () => this.readRows());
    this.stage.addEventListener('pointerdown', (event) => this.press(event));
    this.stage.addEventListener('keydown', (event) => this.type(event));
    this.stage.addEventListener('focusin', (event) => this.choose(this.find(event.target)));
  }

  /** What is typed in figures is drawn too. */
  readRows() {
    for (const each of this.drawn) this.erase(each);
    this.drawn = [];
    for (const row of this.rows.children) {
      const cover = coverIn(row);
      if (cover) this.put(cover);
    }
    this.choose(null);
  }

  writeRows() {
    const rows = this.drawn.map(({ cover }) => this.row(cover));
    this.rows.replaceChildren(...rows, this.row(null));
  }

  /** @param {Cover | null} cover */
  row(cover) {
    const row = /** @type {HTMLElement} */ (this.empty.cloneNode(true));
    for (const side of SIDES) fieldOf(row, side).value = cover ? String(cover[side]) : '';
    return row;
  }

  /** @param {Cover} cover */
  put(cover) {
    const box = this.page.createElement('button');
    box.type = 'button';
    box.className = 'cover';
    box.setAttribute('aria-describedby', 'redact-keys');
    const handle = this.page.createElement('span');
    handle.className = 'cover-handle';
    this.stage.append(box, handle);
    const each = { cover, box, handle };
    this.drawn.push(each);
    this.show(each);
    return each;
  }

  /** @param {Cover} cover */
  draw(cover) {
    const each = this.put(cover);
    this.writeRows();
    return each;
  }

  /**
   * @param {Drawn} each
   * @param {Cover} cover
   */
  change(each, cover) {
    each.cover = cover;
    this.show(each);
    this.writeRows();
  }

  /** @param {Drawn} each */
  show({ cover, box, handle }) {
    for (const side of SIDES) box.style[side] = `${cover[side] / 10}%`;
    handle.style.left = inside(cover.left + cover.width);
    handle.style.top = inside(cover.top + cover.height);
    this.number();
  }

  /** Say where each is, by its present number. */
  number() {
    for (const [index, { cover, box }] of this.drawn.entries()) {
      let label = (this.stage.dataset.label ?? '').replace('{n}', String(index + 1));
      for (const side of SIDES)
        label = label.replace(`{${side}}`, String(Math.round(cover[side] / 10)));
      box.setAttribute('aria-label', label);
    }
  }

  /** @param {Drawn} each */
  remove(each) {
    const index = this.drawn.indexOf(each);
    this.erase(each);
    this.drawn.splice(index, 1);
    this.number();
    this.writeRows();
    this.choose(null);
    const neighbour = this.drawn[index] ?? this.drawn[index - 1];
    (neighbour ? neighbour.box : this.add).focus();
  }

  /** @param {Drawn} each */
  erase({ box, handle }) {
    box.remove();
    handle.remove();
  }

  /** @param {Drawn | null} each */
  choose(each) {
    this.chosen = each;
    for (const { box } of this.drawn) box.dataset.state = box === each?.box ? 'chosen' : '';
    if (each) this.drop.removeAttribute('aria-disabled');
    else this.drop.setAttribute('aria-disabled', 'true');
  }

  /** @param {EventTarget | null} target */
  find(target) {
    return this.drawn.find(({ box, handle }) => box === target || handle === target) ?? null;
  }

  /** @param {KeyboardEvent} event */
  type(event) {
    const each = this.find(event.target);
    const arrow = ARROWS.get(event.key);
    if (!each || event.ctrlKey || event.altKey || event.metaKey) return;
    if (arrow) {
      const change = event.shiftKey ? resized : moved;
      this.change(each, change(each.cover, arrow[0], arrow[1]));
      this.said.textContent = each.box.getAttribute('aria-label');
    } else if (event.key === 'Delete' || event.key === 'Backspace') this.remove(each);
    else if (event.key === 'Enter') this.keep.focus();
    else return;
    event.preventDefault();
  }

  /**
   * A drag: from a handle it resizes, from a rectangle it moves, from elsewhere it draws.
   *
   * @param {PointerEvent} event
   */
  press(event) {
    if (event.button !== 0 || !event.isPrimary) return;
    event.preventDefault();
    const from = this.pointOf(event);
    const pulled = this.find(event.target);
    const change = pulled?.handle === event.target ? resized : moved;
    const before = pulled?.cover;
    let each = pulled;
    each?.box.focus();
    /** @param {PointerEvent} next */
    const drag = (next) => {
      const to = this.pointOf(next);
      const cover = before ? change(before, to.x - from.x, to.y - from.y) : between(from, to);
      if (cover && each) this.change(each, cover);
      else if (cover) each = this.draw(cover);
    };
    this.stage.setPointerCapture(event.pointerId);
    this.stage.addEventListener('pointermove', drag);
    const end = () => {
      this.stage.removeEventListener('pointermove', drag);
      this.stage.removeEventListener('pointerup', end);
      this.stage.removeEventListener('pointercancel', end);
      each?.box.focus();
    };
    this.stage.addEventListener('pointerup', end);
    this.stage.addEventListener('pointercancel', end);
  }

  /** @param {PointerEvent} event */
  pointOf(event) {
    const { left, top, width, height } = this.stage.getBoundingClientRect();
    return {
      x: ((event.clientX - left) / width) * 1000,
      y: ((event.clientY - top) / height) * 1000,
    };
  }
}

/**
 * A corner's handle keeps its whole size, also where the corner is the picture's.
 *
 * @param {number} place
 */
function inside(place) {
  const half = 'var(--thumb) / 2';
  return `clamp(calc(${half}), ${place / 10}%, calc(100% - ${half}))`;
}

/**
 * @param {Element} row
 * @returns {Cover | null}
 */
function coverIn(row) {
  const [left, top, width, height] = SIDES.map((side) => fieldOf(row, side).valueAsNumber);
  const isWhole = [left, top, width, height].every(Number.isFinite);
  return isWhole ? { left, top, width, height } : null;
}

/**
 * @param {Element} row
 * @param {string} side
 */
function fieldOf(row, side) {
  return /** @type {HTMLInputElement} */ (row.querySelector(`[name=${side}]`));
}
