/** One section of the form. A tap changes only the item that was tapped. */

import { say, t } from '../i18n/index.js';
import { bySection, hasValue, walk } from '../lib/walk.js';
import { button, h, icon, linkButton } from './dom.js';
import { documentOf, lacking, savedChip } from './facts.js';
import { go } from './frame.js';
import { closedCard, openCard } from './item.js';

/** @typedef {import('./open.js').Open} Open */
/** @typedef {import('../lib/walk.js').Entry} Entry */

/**
 * @param {Open} open
 * @param {string} sectionId
 * @param {string} [itemId] to begin with
 * @returns {import('./frame.js').Screen}
 */
export function show(open, sectionId, itemId) {
  return new SectionScreen(open, sectionId, itemId).screen();
}

class SectionScreen {
  /**
   * @param {Open} open
   * @param {string} sectionId
   * @param {string} [itemId]
   */
  constructor(open, sectionId, itemId) {
    this.open = open;
    this.id = sectionId;
    /** @type {Map<string, HTMLElement>} */
    this.cards = new Map();
    this.list = h('div', { class: 'items' });
    this.count = h('span', { class: 'small dim tnum', id: 'count' });
    this.progress = h('progress', { 'aria-label': t('section.progress') });
    this.foot = h('div', { class: 'two wide' });
    this.groups = bySection(open.form, []);
    /** @type {Entry[]} */
    this.entries = [];
    /** @type {Entry[]} */
    this.total = [];
    /** @type {ReturnType<typeof walk>['dropped']} */
    this.dropped = [];
    this.plan();
    this.opened = itemId ?? this.firstOpen();
  }

  plan() {
    const { asked, dropped } = walk(this.open.form, documentOf(this.open));
    this.groups = bySection(this.open.form, asked);
    this.entries = this.groups.find(({ section }) => section.id === this.id)?.entries ?? [];
    this.dropped = dropped.filter(({ section }) => section === this.id);
    this.total = asked;
  }

  /** The first item here without an answer, or with one that lacks something. */
  firstOpen() {
    const gaps = lacking(this.open);
    const { answers } = documentOf(this.open);
    return this.entries.find(({ item }) => gaps.has(item.id) || !hasValue(answers[item.id]))
      ?.item.id;
  }

  /** @returns {import('./frame.js').Screen} */
  screen() {
    const section = this.open.form.sections.find(({ id }) => id === this.id);
    const { visit } = this.open;
    this.drawList();
    this.update();
    const back = section?.answer_at === 'outside' ? 'arrive' : 'answers';
    return {
      name: 'section',
      title: say(section),
      back: `#/v/${visit.id}/${back}`,
      aside: [this.count, savedChip()],
      main: [this.progress, this.list, this.notAsked()],
      foot: [this.foot],
    };
  }

  drawList() {
    this.cards.clear();
    this.list.replaceChildren(...this.entries.map((entry) => this.card(entry)));
  }

  /** @param {Entry} entry */
  card(entry) {
    const { id } = entry.item;
    const wishes = {
      onOpen: () => this.openItem(id),
      onStored: (/** @type {boolean} */ isValue) => this.stored(entry, isValue),
    };
    const problem = this.open.record?.problems.find(
      ({ pointer }) => pointer.split('/')[2] === id,
    )?.detail;
    const isOpen = id === this.opened;
    const card = isOpen
      ? openCard(this.open, entry, { ...wishes, problem })
      : closedCard(this.open, entry, wishes.onOpen);
    this.cards.set(id, card);
    return card;
  }

  /** @param {string | undefined} id */
  redrawCard(id) {
    const entry = this.entries.find(({ item }) => item.id === id);
    const old = id && this.cards.get(id);
    if (entry && old) old.replaceWith(this.card(entry));
  }

  /** @param {string} id */
  openItem(id) {
    const before = this.opened;
    this.opened = id;
    this.redrawCard(before);
    this.redrawCard(id);
    const card = this.cards.get(id);
    (card?.querySelector('input, textarea, select') ?? card)?.scrollIntoView({
      block: 'center',
    });
    /** @type {HTMLElement | null | undefined} */ (
      card?.querySelector('input:checked, input, textarea')
    )?.focus({ preventScroll: true });
  }

  /**
   * @param {Entry} entry
   * @param {boolean} isValue
   */
  stored({ item }, isValue) {
    const isWatched = this.open.form.items.some(({ ask_if }) => ask_if && item.id in ask_if);
    if (isWatched && isValue) this.replan();
    this.update();
    if (isValue && !lacking(this.open).has(item.id) && isOneTap(item))
      setTimeout(() => this.advance(item.id));
  }

  /** Another item may be asked now, or no longer. */
  replan() {
    const before = this.entries.length;
    this.plan();
    if (this.entries.length !== before) this.drawList();
  }

