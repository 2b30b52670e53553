/** Who comes and what for, to be shown at the counter. */

import { say, t } from '../i18n/index.js';
import { bySection, walk } from '../lib/walk.js';
import { storedBundle } from '../offline/bundle.js';
import { facts, isElsewhere, startFoot } from '../ui/brief.js';
import { h, linkButton, notice, section } from '../ui/dom.js';
import { hallName } from '../ui/words.js';
import { word } from './words.js';

/** @param {import('../ui/open.js').Open} open @returns {Promise<import('../ui/frame.js').Screen>} */
export async function show(open) {
  const { visit } = open;
  const auditor = (await storedBundle())?.bundle.auditor;
  const name = say(auditor?.name) || auditor?.code || '';
  return {
    name: 'brief',
    title: hallName(visit.hall),
    back: '#/today',
    main: [
      h(
        'section',
        { class: 'hero' },
        h('p', { class: 'line between small' }, h('b', {}, 'Auditapp'), word('kind')),
        h('p', { class: 'lead' }, word('start.who', { name })),
        h('p', { class: 'small' }, word('start.may')),
        h('p', { class: 'why' }, word('start.badge')),
      ),
      facts(visit),
      isElsewhere(open) &&
        notice('warn', h('em', {}, t('brief.elsewhere')), h('p', {}, t('brief.elsewhere_why'))),
      contents(open),
      h('p', { class: 'small' }, word('start.after')),
    ],
    foot: startFoot(open),
  };
}

/** @param {import('../ui/open.js').Open} open */
function contents({ visit, form, record }) {
  const { asked, dropped } = walk(form, { today: record?.document.today ?? [], answers: {} });
  const rows = bySection(form, asked).map(({ section: part, entries }) =>
    row(say(part), counted(entries.map(({ item }) => item))),
  );
  const findings = form.findings?.length ?? 0;
  const last = findings ? word('start.findings_n', { n: findings }) : word('start.no_findings');
  const why = linkButton({
    label: word('start.why', { n: dropped.length }),
    href: `#/v/${visit.id}/why`,
    action: 'why',
  });
  return section(
    word('start.what'),
    null,
    h('ul', { class: 'stack' }, row(word('start.findings'), last), ...rows),
    why,
  );
}

/** @param {string} name @param {string} number */
const row = (name, number) => h('li', {}, name, h('span', { class: 'why' }, number));

/** @param {import('../lib/types.js').Item[]} items */
function counted(items) {
  const questions = items.filter(({ sample, answer }) => sample && answer);
  if (questions.length < items.length) return word('start.items', { n: items.length });
  return word('start.drawn', { n: items.length, most: questions[0].sample ?? 1 });
}
