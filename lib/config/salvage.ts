import type { z } from 'zod';
import { isRecord } from '../text/json.ts';
import { meantBy } from '../text/nearest.ts';
import type { Problem } from './diagnostic.ts';
import { type ConfigPath, formatPath } from './origin.ts';
import { keysAt, valueAt } from './schema-walk.ts';

/** Something that was left out of a value so that the rest of it could be checked. */
export interface Pruned {
  readonly files: readonly string[];
  readonly path: ConfigPath;
}

/**
 * What is left of a value with problems once unknown keys and bad optional values are gone; undefined where what is required is
 * bad or missing. One typing error in a file then hides none of its other problems.
 */
export function salvage<T extends z.ZodType>(
  schema: T,
  value: unknown,
): { value: z.output<T>; pruned: ConfigPath[] } | undefined {
  const first = schema.safeParse(value);
  if (first.success) return { value: first.data, pruned: [] };
  const copy = structuredClone(value);
  const pruned: ConfigPath[] = [];
  // Unknown keys first: what is missing may be there under a mistyped name.
  for (const issue of first.error.issues.filter((each) => each.code === 'unrecognized_keys')) {
    const path = issue.path.filter((part) => typeof part !== 'symbol');
    for (const key of issue.keys) if (!rename(copy, path, key, keysAt(schema, path))) pruned.push([...path, key]);
  }
  for (const issue of first.error.issues) {
    const path = issue.path.filter((part) => typeof part !== 'symbol');
    const isFound = valueAt(value, path) === undefined && valueAt(copy, path) !== undefined;
    if (issue.code !== 'unrecognized_keys' && !isFound) pruned.push(path);
  }
  // Only keys of maps can go: a list without one of its entries would be another list.
  if (pruned.some((path) => typeof path.at(-1) !== 'string')) return undefined;
  for (const path of pruned) remove(copy, path);
  const second = schema.safeParse(copy);
  return second.success ? { value: second.data, pruned } : undefined;
}

/** Gives a mistyped key the name that was meant; false where none is near, or it is taken. */
function rename(root: unknown, path: ConfigPath, key: string, known: readonly string[]): boolean {
  const holder = valueAt(root, path);
  const meant = meantBy(key, known);
  if (!isRecord(holder) || meant === undefined || Object.hasOwn(holder, meant)) return false;
  holder[meant] = holder[key];
  return Reflect.deleteProperty(holder, key);
}

function remove(root: unknown, path: ConfigPath): void {
  const holder = valueAt(root, path.slice(0, -1));
  if (isRecord(holder)) Reflect.deleteProperty(holder, path.at(-1) ?? '');
}

/** Problems of something that is not there: it may be what was left out. */
const OF_ABSENCE = new Set([
  'image-without-source',
  'missing-backend',
  'missing-price',
  'missing-segment',
  'no-tenant-pool',
  'no-volume-type',
  'open-choice',
  'vip-without-plane',
]);

/** Problems of sums: a count or a size may be among what was left out. */
const OF_SUMS = new Set([
  'drain-too-short',
  'flavor-too-large',
  'job-outlives-receipt',
  'no-capacity',
  'schedule-outside-capacity',
  'spread-too-wide',
  'subnets-too-small',
  'unbounded-warm-pool',
  'vpc-too-small',
]);

/** Whether a problem may only be a consequence of something that was left out. */
export function followsFrom(problem: Problem, pruned: readonly Pruned[]): boolean {
  if (pruned.length === 0) return false;
  if (OF_ABSENCE.has(problem.code) || OF_SUMS.has(problem.code)) return true;
  return pruned.some(({ files, path }) => {
    const self = formatPath(path);
    const isInside = problem.path.startsWith(`${self}.`) || problem.path.startsWith(`${self}[`);
    return files.includes(problem.file) && (isInside || problem.path === self);
  });
}
