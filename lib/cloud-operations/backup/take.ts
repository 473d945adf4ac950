import type { Entity } from '../../config/project.ts';
import type { Cloud } from '../../config/schema/cloud.ts';
import { runOperation } from '../../deploy/operation.ts';
import type { DeployOptions, OperationPorts, RunningOperation } from '../../deploy/ports.ts';
import type { TandemError } from '../../errors/tandem-error.ts';
import * as commands from '../../private-cloud/backup/commands.ts';
import {
  type BackupFile,
  type BackupKind,
  type BackupManifest,
  backupId,
} from '../../private-cloud/backup/manifest.ts';
import { backupMetrics, METRICS_FILE } from '../../private-cloud/backup/metrics.ts';
import type { HostFiles } from '../../private-cloud/backup/ports.ts';
import { toPrune } from '../../private-cloud/backup/retention.ts';
import { type InventoryGroup, membersOf } from '../../private-cloud/kolla/inventory.ts';
import type { KollaSettings } from '../../private-cloud/kolla/kolla-cloud.ts';
import { RELEASE } from '../../private-cloud/kolla/release.ts';
import { volumesFolder } from '../../private-cloud/kolla/volumes.ts';
import type { CloudHosts, CommandResult, HostCommand, KollaPlays } from '../../private-cloud/members/ports.ts';
import { askDatabase } from '../../private-cloud/members/questions.ts';
import { sealStream } from '../../secrets/age.ts';
import { StackId } from '../../stack/id.ts';
import type { UnfinishedOperation } from '../../state/journal.ts';
import type { StackRecord } from '../../state/record.ts';
import { runCommand, runPlay } from '../run.ts';
import { backupFailed, noFullBackup } from './errors.ts';
import type { BackupStore } from './store.ts';

/** A cloud whose configuration says how it is backed up. */
export interface BackedUpCloud extends Entity<Cloud> {
  readonly kolla: KollaSettings;
  readonly backup: NonNullable<KollaSettings['backup']>;
}

/** Who and what a backup is of. */
export interface BackupSource {
  readonly cloud: BackedUpCloud;
  /** As it stands. */
  readonly inventory: readonly InventoryGroup[];
  /** First of Kolla's group `mariadb`: where it writes backups. */
  readonly databaseHost: string;
  readonly ovnHost: string;
  readonly record: StackRecord | undefined;
}

export interface BackupPorts extends OperationPorts {
  readonly plays: KollaPlays;
  readonly hosts: CloudHosts;
  readonly files: HostFiles;
  readonly store: BackupStore;
}

export type BackupOptions = Pick<DeployOptions, 'signal' | 'emit' | 'lockTimeoutSeconds'> & {
  readonly kind: BackupKind;
};

const VERB = 'cloud backup';

/**
 * Takes one backup: Kolla's own of the database, both databases of OVN and the tree; encrypted on the way, checked, and a backup only once
 * all of it is on disk. Then what retention no longer keeps goes, here and on the database host. An interrupted one is gone on with.
 * @throws TandemError `backup-failed`, `no-full-backup`, `state-locked`
 */
export async function takeBackup(
  ports: BackupPorts,
  source: BackupSource,
  options: BackupOptions,
): Promise<BackupManifest> {
  const { name } = source.cloud;
  const { kind, signal } = options;
  const begun = ports.now();
  const own = { id: backupId(begun, kind), begunAt: begun.toISOString() };
  // Noted with the operation: one that is gone on with began no earlier.
  const { uuid, seqno } = await positionOf(ports, source, signal);
  const runner = {
    ...options,
    verb: VERB,
    arguments: { name, kind, ...own, uuid, seqno },
    resume: `tandem cloud backup ${name} --now`,
    resumes: (open: UnfinishedOperation) => open.verb === VERB && open.arguments['kind'] === kind,
  };
  return await runOperation(ports, [StackId.kolla(name)], runner, async (operation) => {
    const earlier = operation.resumed?.arguments ?? { ...own, uuid, seqno };
    const before = { uuid: String(earlier['uuid']), seqno: Number(earlier['seqno']) };
    const request = { id: String(earlier['id']), begunAt: String(earlier['begunAt']), kind, before, signal };
    return await new Backup(ports, source, request).run(operation);
  });
}

interface Request extends Pick<BackupManifest, 'id' | 'begunAt' | 'kind'> {
  readonly before: commands.Position;
  readonly signal: AbortSignal;
}

class Backup {
  readonly #ports: BackupPorts;
  readonly #source: BackupSource;
  readonly #request: Request;
  readonly #volume: string;

  constructor(ports: BackupPorts, source: BackupSource, request: Request) {
    this.#ports = ports;
    this.#source = source;
    this.#request = request;
    this.#volume = volumeOf(source.cloud);
  }

