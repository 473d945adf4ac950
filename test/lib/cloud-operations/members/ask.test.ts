import { describe, expect, it } from 'vitest';
import { askMembership } from '../../../../lib/cloud-operations/members/ask.ts';
import { TandemError } from '../../../../lib/errors/tandem-error.ts';
import type { CloudHosts, CommandResult, HostCommand } from '../../../../lib/private-cloud/members/ports.ts';
import type { MemberPlaces } from '../../../../lib/private-cloud/members/questions.ts';

const PLACES: MemberPlaces = {
  database: ['a', 'b'],
  brokers: ['a', 'b'],
  raft: ['a'],
  balancers: ['a', 'b'],
  vips: ['10.0.0.250'],
  addresses: new Map([['a', '10.0.0.1']]),
  baseDistro: 'debian',
};

const ok = (stdout: string): CommandResult => ({ code: 0, stdout, stderr: '' });
const BROKER = JSON.stringify({ running_nodes: ['rabbit@a', 'rabbit@b'], disk_nodes: ['rabbit@a', 'rabbit@b'] });
const QUEUES = JSON.stringify([{ name: 'q', type: 'quorum', members: ['rabbit@a'], online: ['rabbit@a'], leader: '' }]);
const RAFT = 'Status: cluster member\nRole: leader\nServers:\n    8a5b (8a5b at tcp:10.0.0.1:6643) (self)\n';
const GALERA = 'wsrep_cluster_size\t2\nwsrep_cluster_state_uuid\tu\nwsrep_cluster_status\tPrimary\n';

function healthy({ host, argv }: HostCommand): CommandResult {
  if (argv[0] === 'mariadb') return ok(`${GALERA}wsrep_local_state_comment\tSynced\n`);
  if (argv.includes('cluster_status')) return ok(BROKER);
  if (argv.includes('list_queues')) return ok(QUEUES);
  if (argv[0] === 'ip') return ok(JSON.stringify([{ addr_info: host === 'a' ? [{ local: '10.0.0.250' }] : [] }]));
  return ok(RAFT);
}

const hostsThat = (answer: (command: HostCommand) => CommandResult): CloudHosts => ({
  run: async (command) => answer(command),
});

const ask = (answer: (command: HostCommand) => CommandResult) =>
  askMembership(hostsThat(answer), PLACES, new AbortController().signal);

describe('asking who belongs to what', () => {
  it('puts together what every member says', async () => {
    const membership = await ask(healthy);
    expect(membership.unanswered).toStrictEqual([]);
    expect(membership.database.map(({ host, size, synced }) => [host, size, synced])).toStrictEqual([
      ['a', 2, true],
      ['b', 2, true],
    ]);
    expect(membership.brokers.map(({ running }) => running)).toStrictEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
    expect(membership.queues.map(({ name }) => name)).toStrictEqual(['q']);
    expect(membership.raft.map(({ database, servers }) => [database, servers[0]?.host])).toStrictEqual([
      ['OVN_Northbound', 'a'],
      ['OVN_Southbound', 'a'],
    ]);
    expect(membership.vips).toStrictEqual([{ address: '10.0.0.250', hosts: ['a'] }]);
  });

  it('names a host that does not answer, and asks the next one about queues', async () => {
    const membership = await ask((command) => {
      if (command.host === 'a') throw new TandemError({ code: 'host-unreachable', message: 'a', next: '' });
      return healthy(command);
    });
    expect(membership.database.map(({ host }) => host)).toStrictEqual(['b']);
    expect(membership.queues.map(({ name }) => name)).toStrictEqual(['q']);
    expect(membership.unanswered).toContainEqual({ host: 'a', what: 'broker', why: 'does not answer' });
    expect(membership.vips).toStrictEqual([{ address: '10.0.0.250', hosts: [] }]);
  });

  it('never repeats what a host said where it is no answer', async () => {
    const membership = await ask((command) =>
      command.argv[0] === 'mariadb' ? { code: 1, stdout: '', stderr: 'password hunter2' } : healthy(command),
    );
    expect(membership.unanswered).toStrictEqual([
      { host: 'a', what: 'database', why: 'mariadb ended with exit code 1' },
      { host: 'b', what: 'database', why: 'mariadb ended with exit code 1' },
    ]);
    expect(JSON.stringify(membership)).not.toContain('hunter2');
  });

  it('passes on what is no answer of a host', async () => {
    await expect(
      ask(() => {
        throw new Error('ansible is gone');
      }),
    ).rejects.toThrow('ansible is gone');
  });
});
