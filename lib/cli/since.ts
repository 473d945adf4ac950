import { usage } from '../actions/errors.ts';

const UNITS: Readonly<Record<string, number>> = { m: 60, h: 3600, d: 86_400, w: 604_800 };

/** `90m`, `12h`, `7d`, `2w` before now; a day, in UTC; or an instant. @throws TandemError `usage` */
export function since(given: string): (now: Date) => Date {
  const [, count, unit = ''] = /^(\d{1,5})([mhdw])$/.exec(given) ?? [];
  const seconds = UNITS[unit];
  if (count !== undefined && seconds !== undefined)
    return (now) => new Date(now.getTime() - Number(count) * seconds * 1000);
  const isDate = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d))?$/.test(given);
  const moment = new Date(given);
  if (!isDate || Number.isNaN(moment.getTime()))
    throw usage(
      `got "${given}"`,
      'write an age such as 90m, 12h or 7d, a day such as 2026-11-28, or 2026-11-28T03:00:00Z',
    );
  return () => moment;
}
