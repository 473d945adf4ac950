import type { Differences } from '../backup/differences.ts';
import type { BackupKind } from '../backup/manifest.ts';
import type { Probe } from './drills.ts';
import { type ClientRecord, lostWrites, outageOf, type ReadBack } from './measure.ts';
import type { DrillTarget } from './target.ts';
import { tenths, underLoad } from './under-load.ts';

/** What one lease has in the cloud, by id. */
export type LeaseResources = Readonly<Record<'project' | 'network' | 'port', string>>;

export interface RestoreDrillOptions {
  readonly run: string;
  readonly makeLeases: (names: readonly string[]) => Promise<readonly LeaseResources[]>;
  /** Extends, changes and ends each of them. Gives what failed, a line each. */
  readonly manageLeases: (names: readonly string[]) => Promise<readonly string[]>;
  readonly backUp: (kind: BackupKind) => Promise<void>;
  /** Deletes the services' schemas on every member, as a mistake would. */
  readonly destroy: () => Promise<void>;
  /** Gives how long no member had the database, in seconds. */
  readonly restore: () => Promise<number | undefined>;
  readonly compare: () => Promise<Differences>;
  readonly say: (what: string) => void;
}

/** What a deleted database and its restore took. Times in seconds from the deletion, unless they say otherwise. */
export interface RestoreOutcome {
  /** Of the incremental backup, which is the one that is restored. */
  readonly backupSeconds: number;
  /** Without a database: from when it was stopped for the restore until every member was synced. */
  readonly outageSeconds: number | undefined;
  readonly restoredSeconds: number;
  /** Until each request had succeeded and every service on every host was healthy. */
  readonly healthySeconds: number;
  readonly backSeconds: Readonly<Record<Probe, number | undefined>>;
  /** Rows that were acknowledged before the incremental backup began: all of them must be there. */
  readonly rows: { readonly acknowledged: number; readonly lost: number };
  /** Rows that were acknowledged later and are gone: what a backup cannot have. */
  readonly rowsSince: number;
  readonly leases: { readonly made: number; readonly lost: number };
  readonly orphans: Differences['orphans'];
  /** What must not be; none where all is well. */
  readonly faults: readonly string[];
}

/** Leases that the backup has. */
const LEASES = 3;
/** Enough rows on both sides of the backup that what is lost would be seen. */
const LOAD_SECONDS = 6;

/**
 * The database is deleted under load and restored from a full backup and an incremental one. What the backup has must all be there, and every lease of its time can be managed; what was
 * made since must be told.
 * @throws Error where the cloud does not come back
 */
export async function playRestore(target: DrillTarget, options: RestoreDrillOptions): Promise<RestoreOutcome> {
  const { run, say } = options;
  await target.restore();
  return await underLoad(target, run, async ({ probes, recovered, end }) => {
    const names = Array.from({ length: LEASES }, (_, index) => `${run}-${index + 1}`);
    await options.makeLeases(names);
    await target.sleep(LOAD_SECONDS);
    await options.backUp('full');
    await target.sleep(LOAD_SECONDS);
    const begun = target.now();
    await options.backUp('incremental');
    const taken = target.now();
    const [late] = await options.makeLeases([`${run}-late`]);
    await target.sleep(LOAD_SECONDS);
    const destroyed = target.now();
    say('The database is deleted on every member.');
    await options.destroy();
    const outageSeconds = await options.restore();
    const restored = target.now();
    say(`It is restored after ${tenths(restored - destroyed)} s.`);
    await recovered(restored);
    const healthy = target.now();
    const { orphans } = await options.compare();
    const unmanaged = await options.manageLeases(names);
    const { records, readBack } = await end();
    const { sql, ...others } = readBack;
    const rows = rowsBefore(records, readBack, begun);
    return {
      ...{ outageSeconds, rows, orphans, rowsSince: (sql?.lost ?? 0) - rows.lost },
      backupSeconds: tenths(taken - begun),
      restoredSeconds: tenths(restored - destroyed),
      healthySeconds: tenths(healthy - destroyed),
      backSeconds: Object.fromEntries(
        probes.map((probe) => [probe, outageOf(records, probe, destroyed, healthy).back] as const),
      ),
      leases: { made: LEASES, lost: unmanaged.length },
      faults: [
        ...(rows.lost > 0 ? [`${rows.lost} of ${rows.acknowledged} rows that the backup has are lost`] : []),
        ...lostWrites(others),
        ...unmanaged,
        ...untold(late, orphans),
      ],
    };
  });
}

/** The client says the number of each row that was acknowledged. */
function rowsBefore(records: readonly ClientRecord[], readBack: ReadBack, begun: number): RestoreOutcome['rows'] {
  const own = records.filter(({ probe, ok, end }) => probe === 'sql' && ok && end < begun);
  const missing = new Set(readBack['sql']?.missing);
  return { acknowledged: own.length, lost: own.filter(({ detail }) => missing.has(Number(detail))).length };
}

/** Of a lease that was made since the backup, everything must be told. */
function untold(late: LeaseResources | undefined, orphans: Differences['orphans']): readonly string[] {
  const told = new Set(orphans.map(({ id }) => id.replaceAll('-', '')));
  const resources = Object.entries(late ?? {}).filter(([, id]) => !told.has(id.replaceAll('-', '')));
  return resources.map(([kind, id]) => `${kind} ${id} was made since the backup, and nothing tells of it`);
}
