export class InvalidWorkerConfig extends Error {
  override readonly name = 'InvalidWorkerConfig';
}

export type Fields = Readonly<Record<string, unknown>>;

export function object(value: unknown, name: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw new InvalidWorkerConfig(`${name} is ${show(value)}; it should be an object`);
}

export const optional = (all: Fields, name: string): Fields => object(all[name] ?? {}, name);

export function list(value: unknown, name: string): readonly unknown[] {
  if (Array.isArray(value) && value.length > 0) return value;
  throw new InvalidWorkerConfig(`${name} is ${show(value)}; it should be a list with something in it`);
}

export function string(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new InvalidWorkerConfig(`${name} is ${show(value)}; it should be a text`);
}

export function number(fields: Fields, name: string, otherwise?: number): number {
  const value = fields[name] ?? otherwise;
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  throw new InvalidWorkerConfig(`${name} is ${show(value)}; it should be a number, zero or more`);
}

export function oneOf<T extends string>(fields: Fields, name: string, values: readonly T[], otherwise?: T): T {
  const value = fields[name] ?? otherwise;
  const found = values.find((each) => each === value);
  if (found !== undefined) return found;
  throw new InvalidWorkerConfig(`${name} is ${show(value)}; it should be ${values.join(' or ')}`);
}

/** A program and its arguments. */
export function command(value: unknown): readonly [string, ...string[]] {
  const words = Array.isArray(value) ? value.filter((word) => typeof word === 'string') : [];
  const [program, ...args] = words;
  if (program === undefined || !Array.isArray(value) || words.length !== value.length)
    throw new InvalidWorkerConfig(`command is ${show(value)}; it should be a list: a program and its arguments`);
  return [program, ...args];
}

export function show(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value).slice(0, 80);
}
