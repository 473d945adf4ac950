import { describe, expect, it } from 'vitest';
import { lookAtDarkCloud } from '../../../../lib/cloud-operations/recovery/look.ts';
import { type RecoveryPorts, runRecoveryStep } from '../../../../lib/cloud-operations/recovery/recover.ts';
import { hostUnreachable } from '../../../../lib/engines/kolla/errors.ts';
import type { CommandResult, HostCommand, KollaPlay } from '../../../../lib/private-cloud/members/ports.ts';
import type { MemberPlaces } from '../../../../lib/private-cloud/members/questions.ts';
import { planRecovery } from '../../../../lib/private-cloud/recovery/plan.ts';

const UUID = '91d0fc3b-eb75-11f1-8b2c-7f2e5b43f464';
const [a, b, c] = ['control-a-1', 'control-b-1', 'control-c-1'] as const;
const places: MemberPlaces = {
  ...{ database: [a, b, c], brokers: [], raft: [], balancers: [], vips: [], baseDistro: 'debian' },
  addresses: new Map(),
};
const { signal } = new AbortController();
const answer = (stdout: string, code = 0): CommandResult => ({ code, stdout, stderr: '' });
const ALIVE = [
  'wsrep_cluster_size\t3',
  `wsrep_cluster_state_uuid\t${UUID}`,
  'wsrep_cluster_status\tPrimary',
  'wsrep_local_state_comment\tSynced\n',
].join('\n');

/** Databases that crashed at a position, and run once a host founded the cluster anew. */
class DarkHosts {
  readonly plays: KollaPlay[] = [];
  readonly #positions: Readonly<Record<string, number>>;
  readonly #off: readonly string[];
  readonly #code: number;
  #founded = false;

  constructor(positions: Readonly<Record<string, number>>, options: { off?: readonly string[]; code?: number } = {}) {
    this.#positions = positions;
    this.#off = options.off ?? [];
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
    ...{ inventory: [], asked: places },
  });

  #answer({ host, container, argv }: HostCommand): CommandResult {
    if (this.#off.includes(host)) throw hostUnreachable(host);
    if (container !== undefined) return this.#founded ? answer(ALIVE) : answer('', 1);
    if (argv[0] === 'cat') return answer(`uuid: ${UUID}\nseqno: -1\n`);
    return answer(`WSREP: Recovered position ${UUID}:${this.#positions[host] ?? -1}\n`);
  }
}

const look = async (dark: DarkHosts) => await lookAtDarkCloud('paris', dark.ports().hosts, places, 'docker', signal);

describe('a look at a dark cloud', () => {
  it('gives each position, and who does not answer', async () => {
    const dark = new DarkHosts({ [a]: 5, [b]: 7 }, { off: [c] });
    const { positions, missing } = await look(dark);
    expect(Object.fromEntries(positions.map(({ host, seqno }) => [host, seqno]))).toEqual({ [a]: 5, [b]: 7 });
    expect(missing).toEqual([c]);
    expect(dark.plays).toEqual([]);
  });

  it('refuses where the database runs', async () => {
    const dark = new DarkHosts({});
    await dark.ports().plays.run({ key: '', verb: '', tags: [], limit: [] }, [], signal);
    await expect(look(dark)).rejects.toThrow(expect.objectContaining({ code: 'recovery-not-needed' }));
  });
});

describe('a step of a recovery', () => {
  const [step] = planRecovery({ host: b, seqno: 7, why: '' }, places);
  if (step === undefined) throw new Error('no step');

  it('is done once the members themselves say so', async () => {
    const dark = new DarkHosts({});
    await runRecoveryStep(dark.ports(), 'paris', step, places, signal);
    expect(dark.plays.map(({ verb }) => verb)).toEqual(['mariadb-recovery']);
  });

  it('fails where its play does, and says how to go on', async () => {
    const dark = new DarkHosts({}, { code: 2 });
    await expect(runRecoveryStep(dark.ports(), 'paris', step, places, signal)).rejects.toThrow(
      expect.objectContaining({
        code: 'recovery-step-failed',
        message: 'paris: step "01 found the database anew on control-b-1" failed: kolla-ansible ended with exit code 2',
      }),
    );
  });
});
