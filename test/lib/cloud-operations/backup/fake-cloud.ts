import { gunzipSync, gzipSync } from 'node:zlib';
import type { HostFiles } from '../../../../lib/private-cloud/backup/ports.ts';
import type {
  CloudHosts,
  CommandResult,
  HostCommand,
  KollaPlay,
  KollaPlays,
} from '../../../../lib/private-cloud/members/ports.ts';

const VOLUME = '/var/lib/docker/volumes/mariadb_backup/_data';
const ok = (stdout = ''): CommandResult => ({ code: 0, stdout, stderr: '' });

/**
 * A cloud's database as backups and restores meet it: `rows` on each member, files by host and path. `mariadb-backup` writes the rows into the volume of
 * the first member, as Kolla's script does; `mariadb-recovery` founds a cluster on the named member, and the others copy its rows.
 * `fails` breaks what it names once.
 */
export class FakeCloud implements KollaPlays, CloudHosts, HostFiles {
  readonly members: readonly string[];
  readonly rows = new Map<string, string>();
  readonly running: Set<string>;
  readonly files = new Map<string, Buffer>();
  readonly calls: string[] = [];
  readonly plays: KollaPlay[] = [];
  version = '10.11.6';
  seqno = 100;
  fails: string | undefined;
  #uuid = 'uuid-1';
  #taken = 0;

  constructor(members: readonly string[], rows: string) {
    this.members = members;
    this.running = new Set(members);
    for (const each of members) this.rows.set(each, rows);
  }

  get first(): string {
    return this.members[0] ?? '';
  }

  #breaks(call: string): boolean {
    this.calls.push(call);
    if (this.fails === undefined || !call.includes(this.fails)) return false;
    this.fails = undefined;
    return true;
  }

  run(
    play: KollaPlay,
    inventory: unknown,
    signal?: AbortSignal,
  ): Promise<{ code: number; faults: readonly { host: string; task: string }[]; log: string }>;
  run(command: HostCommand, signal: AbortSignal): Promise<CommandResult>;
  run(what: KollaPlay | HostCommand): Promise<never> {
    return Promise.resolve(('verb' in what ? this.#play(what) : this.#command(what)) as never);
  }

  #play(play: KollaPlay) {
    const { verb, extra = [] } = play;
    this.plays.push(play);
    if (this.#breaks(`play ${verb} ${extra.join(' ')}`))
      return { code: 2, faults: [{ host: this.first, task: `mariadb : ${verb}` }], log: '/log' };
    if (verb === 'mariadb-backup') this.#backup(extra.includes('--full'));
    if (verb === 'stop') this.running.clear();
    if (verb === 'mariadb-recovery') {
      const founder = extra.at(-1)?.split('=')[1] ?? '';
      this.#uuid = 'uuid-2';
      for (const each of this.members) {
        this.rows.set(each, this.rows.get(founder) ?? '');
        this.running.add(each);
      }
    }
    return { code: 0, faults: [], log: '/log' };
  }

  #backup(isFull: boolean): void {
    this.#taken += 1;
    const folder = isFull ? `full-${this.#taken}` : `incr-${this.#taken}`;
    const path = `${folder}/backup-${this.#taken}.mbs.gz`;
    this.files.set(`${this.first}:${VOLUME}/${path}`, gzipSync(this.rows.get(this.first) ?? ''));
    if (isFull) this.files.set(`${this.first}:${VOLUME}/last_full_file`, Buffer.from(`/backup//${path}\n`));
    this.seqno += 5;
  }

  #command({ host, argv }: HostCommand): CommandResult {
    const call = `${host}: ${argv.join(' ')}`;
    if (this.#breaks(call)) return { code: 1, stdout: 'a secret', stderr: '' };
    const [program = ''] = argv;
    const script = argv.at(-1) ?? '';
    if (program === 'mariadb') return this.#status(host);
    if (argv.includes('--version')) return ok(`based on MariaDB server ${this.version}-MariaDB Linux`);
    if (argv.includes('inspect')) return ok('registry/mariadb-server:2026.1\n');
    if (program === 'ovsdb-client') return ok('OVSDB CLUSTER');
    if (program === 'cat') return this.#text(host, argv[1] ?? '');
    if (program === 'find') return this.#list(host);
    if (program === 'rm') this.#remove(host, argv.at(-1) ?? '');
    if (script.includes('--copy-back'))
      this.rows.set(host, this.#text(host, `${VOLUME}/restore/full.mbs.gz.clear`).stdout);
    return ok();
  }

  #status(host: string): CommandResult {
    if (!this.running.has(host)) return { code: 1, stdout: '', stderr: '' };
    const size = this.running.size;
    const lines = [`wsrep_cluster_size\t${size}`, `wsrep_cluster_state_uuid\t${this.#uuid}`];
    lines.push(
      'wsrep_cluster_status\tPrimary',
      'wsrep_local_state_comment\tSynced',
      `wsrep_last_committed\t${this.seqno}`,
    );
    return ok(lines.join('\n'));
  }

  #text(host: string, path: string): CommandResult {
    const content = this.files.get(`${host}:${path}`);
    return content === undefined ? { code: 1, stdout: '', stderr: '' } : ok(content.toString());
  }

  #list(host: string): CommandResult {
    const found = [...this.files].flatMap(([path, content], at) =>
      path.startsWith(`${host}:${VOLUME}/`) && path.endsWith('.mbs.gz') && !path.includes('/restore/')
        ? [`${at}\t${content.length}\t${path.slice(`${host}:${VOLUME}/`.length)}`]
        : [],
    );
    return ok(found.join('\n'));
  }

  #remove(host: string, folder: string): void {
    for (const path of this.files.keys()) if (path.startsWith(`${host}:${folder}/`)) this.files.delete(path);
  }

  read(host: string, path: string): Promise<ReadableStream<Uint8Array>> {
    return Promise.resolve(new Blob([new Uint8Array(this.files.get(`${host}:${path}`) ?? [])]).stream());
  }

  async write(host: string, path: string, content: ReadableStream<Uint8Array>): Promise<void> {
    const sent = Buffer.from(await new Response(content).arrayBuffer());
    this.files.set(`${host}:${path}`, sent);
    // What the tools of the image would unpack.
    this.files.set(`${host}:${path}.clear`, gunzipSync(sent));
  }
}
