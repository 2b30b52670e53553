/** Two phones wrote the same audit: both copies side by side, and the auditor says which one goes on. */

import { t } from '../i18n/index.js';
import { hasValue } from '../lib/walk.js';
import { send } from '../offline/sync.js';
import { button, h, notice, section } from './dom.js';
import { go, toast } from './frame.js';
import { broken, fetchCopy, keepOwn, leaveToServer, takeOver } from './open.js';
import { hallName, moment } from './words.js';

/** @typedef {import('./open.js').Open} Open */
/** @typedef {import('../lib/types.js').AuditDocument} AuditDocument */

/** @param {Open} open @returns {Promise<import('./frame.js').Screen>} */
export async function show(open) {
  const { visit, record } = open;
  const rival = record?.conflict;
  const screen = { name: 'conflict', title: hallName(visit.hall), back: '#/queue' };
  if (!record || !rival) return { ...screen, main: [notice('good', t('conflict.none'))] };
  const other = await fetchCopy(rival.id).catch(() => null);
  const isClosed = ['complete', 'closed'].includes(rival.state);
  return {
    ...screen,
    main: [
      notice(
        'warn',
        h('em', {}, t('conflict.title')),
        h('p', {}, t(isClosed ? 'conflict.closed' : 'conflict.why')),
      ),
      section(t('conflict.here'), null, facts(record.document)),
      section(
        t('conflict.there'),
        null,
        other ? facts(other) : h('p', { class: 'small' }, t('conflict.unread')),
      ),
    ],
    foot: isClosed
      ? [choice('take-other', 'wide', t('conflict.take_other'), () => leaveToServer(rival))]
      : [
          choice('keep-own', 'primary', t('conflict.keep_own'), () => keepOwn(rival)),
          choice('take-other', '', t('conflict.take_other'), () => takeOver(rival.id)),
        ],
    isPair: !isClosed,
  };
}

/** @param {AuditDocument} document */
function facts({ answers, evidence, marks, revision, started_at }) {
  const latest =
    Object.values(answers)
      .map(({ at }) => at ?? '')
      .sort()
      .at(-1) ?? started_at;
  const rows = [
    [t('conflict.answers'), Object.values(answers).filter(hasValue).length],
    [t('conflict.photos'), evidence.length],
    [t('conflict.marks'), marks.length],
    [t('conflict.last'), moment(latest)],
    [t('conflict.revision'), revision],
  ];
  return h(
    'dl',
    { class: 'facts small tnum' },
    ...rows.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]),
  );
}

/** @param {string} action @param {string} kind @param {string} label @param {() => Promise<void>} act */
function choice(action, kind, label, act) {
  const on = async () => {
    try {
      await act();
      go('#/queue');
      await send({ force: true }).catch(broken);
    } catch {
      toast(t('brief.take_failed'));
    }
  };
  return button({ label, action, kind: `${kind} tall`.trim(), on: () => void on() });
}
