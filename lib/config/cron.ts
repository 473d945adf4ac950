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

/** Why a text is no cron expression of five fields; undefined where it is one. */
export function cronProblem(text: string): string | undefined {
  const parts = text.length > 256 ? [] : text.split(' ');
  if (parts.length !== FIELDS.length) return 'it is not a cron expression of five fields, one space between them';
  for (const [index, field] of FIELDS.entries()) {
    const part = parts[index] ?? '';
    if (!part.split(',').every((item) => isItem(item, field)))
      return `"${part}" is no ${field.name}: ${field.minimum} to ${field.maximum}, *, a list, a range or a step`;
  }
  return undefined;
}

/** `*`, `5`, `mon-fri`, each with a step: `0-30/10`. */
function isItem(item: string, field: Field): boolean {
  const [range = '', step, ...others] = item.split('/');
  if (others.length > 0 || (step !== undefined && !isStep(step, field))) return false;
  if (range === '*') return true;
  const ends = range.split('-').map((end) => numberOf(end, field));
  const [first, last] = ends;
  return ends.length <= 2 && first !== undefined && (ends.length === 1 || (last !== undefined && first <= last));
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
