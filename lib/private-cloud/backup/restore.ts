import type { HostCommand, KollaPlay } from '../members/ports.ts';
import type { BackupManifest } from './manifest.ts';

export type RestoreAction =
  /** The clear content of a backup's database, into a file of the host. */
  | { readonly kind: 'send'; readonly backup: string; readonly host: string; readonly path: string }
  | { readonly kind: 'command'; readonly command: HostCommand }
  | { readonly kind: 'play'; readonly play: KollaPlay }
  /** Every member answers, is synced and counts all of them, in one cluster. */
  | { readonly kind: 'verify'; readonly members: readonly string[] };

export interface RestoreStep {
  readonly key: string;
  /** What it is for, and what there still is to go back to. */
  readonly why: string;
  readonly unavailable: readonly string[];
  readonly actions: readonly RestoreAction[];
}

export interface RestoreProps {
  /** The backup, and the full one that an incremental one stands on, first. */
  readonly chain: readonly BackupManifest[];
  /** Of Galera, in the inventory's order. The first one takes the backup. */
  readonly members: readonly string[];
  readonly engine: 'docker' | 'podman';
  /** Image of the first member's container, which has the tools of the server's own version. */
  readonly image: string;
  /** Folder of the volume `mariadb_backup` on the first member. */
  readonly volume: string;
}

/** Hours that a database of any sensible size is unpacked or copied in. */
const LONG_SECONDS = 4 * 3600;

/** What is written here is done again from its beginning where it was interrupted. */
const PREPARE = [
  'set -euo pipefail',
  'cd /backup/restore',
  'rm -rf full incremental',
  'mkdir full',
  'gunzip --stdout full.mbs.gz | mbstream --extract --directory=full',
  'mariabackup --prepare --target-dir=full',
  'if [ -e incremental.mbs.gz ]; then',
  'mkdir incremental',
  'gunzip --stdout incremental.mbs.gz | mbstream --extract --directory=incremental',
  'mariabackup --prepare --target-dir=full --incremental-dir=incremental',
  'fi',
].join('\n');

const COPY_BACK = [
  'set -euo pipefail',
  'test -d /backup/restore/full/mysql',
  'find /var/lib/mysql -mindepth 1 -delete',
  'mariabackup --copy-back --target-dir=/backup/restore/full',
  'chown --recursive mysql:mysql /var/lib/mysql',
].join('\n');

/**
 * The steps of Kolla's guide for restoring, in an order that keeps a way back: what takes long is done while the old database still runs,
 * and the members that are not restored keep their data until they take the new one over. Pure.
 */
export function planRestore({ chain, members, engine, image, volume }: RestoreProps): RestoreStep[] {
  const [first = ''] = members;
  const others = members.slice(1);
  const folder = `${volume}/restore`;
  const on = (argv: readonly string[], timeoutSeconds = 60): RestoreAction => ({
    kind: 'command',
    command: { host: first, argv, timeoutSeconds },
  });
  const run = ['run', '--rm', '--network', 'none', '--user', 'root', '--volumes-from', 'mariadb'];
  const inImage = (script: string): RestoreAction =>
    on([engine, ...run, '--volume', 'mariadb_backup:/backup', image, 'bash', '-c', script], LONG_SECONDS);
  const rest = others.length === 0 ? 'the old data is still there' : `the old data is still on ${others.join(', ')}`;
  const nothing = ['every API of the cloud: its services have no database'];
  return [
    {
      key: '1 send',
      why: `puts the backup on ${first}; the database goes on as it is`,
      unavailable: [],
      actions: [
        on(['rm', '--recursive', '--force', '--', folder], 600),
        on(['mkdir', '--parents', '--', folder]),
        ...chain.map(
          ({ id, kind }): RestoreAction => ({
            kind: 'send',
            backup: id,
            host: first,
            path: `${folder}/${kind}.mbs.gz`,
          }),
        ),
      ],
    },
    {
      key: '2 prepare',
      why: 'unpacks it and makes it consistent; the database goes on as it is',
      unavailable: [],
      actions: [inImage(PREPARE)],
    },
    {
      key: '3 stop',
      why: `stops the database on all members; ${rest}: \`kolla-ansible mariadb-recovery\` starts it again`,
      unavailable: nothing,
      actions: [
        { kind: 'play', play: play('stop', ['mariadb'], ['--yes-i-really-really-mean-it', '--ignore-missing']) },
      ],
    },
    {
      key: '4 copy back',
      why: `replaces the data of ${first} by the backup; ${others.length === 0 ? 'from here on there is only the backup' : rest}`,
      unavailable: nothing,
      actions: [inImage(COPY_BACK)],
    },
    {
      key: '5 recover',
      why: `founds a new cluster on ${first}${others.length === 0 ? '' : `; ${others.join(', ')} copy it whole, since it has another identity`}`,
      unavailable: nothing,
      actions: [
        { kind: 'play', play: play('mariadb-recovery', [], ['-e', `mariadb_recover_inventory_name=${first}`]) },
      ],
    },
    {
      key: '6 verify',
      why: 'asks every member whom it counts',
      unavailable: [],
      actions: [{ kind: 'verify', members }, on(['rm', '--recursive', '--force', '--', folder], 600)],
    },
  ];
}

function play(verb: string, tags: readonly string[], extra: readonly string[]): KollaPlay {
  return { key: `restore-${verb}`, verb, tags, limit: [], extra };
}

/** What the cloud says of itself before it is restored. */
export interface RestoreFacts {
  readonly cloud: string;
  readonly endpoint: string;
  readonly release: string;
  /** Of the first member's image. */
  readonly version: string;
}

/** Why a backup must not go into this cloud; undefined where it may. Pure. */
export function unfit(chain: readonly BackupManifest[], facts: RestoreFacts): string | undefined {
  for (const each of chain) {
    if (each.cloud !== facts.cloud || each.endpoint !== facts.endpoint)
      return `it is of cloud ${each.cloud} at ${each.endpoint}, and this is ${facts.cloud} at ${facts.endpoint}`;
    if (each.release !== facts.release)
      return `it is of OpenStack ${each.release}, and the services of this cloud are ${facts.release}: they do not know its tables`;
    if (series(each.database.version) !== series(facts.version))
      return `it was taken by MariaDB ${each.database.version}, and ${facts.version} cannot prepare it`;
  }
  return undefined;
}

/** `10.11` of `10.11.6`: within it, mariabackup reads what it wrote. */
function series(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}
