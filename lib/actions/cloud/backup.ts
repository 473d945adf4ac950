import { mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { execPath } from 'node:process';
import { noBackupConfigured } from '../../cloud-operations/backup/errors.ts';
import { BackupStore } from '../../cloud-operations/backup/store.ts';
import { type BackedUpCloud, takeBackup } from '../../cloud-operations/backup/take.ts';
import type { Project } from '../../config/project.ts';
import type { BackupKind, BackupManifest } from '../../private-cloud/backup/manifest.ts';
import { type Freshness, freshness } from '../../private-cloud/backup/retention.ts';
import { timerUnits } from '../../private-cloud/backup/timer.ts';
import { membersOf } from '../../private-cloud/kolla/inventory.ts';
import { chooseKollaCloud, type KollaCloud } from '../../private-cloud/kolla/kolla-cloud.ts';
import { CODE_ROOT } from '../../synthesis/code.ts';
import { withClouds } from '../clouds.ts';
import { requireProject } from '../configuration.ts';
import type { ActionContext } from '../context.ts';
import { kollaAccess } from './kolla-access.ts';

export interface BackupCloudOptions {
  /** @default the organisation's `defaultCloud` */
  readonly cloud?: string | undefined;
  /** Takes one. @default false */
  readonly now?: boolean;
  /** One of what changed since the last full backup. @default false */
  readonly incremental?: boolean;
  /** Reads every byte of every backup. @default false */
  readonly check?: boolean;
  /** Folder that takes the units of systemd. @default - none are written */
  readonly timer?: string | undefined;
  readonly lockTimeoutSeconds?: number;
}

export interface ListedBackup extends Omit<BackupManifest, 'format'> {
  /** What is not as it was written; null where nobody looked. */
  readonly problems: readonly string[] | null;
}

export interface BackupCloudResult {
  readonly cloud: string;
  readonly destination: string;
  readonly state: Freshness;
  readonly maximumAgeHours: number;
  /** The one that was taken now. */
  readonly taken: string | null;
  /** Oldest first. */
  readonly backups: readonly ListedBackup[];
  /** Files of units that were written. */
  readonly units: readonly string[];
}

/** A cloud that says how it is backed up. @throws TandemError `no-such-cloud`, `not-kolla`, `no-backup-configured` */
export function backedUpCloud(project: Project, name: string | undefined): BackedUpCloud & KollaCloud {
  const cloud = chooseKollaCloud(project, name);
  const { kolla } = cloud.value;
  if (kolla.backup === undefined) throw noBackupConfigured(cloud.name, cloud.file);
  return { ...cloud, kolla, backup: kolla.backup };
}

/**
 * Lists the backups of a cloud; takes one, checks them or writes the units that take them.
 * @throws TandemError `no-backup-configured`, `backup-failed`, `no-full-backup`
 */
export async function backupCloud(context: ActionContext, options: BackupCloudOptions): Promise<BackupCloudResult> {
  const cloud = backedUpCloud(requireProject(context), options.cloud);
  const { destination, maximumAgeHours } = cloud.backup;
  const store = new BackupStore(destination);
  const taken = options.now === true ? await takeNow(context, cloud, store, options) : null;
  const all = store.list();
  const listed = await Promise.all(
    all.map(async ({ format: _, ...each }, index): Promise<ListedBackup> => {
      const manifest = all[index];
      return {
        ...each,
        problems: options.check === true && manifest !== undefined ? await store.check(manifest) : null,
      };
    }),
  );
  return {
    ...{ cloud: cloud.name, destination, maximumAgeHours, taken, backups: listed },
    state: freshness(all, maximumAgeHours, context.now()),
    units: options.timer === undefined ? [] : writeUnits(context, cloud, options.timer),
  };
}

async function takeNow(
  context: ActionContext,
  cloud: BackedUpCloud & KollaCloud,
  store: BackupStore,
  { incremental = false, lockTimeoutSeconds = 0 }: BackupCloudOptions,
): Promise<string> {
  const kind: BackupKind = incremental ? 'incremental' : 'full';
  return await withClouds(context, requireProject(context), async (ports) => {
    const { record, inventory, ...access } = await kollaAccess(context, ports, cloud, { readsCertificates: false });
    const [databaseHost = ''] = membersOf(inventory, 'mariadb');
    const [ovnHost = ''] = membersOf(inventory, 'ovn-nb-db');
    const source = { cloud, inventory, databaseHost, ovnHost, record };
    const { signal, io } = context;
    const options = { kind, signal, lockTimeoutSeconds, emit: io.emit.bind(io) };
    return (await takeBackup({ ...ports, ...access, store }, source, options)).id;
  });
}

function writeUnits({ root }: ActionContext, { name, backup }: BackedUpCloud, folder: string): string[] {
  const { fullAt, incrementalHours } = backup;
  const command = [execPath, join(CODE_ROOT, 'bin', 'tandem.mjs')];
  const units = timerUnits({ cloud: name, fullAt, incrementalHours, root, user: userInfo().username, command });
  mkdirSync(folder, { recursive: true });
  return units.map((unit) => {
    const file = join(resolve(folder), unit.name);
    writeFileSync(file, unit.content);
    return file;
  });
}
