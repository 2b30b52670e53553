/** The hall's manager looks it over and signs on the screen, or says why not. */

import { say, t } from '../i18n/index.js';
import { failedItems, inspectionGaps, SIGNATURE, withSignature } from '../lib/inspection.js';
import { hasValue, walk } from '../lib/walk.js';
import { loadBytes, photoKey } from '../offline/audits.js';
import { sha256Of } from '../offline/rescue.js';
import { button, h, linkButton, sign as mark, notice, section } from '../ui/dom.js';
import { documentOf, savedChip } from '../ui/facts.js';
import { go, toast } from '../ui/frame.js';
import { broken, save } from '../ui/open.js';
import { clock, hallName } from '../ui/words.js';
import { pad } from './pad.js';
import { word } from './words.js';

/** @typedef {import('../ui/open.js').Open} Open */
/** @typedef {import('../lib/types.js').Signature} Signature */

/** @param {Open} open @param {string} [again] asks to sign although it is signed @returns {import('../ui/frame.js').Screen} */
export function show(open, again) {
  const { visit, record } = open;
  const signature = record?.document.signature;
  const isDone = Boolean(signature) && again !== 'again';
  const parts = isDone && signature ? doneParts(open, signature) : signParts(open);
  return {
    name: 'sign',
    title: word('sign.title'),
    small: hallName(visit.hall),
    back: `#/v/${visit.id}/answers`,
    aside: [savedChip()],
    main: [contents(open), ...parts.main],
    foot: [parts.foot],
  };
}

/** What is signed. @param {Open} open */
function contents(open) {
  const { form, record } = open;
  const { asked } = walk(form, documentOf(open));
  const { answers } = documentOf(open);
  const failed = record ? failedItems(form, record.document) : new Set();
  const corrected = Object.keys(record?.document.corrections ?? {}).filter((id) =>
    failed.has(id),
  );
  const findings = form.findings ?? [];
  const fixed = findings.filter(
    ({ id }) => record?.document.rechecks?.[id]?.result === 'fixed',
  ).length;
  const done = asked.filter(({ item }) => hasValue(answers[item.id])).length;
  const counts = {
    n: asked.length,
    done,
    failed: failed.size,
    corrected: corrected.length,
  };
  const rows = asked
    .filter(({ item }) => failed.has(item.id))
    .map(({ item }) =>
      h(
        'div',
        { class: 'item', data: { item: item.id } },
        mark('bad', t('answer.no')),
        h(
          'span',
          {},
          say(item),
          corrected.includes(item.id) && h('span', { class: 'why' }, word('correct.box')),
          answers[item.id]?.note && h('span', { class: 'why' }, answers[item.id].note),
        ),
        h('span', {}),
      ),
    );
  return section(
    word('sign.what'),
    null,
    h('p', { class: 'small' }, word('sign.counts', counts)),
    findings.length > 0 &&
      h('p', { class: 'small' }, word('sign.rechecks', { n: findings.length, fixed })),
    ...rows,
  );
}

/** @param {Open} open @returns {{main: Node[], foot: Node}} */
function signParts(open) {
  const box = pad();
  const { position = word('sign.manager') } = open.record?.document.signature ?? {};
  const input = /** @type {HTMLInputElement} */ (
    h('input', { class: 'input', id: 'position', maxlength: 60, value: position })
  );
  const keep = async () => {
    if (!input.value.trim()) return toast(word('sign.no_position'));
    if (!box.isSigned()) return toast(word('sign.empty'));
    if (await stored(open, box, input.value.trim()))
      go(`#/v/${open.visit.id}/sign/${Date.now()}`);
  };
  const clear = button({
    label: word('sign.clear'),
    action: 'clear',
    kind: 'tall',
    icon: 'undo',
    on: box.clear,
  });
  const main = [
    h('div', { class: 'field' }, h('label', { for: 'position' }, word('sign.position')), input),
    h(
      'section',
      { class: 'stack', 'aria-label': word('sign.box') },
      h('p', { class: 'line between' }, h('em', {}, word('sign.here')), clear),
      box.box,
    ),
    refusal(open),
  ];
  const foot = button({
    label: word('sign.keep'),
    action: 'keep-signature',
    kind: 'primary wide tall',
    on: () => void keep().catch(broken),
  });
  return { main, foot };
}

