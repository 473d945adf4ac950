import { readWsrep } from '../members/answers.ts';
import type { HostCommand } from '../members/ports.ts';

/** What the plans of backups ask and tell hosts, as Kolla 2026.1 names containers, volumes and sockets. */

/** Where the volume is on a host that mariabackup writes to. @param volumes folder of all volumes */
export function backupVolume(volumes: string): string {
  return `${volumes}/mariadb_backup/_data`;
}

/**
 * Gives a file of metrics to the node exporter of a host, in one go: its container has this folder of the volume `kolla_logs` on every host,
 * readable (`kolla_extend_start` of the image `prometheus-base`).
 */
export function tellExporter(host: string, volumes: string, name: string, content: string): readonly HostCommand[] {
  const file = `${volumes}/kolla_logs/_data/prometheus/${name}`;
  return [
    { host, argv: ['install', '-D', '--mode=644', '/dev/stdin', `${file}.new`], input: content },
    { host, argv: ['mv', '--force', `${file}.new`, file] },
  ];
}

/** Every file of the volume: age, size, name. */
export function listVolume(host: string, volume: string): HostCommand {
  const argv = ['find', volume, '-mindepth', '2', '-maxdepth', '2', '-name', '*.gz'];
  return { host, argv: [...argv, '-type', 'f', '-printf', String.raw`%T@\t%s\t%P\n`] };
}

export interface VolumeFile {
  /** Seconds since 1970, of the host's clock. */
  readonly at: number;
  readonly bytes: number;
  /** `full-28-11-2026-1795831800/backup-full-28-11-2026-1795831800.mbs.gz` */
  readonly path: string;
}

export function readVolume(stdout: string): VolumeFile[] {
  const rows = stdout.split('\n').map((line) => line.split('\t'));
  return rows.flatMap(([at, bytes, path]) =>
    path === undefined || !isPlain(path) ? [] : [{ at: Number(at), bytes: Number(bytes), path }],
  );
}

/** Only letters, digits and what Kolla's script puts between them: these names go back to hosts as arguments. */
function isPlain(path: string): boolean {
  return /^[\w-][\w.-]*\/[\w-][\w.-]*$/.test(path);
}

/** The newest file of a kind that no backup was made of yet. Kolla's script begins the names of incremental ones with `incr`. */
export function newestOf(
  files: readonly VolumeFile[],
  kind: 'full' | 'incremental',
  taken: ReadonlySet<string>,
): VolumeFile | undefined {
  const fresh = files.filter(({ path }) => !taken.has(path) && path.startsWith('incr') === (kind === 'incremental'));
  return fresh.sort((a, b) => b.at - a.at)[0];
}

/** The path, in the container, of the full backup that the next incremental one stands on; Kolla's script keeps it there. */
export function lastFull(host: string, volume: string): HostCommand {
  return { host, argv: ['cat', `${volume}/last_full_file`] };
}

/** Reads a compressed file to its end: a cut one is told before it is taken for a backup. */
export function testFile(host: string, volume: string, path: string): HostCommand {
  return { host, argv: ['gzip', '--test', `${volume}/${path}`], timeoutSeconds: 3600 };
}

/** Removes the folder of a file from the volume, which Kolla never empties. */
export function dropFromVolume(host: string, volume: string, path: string): HostCommand {
  const [folder = ''] = path.split('/');
  return { host, argv: ['rm', '--recursive', '--force', '--', `${volume}/${folder}`], timeoutSeconds: 600 };
}

/** A whole database of OVN as text, from any member: a follower's copy is at most moments old. */
export function dumpOvn(host: string, database: 'nb' | 'sb'): HostCommand {
  const name = database === 'nb' ? 'OVN_Northbound' : 'OVN_Southbound';
  const argv = ['ovsdb-client', '--no-leader-only', 'backup', `unix:/run/ovn/ovn${database}_db.sock`, name];
  return { host, container: `ovn_${database}_db`, argv, timeoutSeconds: 300 };
}

export function askVersion(host: string): HostCommand {
  return { host, container: 'mariadb', argv: ['mariabackup', '--version'] };
}

/** `10.11.6` of "mariadb-backup based on MariaDB server 10.11.6-MariaDB Linux (x86_64)", which it says on standard error. */
export function readVersion(said: string): string | undefined {
  return /\b(\d+\.\d+\.\d+)-MariaDB\b/.exec(said)?.[1];
}

/** How far the cluster had come. */
export interface Position {
  readonly uuid: string;
  readonly seqno: number;
}

/** Of `SHOW GLOBAL STATUS LIKE 'wsrep_%'`, name and value a line. */
export function readPosition(stdout: string): Position | undefined {
  const status = readWsrep(stdout);
  const uuid = status.get('wsrep_cluster_state_uuid');
  const seqno = Number(status.get('wsrep_last_committed') ?? Number.NaN);
  return uuid === undefined || !Number.isInteger(seqno) ? undefined : { uuid, seqno };
}
