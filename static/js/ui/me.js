/** Mine: who, which language, which light, and what this phone remembers. */

import { dictionaryPath, speak, t } from '../i18n/index.js';
import { tellLanguage } from '../offline/api.js';
import { listAudits, tell } from '../offline/audits.js';
import { storedBundle } from '../offline/bundle.js';
import { read } from '../offline/db.js';
import { choices, choose } from '../offline/settings.js';
import { hasWorker, isShellWaiting, keepOffline, release } from '../offline/shell.js';
import { h, linkButton, section } from './dom.js';
import { phoneSection } from './phone.js';
import { moment } from './words.js';

/** @returns {Promise<import('./frame.js').Screen>} */
export async function show() {
  const [stored, { records }, lines, isWaiting] = await Promise.all([
    storedBundle(),
    listAudits(),
    read(['log'], (store) => store('log').all()),
    isShellWaiting(),
  ]);
  const version = `${release()} ${t(hasWorker ? 'me.offline' : 'me.no_offline')}`;
  const facts = [
    [t('me.code'), stored?.bundle.auditor.code ?? t('me.nobody')],
    [t('me.fetched'), stored ? moment(stored.fetched_at) : '–'],
    [t('me.version'), version],
  ];
  return {
    name: 'me',
    title: t('tab.me'),
    tab: 'me',
    main: [
      h(
        'dl',
        { class: 'facts small' },
        ...facts.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]),
      ),
      isWaiting && h('p', { class: 'why' }, t('me.waiting')),
      section(
        t('me.language'),
        null,
        radios('language', { zh: '中文', en: 'English' }, changeLanguage),
      ),
      section(
        t('me.theme'),
        null,
        radios(
          'theme',
          { '': t('me.auto'), light: t('me.light'), dark: t('me.dark'), sun: t('me.sun') },
          changeTheme,
        ),
      ),
      await phoneSection(records),
      lines.length > 0 && logSection(lines),
      signs(Boolean(stored), records),
    ],
  };
}

/**
 * @param {'language' | 'theme'} name
 * @param {{[value: string]: string}} options
 * @param {(value: any) => void} put
 */
function radios(name, options, put) {
  const chosen = choices()[name];
  const parts = Object.entries(options).map(([value, label]) => {
    const input = h('input', {
      type: 'radio',
      name,
      value,
      id: `${name}-${value || 'auto'}`,
      checked: value === chosen,
      on: { change: () => put(value) },
    });
    return h('label', { class: 'choice' }, input, h('span', { class: 'face' }, label));
  });
  return h(
    'fieldset',
    { class: 'choices halves' },
    h('legend', { class: 'sr' }, t(`me.${name}`)),
    ...parts,
  );
}

/** @param {'zh' | 'en'} language */
async function changeLanguage(language) {
  await choose({ language });
  await speak(language);
  await keepOffline(dictionaryPath(language)).catch(() => {});
  void tellLanguage(language);
  tell('redraw');
}

/** @param {import('../offline/settings.js').Choices['theme']} theme */
async function changeTheme(theme) {
  await choose({ theme });
  tell('redraw');
}

/** @param {{at: string, what: string, detail: string}[]} lines */
function logSection(lines) {
  const rows = lines
    .slice(-20)
    .reverse()
    .map(({ at, what, detail }) =>
      h('li', { class: 'why mono' }, `${moment(at)} ${what} ${detail}`),
    );
  return h(
    'details',
    {},
    h('summary', { class: 'btn quiet' }, t('me.log', { n: lines.length })),
    h('ul', {}, ...rows),
  );
}

/** @param {boolean} isSignedIn @param {import('../lib/types.js').Record[]} records */
function signs(isSignedIn, records) {
  const unsent = records.filter(
    ({ remote, document }) => !remote || remote.revision < document.revision,
  ).length;
  const link = isSignedIn
    ? linkButton({
        label: t('me.sign_out'),
        href: '/sign-out',
        action: 'sign-out',
        kind: 'wide tall',
      })
    : linkButton({
        label: t('sign_in.go'),
        href: '/sign-in?next=/field/',
        action: 'sign-in',
        kind: 'primary wide tall',
      });
  return h(
    'section',
    { class: 'stack' },
    unsent > 0 && h('p', { class: 'why warn' }, t('me.unsent', { n: unsent })),
    link,
  );
}