/**
 * The picture and the document that names it, in one transaction.
 * @param {Open} open
 * @param {import('./pad.js').Pad} box
 * @param {string} position
 */
async function stored(open, box, position) {
  const bytes = box.picture();
  const sha256 = await sha256Of(bytes);
  const at = new Date().toISOString();
  /** @type {Signature} */
  const signature = { state: 'signed', sha256, position, at };
  const picture = {
    sha256,
    bytes: bytes.byteLength,
    type: 'image/png',
    item: SIGNATURE,
    taken_at: at,
  };
  const photos = [{ key: photoKey(open.record?.id ?? '', sha256), value: bytes.buffer }];
  return save((document) => withSignature(document, signature, picture), { photos });
}

/** @param {Open} open */
function refusal(open) {
  const area = /** @type {HTMLTextAreaElement} */ (
    h('textarea', { class: 'input', id: 'refusal', rows: 2, maxlength: 4000 })
  );
  area.value = open.record?.document.signature?.reason ?? '';
  const refuse = async () => {
    const reason = area.value.trim();
    if (!reason) return toast(word('sign.need_reason'));
    const at = new Date().toISOString();
    /** @type {Signature} */
    const signature = { state: 'refused', reason, at };
    if (await save((document) => withSignature(document, signature)))
      go(`#/v/${open.visit.id}/sign/${Date.now()}`);
  };
  return h(
    'details',
    { data: { part: 'refusal' } },
    h('summary', { class: 'btn quiet' }, word('sign.refuses')),
    h('p', { class: 'small' }, word('sign.refuse_why')),
    h('div', { class: 'field' }, h('label', { for: 'refusal' }, word('sign.reason')), area),
    button({
      label: word('sign.refuse'),
      action: 'refuse',
      kind: 'tall',
      on: () => void refuse(),
    }),
  );
}

/** @param {Open} open @param {Signature} signature @returns {{main: Node[], foot: Node}} */
function doneParts(open, signature) {
  const { visit, form, record } = open;
  const isSigned = signature.state === 'signed';
  const gaps = record ? inspectionGaps(form, record.document) : [];
  const isOutdated = gaps.some(({ code }) => code === 'signature-outdated');
  const again = linkButton({
    label: word('sign.again'),
    href: `#/v/${visit.id}/sign/again`,
    action: 'sign-again',
    kind: isOutdated ? 'primary wide tall' : 'tall',
  });
  const words = { position: signature.position ?? '', time: clock(signature.at) };
  const said = isSigned
    ? notice('good', h('em', {}, word('sign.signed')), h('p', {}, word('list.signed', words)))
    : notice('warn', h('em', {}, word('sign.refused')), h('p', {}, signature.reason));
  const main = isSigned ? [said, picture(record?.id ?? '', signature)] : [said];
  if (isOutdated)
    return { main: [...main, notice('warn', word('sign.outdated'))], foot: again };
  const on = linkButton({
    label: word('sign.on'),
    href: `#/v/${visit.id}/summary`,
    action: 'summary',
    kind: 'primary wide tall',
  });
  return { main: [...main, h('p', { class: 'line' }, again)], foot: on };
}

/** @param {string} audit @param {Signature} signature */
function picture(audit, { sha256 = '' }) {
  const image = h('img', { class: 'pad', alt: word('list.sign') });
  const show = async () => {
    const bytes = await loadBytes(photoKey(audit, sha256));
    if (!bytes) return;
    const address = URL.createObjectURL(new Blob([bytes], { type: 'image/png' }));
    image.addEventListener('load', () => URL.revokeObjectURL(address), { once: true });
    image.setAttribute('src', address);
  };
  void show().catch(() => {});
  return image;
}
