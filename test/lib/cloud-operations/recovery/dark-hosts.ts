import type { RecoveryPorts } from '../../../../lib/cloud-operations/recovery/recover.ts';
import { hostUnreachable } from '../../../../lib/engines/kolla/errors.ts';
import type { CommandResult, HostCommand, KollaPlay } from '../../../../lib/private-cloud/members/ports.ts';
import type { MemberPlaces } from '../../../../lib/private-cloud/members/questions.ts';

const UUID = '91d0fc3b-eb75-11f1-8b2c-7f2e5b43f464';
export const HOSTS = ['control-a-1', 'control-b-1', 'control-c-1'] as const;
export const PLACES: MemberPlaces = {
  ...{ database: HOSTS, brokers: [], raft: [], balancers: [], vips: [], baseDistro: 'debian' },
  addresses: new Map(),
};
const answer = (stdout: string, code = 0): CommandResult => ({ code, stdout, stderr: '' });
const ALIVE = [
  'wsrep_cluster_size\t3',
  `wsrep_cluster_state_uuid\t${UUID}`,
  'wsrep_cluster_status\tPrimary',
  'wsrep_local_state_comment\tSynced\n',
].join('\n');

/** Databases that crashed at a position, and run once a host founded the cluster anew. */
export class DarkHosts {
  readonly plays: KollaPlay[] = [];
  /** That were asked something. */
  readonly containers = new Set<string>();
  /** Files, as often as they were read. */
  readonly read: string[] = [];
  /** Programs that changed something on a host. */
  readonly told: string[] = [];
  readonly #positions: Readonly<Record<string, number>>;
  readonly #off: readonly string[];
  readonly #unmounted: readonly string[];
  readonly #code: number;
  #founded = false;

  constructor(
    positions: Readonly<Record<string, number>>,
    options: { off?: readonly string[]; unmounted?: readonly string[]; code?: number } = {},
  ) {
    this.#positions = positions;
    this.#off = options.off ?? [];
    this.#unmounted = options.unmounted ?? [];
    this.#code = options.code ?? 0;
  }

  readonly ports = (): RecoveryPorts => ({
    hosts: { run: async (command) => await Promise.resolve(command).then((each) => this.#answer(each)) },
    plays: {
      run: async (play) => {
        this.plays.push(play);
        this.#founded = this.#code === 0;
        return await Promise.resolve({ code: this.#code, faults: [], log: '/log' });
      },
    },
    ...{ inventory: [], asked: PLACES },
  });

  #answer({ host, container, argv }: HostCommand): CommandResult {
    if (this.#off.includes(host)) throw hostUnreachable(host);
    if (container !== undefined) this.containers.add(container);
    if (container !== undefined) return this.#founded ? answer(ALIVE) : answer('', 1);
    if (argv.includes('stop')) {
      this.told.push(argv[0] ?? '');
      return answer('', 1);
    }
    this.read.push((argv[0] === 'find' ? argv[1] : argv.at(-1)) ?? '');
    if (argv[0] === 'find' && this.#unmounted.includes(host))
      return { code: 1, stdout: '', stderr: `find: ‘${argv[1] ?? ''}’: No such file or directory\n` };
    if (argv[0] === 'find') return answer(`uuid: ${UUID}\nseqno: -1\n`);
    return answer(`WSREP: Recovered position ${UUID}:${this.#positions[host] ?? -1}\n`);
  }
}
