/** A row of real radios, for what is no item of the form. */

import { h } from '../ui/dom.js';

/**
 * @param {{name: string, legend: string, kind?: string, value?: string, options: [string, string][], on: (value: string) => void}} choice
 *   options: value and label
 */
export function choices({ name, legend, kind = 'rows', value, options, on }) {
  const parts = options.map(([each, label]) => {
    const input = h('input', {
      type: 'radio',
      name,
      value: each,
      id: `${name}-${each}`,
      checked: each === value,
      on: { change: () => on(each) },
    });
    return h('label', { class: 'choice' }, input, h('span', { class: 'face' }, label));
  });
  return h(
    'fieldset',
    { class: `choices ${kind}` },
    h('legend', { class: 'sr' }, legend),
    ...parts,
  );
}