  /** The next item opens where the thumb already is. @param {string} id */
  advance(id) {
    const here = this.entries.findIndex(({ item }) => item.id === id);
    const { answers } = documentOf(this.open);
    const next = this.entries.slice(here + 1).find(({ item }) => !hasValue(answers[item.id]));
    const before =
      this.cards.get(id)?.querySelector('.control')?.getBoundingClientRect().top ?? 0;
    this.opened = next?.item.id;
    this.redrawCard(id);
    if (!next) return;
    this.redrawCard(next.item.id);
    const control = this.cards.get(next.item.id)?.querySelector('.control');
    if (control)
      control.closest('main')?.scrollBy(0, control.getBoundingClientRect().top - before);
    /** @type {HTMLElement | null | undefined} */ (control?.querySelector('input'))?.focus({
      preventScroll: true,
    });
  }

  /** Counts and the foot; nothing of the list. */
  update() {
    const { answers } = documentOf(this.open);
    const isAnswered = (/** @type {Entry} */ { item }) => hasValue(answers[item.id]);
    this.count.textContent = `${this.entries.filter(isAnswered).length}/${this.entries.length}`;
    this.progress.setAttribute('max', String(this.total.length));
    this.progress.setAttribute('value', String(this.total.filter(isAnswered).length));
    const next = this.firstOpen();
    if (this.foot.dataset.next === (next ?? '') && this.foot.childElementCount) return;
    this.foot.dataset.next = next ?? '';
    this.foot.replaceChildren(this.backButton(), next ? this.nextButton() : this.onButton());
  }

  backButton() {
    return button({
      label: t('section.before'),
      action: 'before',
      kind: 'tall',
      on: () => this.step(-1),
    });
  }

  nextButton() {
    const on = () => {
      const id = this.firstAfter();
      if (id) this.openItem(id);
    };
    return button({
      label: t('section.next_open'),
      action: 'next-open',
      kind: 'primary tall',
      on,
    });
  }

  /** The next one to do after the open one, else the first. */
  firstAfter() {
    const gaps = lacking(this.open);
    const { answers } = documentOf(this.open);
    const isTodo = (/** @type {Entry} */ { item }) =>
      gaps.has(item.id) || !hasValue(answers[item.id]);
    const here = this.entries.findIndex(({ item }) => item.id === this.opened);
    const after = [...this.entries.slice(here + 1), ...this.entries.slice(0, here + 1)];
    return after.find(isTodo)?.item.id;
  }

  /** @param {number} by */
  step(by) {
    const here = this.entries.findIndex(({ item }) => item.id === this.opened);
    const to = this.entries[(here < 0 ? this.entries.length : here) + by];
    if (to) this.openItem(to.item.id);
    else go(`#/v/${this.open.visit.id}/answers`);
  }

  /** Where the walk goes on when this section is done. */
  onButton() {
    const { visit, form, record } = this.open;
    const { groups } = this;
    const here = groups.findIndex(({ section }) => section.id === this.id);
    const next = groups[here + 1]?.section;
    const isDoor =
      groups[here]?.section.answer_at === 'outside' && next?.answer_at !== 'outside';
    const kind = 'primary tall';
    if (
      isDoor &&
      form.events.length &&
      !record?.document.marks.some(({ event }) => event === 'leave')
    ) {
      return linkButton({
        label: t('section.go_in'),
        href: `#/v/${visit.id}/hall`,
        action: 'go-in',
        kind,
      });
    }
    if (!next)
      return linkButton({
        label: t('section.finish'),
        href: `#/v/${visit.id}/summary`,
        action: 'summary',
        kind,
      });
    return linkButton({
      label: t('section.next', { name: say(next) }),
      href: `#/v/${visit.id}/section/${next.id}`,
      action: 'next-section',
      kind,
    });
  }

  notAsked() {
    const { dropped } = this;
    const rows = dropped.map((item) =>
      h(
        'div',
        { class: 'item', data: { state: 'na', item: item.id } },
        h(
          'span',
          { class: 'sign', data: { state: 'na' } },
          icon('dash'),
          h('span', { class: 'sr' }, t('item.not_asked')),
        ),
        h('span', {}, say(item), h('span', { class: 'why' }, say(item.why))),
      ),
    );
    if (rows.length === 0) return null;
    const summary = h(
      'summary',
      { class: 'btn quiet' },
      t('section.dropped', { n: rows.length }),
    );
    return h('details', { data: { part: 'not-asked' } }, summary, ...rows);
  }
}

/** One tap answers it whole. @param {import('../lib/types.js').Item} item */
const isOneTap = ({ kind, sample }) => !sample && ['yes_no', 'scale', 'choice'].includes(kind);
