import { usage } from '../../../actions/errors.ts';
import { spanMs } from '../../../fleet/selector-fields.ts';

/** `30% in 10m`: a share of the fleet, in any such time. */
export function parseBudget(given: string): { readonly percent: number; readonly minutes: number } {
  const [, percent = '', span = ''] = /^\s*(\d{1,3})\s*%?\s*in\s+(\S+)\s*$/i.exec(given) ?? [];
  const minutes = (spanMs(span) ?? 0) / 60_000;
  if (percent === '' || Number(percent) < 1 || Number(percent) > 100 || minutes <= 0)
    throw usage(`got "${given}"`, 'write a share and a time, like "30% in 10m"');
  return { percent: Number(percent), minutes };
}

/** `15m` in seconds. */
export function parseSpan(given: string): number {
  const milliseconds = spanMs(given);
  if (milliseconds === undefined) throw usage(`got "${given}"`, 'write a time like 90s, 15m or 2h');
  return milliseconds / 1000;
}

/** `i-1,i-2` */
export function parseIds(given: string): readonly string[] {
  const ids = given.split(/[\s,]+/).filter((id) => id !== '');
  const wrong = ids.find((id) => !/^i-[0-9a-f]{8,17}$/.test(id));
  if (ids.length === 0 || wrong !== undefined)
    throw usage(`got "${wrong ?? given}"`, 'write ids of instances, like i-0123456789abcdef0,i-0fedcba9876543210');
  return ids;
}

/** A moment to come: `02:30` of the clock here, today or tomorrow, or a whole date. @param now - For tests */
export function parseMoment(given: string, now = new Date()): Date {
  const [, hour = '', minute = ''] = /^(\d{1,2}):(\d{2})$/.exec(given) ?? [];
  if (hour !== '' && Number(hour) < 24 && Number(minute) < 60) {
    const today = new Date(now);
    today.setHours(Number(hour), Number(minute), 0, 0);
    if (today <= now) today.setDate(today.getDate() + 1);
    return today;
  }
  const moment = new Date(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(given) ? given : Number.NaN);
  if (Number.isNaN(moment.getTime()) || moment <= now)
    throw usage(`got "${given}"`, 'write a time to come: 02:30, or 2026-12-01T02:30:00Z');
  return moment;
}
