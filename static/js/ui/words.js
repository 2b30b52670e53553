/** Times, sizes and distances as people say them. */

import { isEnglish, t } from '../i18n/index.js';

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const DAYS = { zh: '日一二三四五六', en: 'Sun Mon Tue Wed Thu Fri Sat'.split(' ') };

const two = (/** @type {number} */ n) => String(n).padStart(2, '0');

/** @param {number} seconds @returns {string} 9分18秒 */
export function duration(seconds) {
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  if (!minutes) return t('time.seconds', { s: whole });
  return t('time.minutes', { m: minutes, s: isEnglish() ? whole % 60 : two(whole % 60) });
}

/** @param {number} bytes */
export function size(bytes) {
  const mega = bytes / 1_048_576;
  if (mega >= 1000) return `${(mega / 1024).toFixed(1)}GB`;
  if (mega >= 1) return `${mega.toFixed(1)}MB`;
  return `${Math.max(1, Math.round(bytes / 1024))}KB`;
}

/** @param {number} metres */
export function distance(metres) {
  if (metres < 950) return t('place.metres', { n: Math.max(10, Math.round(metres / 10) * 10) });
  return t('place.kilometres', { n: (metres / 1000).toFixed(metres < 9950 ? 1 : 0) });
}

/** @param {string | number | Date} time @param {boolean} [withSeconds] @returns {string} 10:14 */
export function clock(time, withSeconds = false) {
  const at = new Date(time);
  const minutes = `${two(at.getHours())}:${two(at.getMinutes())}`;
  return withSeconds ? `${minutes}:${two(at.getSeconds())}` : minutes;
}

/** @param {string | Date} day a date, or an instant @returns {string} 11月18日 */
export function date(day) {
  const at =
    typeof day === 'string' && day.length === 10 ? new Date(`${day}T12:00`) : new Date(day);
  const [month, number] = [at.getMonth(), at.getDate()];
  return isEnglish() ? `${number} ${MONTHS[month]}` : `${month + 1}月${number}日`;
}

/** @param {Date} at @returns {string} 周三 */
export function weekday(at) {
  return isEnglish() ? DAYS.en[at.getDay()] : `周${DAYS.zh[at.getDay()]}`;
}

/** @param {string} time @returns {string} today's as a clock, others with their date */
export function moment(time) {
  const at = new Date(time);
  const isToday = at.toDateString() === new Date().toDateString();
  return isToday ? clock(at) : `${date(at)} ${clock(at)}`;
}

/** @param {{name: string, name_en?: string}} hall */
export const hallName = (hall) => (isEnglish() && hall.name_en) || hall.name;

/** Opening hours as they are printed. @param {import('../lib/types.js').Visit['hall']} hall */
export const hours = (hall) => (hall.hours ?? '').replaceAll('-', '–');

/** @param {{due_on: string}} visit @returns {string} 11月20日前完成 */
export function due({ due_on }) {
  const isPast = new Date(`${due_on}T23:59:59`).getTime() < Date.now();
  return t(isPast ? 'today.overdue' : 'today.due', { day: date(due_on) });
}
