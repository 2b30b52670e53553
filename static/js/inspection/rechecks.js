/** What the last visits found wrong: fixed, not fixed, or not to be told. */

import { isEnglish, say, t } from '../i18n/index.js';
import { RESULTS, withEntry } from '../lib/inspection.js';
import { h, linkButton } from '../ui/dom.js';
import { savedChip } from '../ui/facts.js';
import { save } from '../ui/open.js';
import { photoStrip } from '../ui/photos.js';
import { typed } from '../ui/typed.js';
import { hallName } from '../ui/words.js';
import { choices } from './choices.js';
import { word } from './words.js';

/** @typedef {import('../ui/open.js').Open} Open */
/** @typedef {import('../lib/types.js').Finding} Finding */

/** @param {Open} open @returns {import('../ui/frame.js').Screen} */
export function show(open) {
  const { visit, form } = open;
  const findings = form.findings ?? [];
  const count = h('p', { class: 'small dim', 'aria-live': 'polite' });
  const update = () => {
    const done = findings.filter(({ id }) => entryOf(open, id).result).length;
    count.textContent = word('recheck.done', { n: findings.length, done });
  };
  update();
  return {
    name: 'rechecks',
    title: word('recheck.title'),
    small: hallName(visit.hall),
    back: `#/v/${visit.id}/answers`,
    aside: [savedChip()],
    main: [count, ...findings.map((finding) => card(open, finding, update))],
    foot: [
      linkButton({
        label: word('recheck.next'),
        href: `#/v/${visit.id}/answers`,
        action: 'answers',
        kind: 'primary wide tall',
      }),
    ],
  };
}

/** @param {Open} open @param {string} id @returns {import('../lib/types.js').Recheck} */
const entryOf = (open, id) => open.record?.document.rechecks?.[id] ?? { at: '' };

/** @param {Finding} finding */
function origin({ source, month }) {
  const [year, number] = month.split('-');
  const at = isEnglish() ? `${number}/${year}` : `${year}年${Number(number)}月`;
  return word('recheck.from', { month: at, source: word(`recheck.${source}`) });
}

/** @param {Open} open @param {Finding} finding @param {() => void} update */
function card(open, finding, update) {
  const { id } = finding;
  const more = h('div', { class: 'stack' });
  const change = async (/** @type {Record<string, unknown>} */ part) => {
    const at = new Date().toISOString();
    await save((document) => withEntry(document, 'rechecks', id, part, at));
    update();
  };
  const draw = () => {
    const { result, note } = entryOf(open, id);
    const field = typed({
      id: `${id}-recheck`,
      label: word(result === 'cannot_tell' ? 'recheck.why' : 'recheck.note'),
      value: note ?? '',
      on: (text) => void change({ note: text }),
    });
    more.replaceChildren(...(result ? [photoStrip(open, `recheck.${id}`, draw), field] : []));
  };
  const row = choices({
    name: `recheck-${id}`,
    legend: say(finding),
    value: entryOf(open, id).result,
    options: RESULTS.map((result) => [result, word(`recheck.${result}`)]),
    on: (result) => void change({ result }).then(draw),
  });
  draw();
  const lines = [
    origin(finding),
    finding.corrected && word('recheck.corrected'),
    finding.note,
  ].filter(Boolean);
  return h(
    'section',
    { class: 'sec stack', 'aria-label': say(finding), data: { finding: id } },
    h(
      'div',
      {},
      h('em', {}, say(finding)),
      h('span', { class: 'why' }, lines.join(t('comma'))),
      finding.guide && h('span', { class: 'why' }, say(finding.guide)),
    ),
    row,
    more,
  );
}
