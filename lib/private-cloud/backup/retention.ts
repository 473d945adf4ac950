import type { BackupManifest } from './manifest.ts';

export interface Keep {
  /** Days of which the last full backup is kept. */
  readonly daily: number;
  /** Weeks, from Monday, in UTC. */
  readonly weekly: number;
}

type Dated = Pick<BackupManifest, 'id' | 'kind' | 'base' | 'endedAt'>;

const DAY = 86_400_000;

/**
 * What may go, oldest first. The last full backup of each of the last days and weeks that have one stays, however long ago they were: a
 * schedule that stopped loses nothing more. An incremental one stays for a day, and never without its full one. Pure.
 */
export function toPrune<B extends Dated>(backups: readonly B[], keep: Keep, now: Date): B[] {
  const fulls = backups.filter(({ kind }) => kind === 'full').sort(newestFirst);
  const kept = new Set([
    ...lastOfEach(fulls, keep.daily, ({ endedAt }) => endedAt.slice(0, 10)),
    ...lastOfEach(fulls, keep.weekly, ({ endedAt }) => String(weekOf(endedAt))),
  ]);
  const isKept = (each: B): boolean =>
    each.kind === 'full'
      ? kept.has(each.id)
      : each.base !== null && kept.has(each.base) && now.getTime() - Date.parse(each.endedAt) < DAY;
  return backups.filter((each) => !isKept(each)).sort((a, b) => newestFirst(b, a));
}

function lastOfEach<B extends Dated>(newest: readonly B[], count: number, spanOf: (backup: B) => string): string[] {
  const last = new Map<string, string>();
  for (const each of newest) if (!last.has(spanOf(each))) last.set(spanOf(each), each.id);
  return [...last.values()].slice(0, count);
}

/** Number of the week since the first Monday of 1970, which was the fifth of January. */
function weekOf(at: string): number {
  return Math.floor((Date.parse(at) / DAY - 4) / 7);
}

function newestFirst(a: Dated, b: Dated): number {
  return b.endedAt.localeCompare(a.endedAt);
}

export type Freshness = 'good' | 'too-old' | 'none';

/** Whether the newest full backup is young enough. */
export function freshness(backups: readonly Dated[], maximumAgeHours: number, now: Date): Freshness {
  const [newest] = backups.filter(({ kind }) => kind === 'full').sort(newestFirst);
  if (newest === undefined) return 'none';
  return now.getTime() - Date.parse(newest.endedAt) > maximumAgeHours * 3_600_000 ? 'too-old' : 'good';
}
