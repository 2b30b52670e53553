/** Before sending: with nothing missing but the signature, the signature. */

import { gapsOf, show as summary } from '../ui/summary.js';
import { show as sign } from './sign.js';

/** @param {import('../ui/open.js').Open} open */
export function show(open) {
  const gaps = open.record ? gapsOf(open, open.record.document) : [];
  const isAll = gaps.length > 0 && gaps.every(({ pointer }) => pointer === '/signature');
  return isAll && !open.record?.problems.length ? sign(open) : summary(open);
}