  async run(operation: RunningOperation): Promise<BackupManifest> {
    const { store } = this.#ports;
    const found = store.list().find(({ id }) => id === this.#request.id);
    const manifest = found ?? (await this.#take(operation));
    await operation.step('prune', () => this.#prune(manifest));
    const metrics = backupMetrics(this.#source.cloud.name, store.list());
    store.writeMetrics(METRICS_FILE, metrics);
    const { cloud, databaseHost: host, inventory } = this.#source;
    if (membersOf(inventory, 'prometheus').length > 0)
      for (const command of commands.tellExporter(host, volumesFolder(cloud.kolla), METRICS_FILE, metrics))
        await this.#tell('tell Prometheus its age', command);
    return manifest;
  }

  async #take(operation: RunningOperation): Promise<BackupManifest> {
    await operation.step('take', () => this.#play());
    const source = await this.#find();
    return await operation.step('keep', () => this.#keep(source));
  }

  async #play(): Promise<void> {
    const { id, kind, signal } = this.#request;
    const play = { key: `${id}-take`, verb: 'mariadb-backup', tags: [], limit: [], extra: [`--${kind}`] };
    const failed = (why: string, log: string) => this.#failed(`kolla-ansible mariadb-backup --${kind}`, why, log);
    await runPlay(this.#ports.plays, play, this.#source.inventory, signal, failed);
  }

  /** The file that Kolla's script wrote, read to its end. */
  async #find(): Promise<string> {
    const { databaseHost: host } = this.#source;
    const taken = new Set(this.#ports.store.list().map(({ database }) => database.source));
    const { stdout } = await this.#tell('look for the backup', commands.listVolume(host, this.#volume));
    const file = commands.newestOf(commands.readVolume(stdout), this.#request.kind, taken);
    if (file === undefined)
      throw this.#failed('look for the backup', `${host} has no new ${this.#request.kind} backup in ${this.#volume}`);
    await this.#tell('read it to its end', commands.testFile(host, this.#volume, file.path));
    return file.path;
  }

  async #keep(source: string): Promise<BackupManifest> {
    const { cloud, databaseHost: host, ovnHost, record } = this.#source;
    const { store, files, now } = this.#ports;
    const { signal, before, ...own } = this.#request;
    const base = own.kind === 'full' ? null : await this.#base();
    const after = await positionOf(this.#ports, this.#source, signal);
    const version = await this.#tell('ask its version', commands.askVersion(host));
    store.begin(own.id);
    const add = async (holds: BackupFile['holds'], clear: ReadableStream<Uint8Array>): Promise<BackupFile> =>
      await store.add(own.id, holds, await sealStream(cloud.backup.recipients, clear));
    const dump = async (database: 'nb' | 'sb'): Promise<ReadableStream<Uint8Array>> =>
      streamOf((await this.#tell('copy OVN’s database', commands.dumpOvn(ovnHost, database))).stdout);
    const kept = [await add('database', await files.read(host, `${this.#volume}/${source}`, signal))];
    kept.push(await add('ovn-northbound', await dump('nb')), await add('ovn-southbound', await dump('sb')));
    if (record !== undefined) kept.push(await add('configuration', streamOf(JSON.stringify(record))));
    const manifest: BackupManifest = {
      ...{ format: 'tandem.backup/1', ...own, base, cloud: cloud.name, endpoint: endpointOf(cloud) },
      ...{ endedAt: now().toISOString(), release: RELEASE.release, files: kept },
      database: {
        ...{ host, source, uuid: before.uuid, seqno: before.seqno, seqnoAfter: after.seqno },
        version: commands.readVersion(version.stdout + version.stderr) ?? '',
      },
      tree: record === undefined ? null : { digest: record.digest, commit: record.commit },
    };
    store.finish(manifest);
    return manifest;
  }

  /** The full backup that the host's script made this one of. */
  async #base(): Promise<string> {
    const said = await this.#tell(
      'ask for its full backup',
      commands.lastFull(this.#source.databaseHost, this.#volume),
    );
    const full = this.#ports.store.list().find(({ database }) => said.stdout.trim().endsWith(`/${database.source}`));
    if (full === undefined) throw noFullBackup(this.#source.cloud.name);
    return full.id;
  }

  async #prune(newest: BackupManifest): Promise<void> {
    const { store, now } = this.#ports;
    const { cloud, databaseHost: host } = this.#source;
    const all = store.list();
    for (const { id } of toPrune(all, cloud.backup.keep, now())) if (id !== newest.id) store.remove(id);
    // On the host only the full one stays that incremental ones are made of.
    const needed = newest.base ?? newest.id;
    const sources = new Set(all.filter(({ id }) => id !== needed).map(({ database }) => database.source));
    const { stdout } = await this.#tell('look for older backups', commands.listVolume(host, this.#volume));
    for (const { path } of commands.readVolume(stdout))
      if (sources.has(path))
        await this.#tell('remove it from the host', commands.dropFromVolume(host, this.#volume, path));
  }

  async #tell(step: string, command: HostCommand): Promise<CommandResult> {
    return await runCommand(this.#ports.hosts, command, this.#request.signal, (why) => this.#failed(step, why));
  }

  #failed(step: string, why: string, log?: string): TandemError {
    return backupFailed(this.#source.cloud.name, step, why, log);
  }
}

async function positionOf(
  { hosts }: Pick<BackupPorts, 'hosts'>,
  { cloud, databaseHost: host }: BackupSource,
  signal: AbortSignal,
): Promise<commands.Position> {
  const step = 'ask the database how far it is';
  const failed = (why: string) => backupFailed(cloud.name, step, why);
  const { stdout } = await runCommand(hosts, askDatabase(host, cloud.kolla), signal, failed);
  const position = commands.readPosition(stdout);
  if (position === undefined) throw failed(`${host} is in no cluster`);
  return position;
}

export function volumeOf({ kolla }: BackedUpCloud): string {
  return commands.backupVolume(volumesFolder(kolla));
}

/** What tells clouds of one name apart: the name of the internal API, else Keystone's URL. */
export function endpointOf({ value }: Entity<Cloud>): string {
  return value.vips?.internal.fqdn ?? value.endpoint.authUrl;
}

function streamOf(text: string): ReadableStream<Uint8Array> {
  return new Blob([text]).stream();
}
