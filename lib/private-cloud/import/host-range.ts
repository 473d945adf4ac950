/** More names than any cloud has come from a slip. */
const MAXIMUM_NAMES = 10_000;

/**
 * The names that a line of an inventory stands for: `web[01:03].example` is three, `[a:c]` too, `[1:9:2]` five. Undefined where a range
 * cannot be read, or stands for more than 10,000 names.
 */
export function namesOf(pattern: string): string[] | undefined {
  const range = /^(.*?)\[([^\]:]*):([^\]:]*)(?::([^\]:]*))?\](.*)$/.exec(pattern);
  if (range === null) return /[[\]]/.test(pattern) ? undefined : [pattern];
  const [, before = '', from = '', to = '', step = '1', after = ''] = range;
  const middle = sequence(from === '' ? '0' : from, to, step);
  const rest = namesOf(after);
  if (middle === undefined || rest === undefined || middle.length * rest.length > MAXIMUM_NAMES) return undefined;
  return middle.flatMap((each) => rest.map((tail) => `${before}${each}${tail}`));
}

function sequence(from: string, to: string, step: string): string[] | undefined {
  const by = /^\d{1,6}$/.test(step) ? Number(step) : 0;
  if (by < 1) return undefined;
  if (/^[a-z]$/.test(from) && /^[a-z]$/.test(to)) return letters(from, to, by);
  if (/^[A-Z]$/.test(from) && /^[A-Z]$/.test(to)) return letters(from, to, by);
  if (!/^\d{1,9}$/.test(from) || !/^\d{1,9}$/.test(to)) return undefined;
  // Leading zeros say how wide the numbers are, at both ends alike.
  const width = from.length > 1 && from.startsWith('0') ? from.length : 0;
  if (width > 0 && to.length !== width) return undefined;
  return numbers(Number(from), Number(to), by)?.map((each) => String(each).padStart(width, '0'));
}

function letters(from: string, to: string, by: number): string[] | undefined {
  return numbers(from.charCodeAt(0), to.charCodeAt(0), by)?.map((each) => String.fromCharCode(each));
}

function numbers(from: number, to: number, by: number): number[] | undefined {
  const count = Math.floor((to - from) / by) + 1;
  return count < 1 || count > MAXIMUM_NAMES ? undefined : Array.from({ length: count }, (_, at) => from + at * by);
}
