/** One item that came back with a question: the question, the answer, the reply. */

import { say, t } from '../i18n/index.js';
import { missing } from '../lib/completeness.js';
import { finished, withAnswer } from '../lib/document.js';
import { send } from '../offline/sync.js';
import { button, h, linkButton, notice } from './dom.js';
import { go, toast } from './frame.js';
import { openCard } from './item.js';
import { broken, save, takeOver } from './open.js';
import { typed } from './typed.js';
import { hallName, moment } from './words.js';

/** @typedef {import('./open.js').Open} Open */

/** @param {Open} open @param {string} itemId @returns {Promise<import('./frame.js').Screen>} */
export async function show(open, itemId) {
  const { visit, form } = open;
  const isHere = Boolean(open.record) || (await fetched(open));
  const item = form.items.find(({ id }) => id === itemId);
  const asked = visit.returned?.find((one) => one.item === itemId);
  const screen = { name: 'fix', title: hallName(visit.hall), back: '#/today' };
  if (!item || !isHere)
    return { ...screen, main: [notice('warn', t(isHere ? 'fix.unknown' : 'fix.offline'))] };
  const question = h(
    'p',
    { class: 'lead say', data: { part: 'question' } },
    asked?.question ?? '',
  );
  const due =
    asked?.due_at &&
    h('p', { class: 'small warn' }, t('today.answer_by', { time: moment(asked.due_at) }));
  const others = (visit.returned ?? []).filter(
    (one) => one.item !== itemId && !isAnswered(open, one),
  );
  const entry = { item, requirement: item.requirement, why: item.why };
  const reply = typed({
    id: 'reply',
    label: t('fix.reply'),
    value: open.record?.document.answers[itemId]?.reply ?? '',
    on: (text) =>
      void save((document) =>
        withAnswer(document, itemId, { reply: text }, new Date().toISOString()),
      ),
    rows: 3,
  });
  return {
    ...screen,
    main: [
      h('section', {}, h('p', { class: 'small dim' }, t('fix.asked')), question, due),
      openCard(open, entry, { onOpen: () => {}, onStored: () => {} }),
      reply,
    ],
    foot: [others.length ? nextButton(visit.id, others[0].item) : sendButton(open, say(item))],
  };
}

/** @param {Open} open @param {{item: string, asked_at: string}} question */
const isAnswered = ({ record }, { item, asked_at }) =>
  (record?.document.answers[item]?.at ?? '') > asked_at;

/** @param {string} visit @param {string} item */
const nextButton = (visit, item) =>
  linkButton({
    label: t('fix.next'),
    href: `#/v/${visit}/fix/${item}`,
    action: 'next-fix',
    kind: 'primary wide tall',
  });

/** @param {Open} open @param {string} name */
const sendButton = (open, name) =>
  button({
    label: t('fix.send'),
    action: 'send-fix',
    kind: 'primary wide tall',
    on: () => void finish(open, name),
  });

/** This phone does not hold the audit any more: the server's copy is taken. @param {Open} open */
async function fetched(open) {
  if (!open.visit.audit) return false;
  try {
    await takeOver(open.visit.audit);
    return Boolean(open.record);
  } catch {
    return false;
  }
}

/** @param {Open} open @param {string} name */
async function finish({ form, record }, name) {
  const gaps = record ? missing(form, record.document) : [];
  if (gaps.length) {
    toast(t('fix.gaps', { name }));
    return;
  }
  if (
    !(await save((document) => finished(document, new Date().toISOString()), {
      extra: { problems: [] },
    }))
  )
    return;
  go('#/queue');
  await send({ force: true }).catch(broken);
}
