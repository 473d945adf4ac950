interface Field {
  readonly name: string;
  readonly minimum: number;
  readonly maximum: number;
  /** Names of numbers, the first that of the minimum. */
  readonly names?: readonly string[];
}

/** Fields as Application and EC2 Auto Scaling read them; both 0 and 7 are Sunday. */
const FIELDS: readonly Field[] = [
  { name: 'minute', minimum: 0, maximum: 59 },
  { name: 'hour', minimum: 0, maximum: 23 },
  { name: 'day of the month', minimum: 1, maximum: 31 },
  {
    ...{ name: 'month', minimum: 1, maximum: 12 },
    names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  },
  { name: 'day of the week', minimum: 0, maximum: 7, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
];

/** Days of each month in a leap year. */
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Why a text is no cron expression of five fields that comes true; undefined where it is one. */
export function cronProblem(text: string): string | undefined {
  const parts = text.length > 256 ? [] : text.split(' ');
  if (parts.length !== FIELDS.length) return 'it is not a cron expression of five fields, one space between them';
  const numbers: number[][] = [];
  for (const [index, field] of FIELDS.entries()) {
    const part = parts[index] ?? '';
    const items = part.split(',').map((item) => numbersOf(item, field));
    if (!items.every((item) => item !== undefined))
      return `"${part}" is no ${field.name}: ${field.minimum} to ${field.maximum}, *, a list, a range, or a step of * or a range`;
    numbers.push(items.flat());
  }
  const [, , days = [], months = []] = numbers;
  // Where the week is restricted too, either of the two is enough.
  const isOnAnyWeekday = parts[4]?.startsWith('*') === true;
  if (isOnAnyWeekday && !months.some((month) => days.some((day) => day <= (DAYS[month - 1] ?? 0))))
    return 'no month that it names has such a day';
  return undefined;
}

/** What `*`, `5` or `mon-fri` stands for, each but a single number with a step: `0-30/10`; undefined where it is none of them. */
function numbersOf(item: string, field: Field): number[] | undefined {
  const [range = '', step, ...others] = item.split('/');
  if (others.length > 0 || (step !== undefined && !isStep(step, field))) return undefined;
  const ends = range === '*' ? [field.minimum, field.maximum] : range.split('-').map((end) => numberOf(end, field));
  const [first] = ends;
  const last = ends.at(-1);
  if (ends.length > 2 || first === undefined || last === undefined || first > last) return undefined;
  // Cron's kinds differ in what a step of a single number is.
  if (ends.length === 1 && step !== undefined) return undefined;
  const all = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  return all.filter((_, index) => index % Number(step ?? 1) === 0);
}

function isStep(text: string, { maximum }: Field): boolean {
  return /^[1-9]\d?$/.test(text) && Number(text) <= maximum;
}

function numberOf(text: string, { minimum, maximum, names = [] }: Field): number | undefined {
  const named = names.indexOf(text.toLowerCase());
  if (named >= 0) return named + minimum;
  const number = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  return number >= minimum && number <= maximum ? number : undefined;
}
