import { parse } from 'yaml';
import { z } from 'zod';
import type { PastLease } from './arrivals.ts';
import { endMs } from './outlook.ts';

/** As much of a lease's file as its length needs; of whatever version of Tandem. */
const written = z.looseObject({
  blueprint: z.string(),
  cloud: z.string().optional(),
  since: z.string(),
  until: z.string(),
});

/** A lease of more was written by mistake, and was refused or corrected since: no new one is like it. */
const MOST_DAYS = 3660;

/** What git is asked for: the files of leases as they were added, whole. */
export const ADDED_LEASES: readonly string[] = [
  ...['log', '--since=27.weeks', '--diff-filter=A', '--format=', '--patch', '--no-color', '--no-renames'],
  ...['--no-ext-diff', '--no-textconv', '--unified=0', '--', 'config/dev'],
];

/** A lease's file: whose it is, and of which cloud; undefined: of the default one. */
export interface WrittenLease extends PastLease {
  readonly name: string;
  readonly cloud: string | undefined;
}

/** Leases in the answer to `ADDED_LEASES`. Files that are none, or that nobody can read any more, are left out. */
export function leasesInPatch(patch: string): WrittenLease[] {
  return patch.split(/^diff --git /m).flatMap((part) => {
    const [, name] = /^\+\+\+ b\/(?:.*\/)?config\/dev\/([^/\n]+)\.yaml\t?$/m.exec(part) ?? [];
    if (name === undefined) return [];
    const text = part
      .slice(part.indexOf('\n@@'))
      .split('\n')
      .flatMap((line) => (line.startsWith('+') ? line.slice(1) : []))
      .join('\n');
    const lease = leaseOf(name, parseYaml(text));
    return lease === undefined ? [] : [lease];
  });
}

/** @param value - content of a lease's file */
export function leaseOf(name: string, value: unknown): WrittenLease | undefined {
  const parsed = written.safeParse(value);
  if (!parsed.success) return undefined;
  const { blueprint, cloud, since, until } = parsed.data;
  const days = Math.ceil((endMs(until) - Date.parse(since)) / 86_400_000);
  return days >= 1 && days <= MOST_DAYS ? { name, blueprint, cloud, since, days } : undefined;
}

/** Those of a cloud, each once: what the configuration says now counts before what was written first. */
export function pastLeases(
  now: readonly WrittenLease[],
  added: readonly WrittenLease[],
  { cloud, defaultCloud }: { readonly cloud: string; readonly defaultCloud: string },
): PastLease[] {
  const key = ({ name, since }: WrittenLease): string => `${name} ${since}`;
  const all = new Map([...added, ...now].map((lease) => [key(lease), lease]));
  return [...all.values()].filter((lease) => (lease.cloud ?? defaultCloud) === cloud);
}

function parseYaml(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}
