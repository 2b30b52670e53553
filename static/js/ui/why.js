/** What this hall is not asked today, and the rule that says so. */

import { say, t } from '../i18n/index.js';
import { walk } from '../lib/walk.js';
import { h, section, sign } from './dom.js';
import { documentOf } from './facts.js';

/** @param {import('./open.js').Open} open @returns {import('./frame.js').Screen} */
export function show(open) {
  const { form, visit } = open;
  const { dropped, asked } = walk(form, documentOf(open));
  const optional = asked
    .filter(({ requirement }) => requirement === 'optional')
    .map(({ item, why }) => ({ ...item, why }));
  const groups = form.sections.map((part) => ({
    part,
    rows: dropped.filter((item) => item.section === part.id),
  }));
  return {
    name: 'why',
    title: t('why.title'),
    back: `#/v/${visit.id}/${open.record ? 'answers' : 'brief'}`,
    main: [
      ...groups
        .filter(({ rows }) => rows.length)
        .map(({ part, rows }) =>
          section(say(part), t('count.items', { n: rows.length }), ...rows.map(row)),
        ),
      optional.length > 0 &&
        section(t('why.optional'), t('why.optional_n'), ...optional.map(row)),
    ],
  };
}

/** @param {{id: string, zh: string, en: string, why: import('../lib/types.js').Text}} item */
function row(item) {
  return h(
    'div',
    { class: 'item', data: { state: 'na', item: item.id } },
    sign('na', t('item.not_asked')),
    h('span', {}, say(item), h('span', { class: 'why' }, say(item.why))),
  );
}
