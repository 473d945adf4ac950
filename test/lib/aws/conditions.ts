/** What a caller brings along: `aws:SourceAccount` and its like. */
export type Context = Readonly<Record<string, string>>;

type Test = (value: string | undefined, wanted: readonly string[]) => boolean;

const OPERATORS: Readonly<Record<string, Test>> = {
  StringEquals: (value, wanted) => value !== undefined && wanted.includes(value),
  // Of a key that is not there, all values that there are fit.
  'ForAllValues:StringEquals': (value, wanted) => value === undefined || wanted.includes(value),
  StringLike: (value, wanted) => value !== undefined && wanted.some((pattern) => like(pattern, value)),
  ArnLike: (value, wanted) => value !== undefined && wanted.some((pattern) => like(pattern, value)),
  ArnEquals: (value, wanted) => value !== undefined && wanted.some((pattern) => like(pattern, value)),
  Bool: (value, wanted) => value !== undefined && wanted.includes(value),
  Null: (value, wanted) => wanted.includes(String(value === undefined)),
};

/** Whether all of a statement's conditions hold; an operator that is not known here is an error, never true. */
export function holds(condition: unknown, context: Context, textOf: (value: unknown) => string): boolean {
  return Object.entries((condition ?? {}) as Record<string, Record<string, unknown>>).every(([operator, keys]) => {
    const test = OPERATORS[operator];
    if (test === undefined) throw new TypeError(`no condition operator ${operator} here`);
    return Object.entries(keys).every(([key, wanted]) => test(context[key], [wanted].flat().map(textOf)));
  });
}

/** Whether a text fits a pattern of `*` and `?`. */
export function like(pattern: string, text: string): boolean {
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${expression}$`).test(text);
}
