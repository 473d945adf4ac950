import type { CommandResult, HostCommand } from '../../../../lib/private-cloud/members/ports.ts';
import type { ExpectedCloud } from '../../../../lib/private-cloud/status/expected.ts';

const WSREP = [
  ...['wsrep_cluster_size\t3', 'wsrep_cluster_state_uuid\tu', 'wsrep_cluster_status\tPrimary'],
  'wsrep_local_state_comment\tSynced',
];
const ok = (stdout: string): CommandResult => ({ code: 0, stdout, stderr: '' });

/** What a member of a sound cloud says. @param holder host with the VIPs; undefined where none has them */
export function sayMembers(
  { places }: ExpectedCloud,
  { argv, host }: HostCommand,
  holder: string | undefined,
): CommandResult {
  const line = argv.join(' ');
  const nodes = places.brokers.map((each) => `rabbit@${each}`);
  if (line.includes('wsrep')) return ok(`${WSREP.join('\n')}\n`);
  if (line.includes('cluster_status'))
    return ok(JSON.stringify({ running_nodes: nodes, disk_nodes: nodes, partitions: {} }));
  if (line.includes('list_queues'))
    return ok(JSON.stringify([{ name: 'q', type: 'quorum', members: nodes, online: nodes, leader: nodes[0] }]));
  if (line.includes('cluster/status')) {
    const port = argv.at(-1) === 'OVN_Northbound' ? 6643 : 6644;
    const servers = places.raft.map(
      (each, at) => `    a${at}b2 (a${at}b2 at tcp:${places.addresses.get(each) ?? ''}:${port})`,
    );
    const role = host === places.raft[0] ? 'leader' : 'follower';
    return ok(`Status: cluster member\nRole: ${role}\nServers:\n${servers.join('\n')}\n`);
  }
  if (argv[0] !== 'ip') return { code: 1, stdout: '', stderr: '' };
  return ok(JSON.stringify([{ addr_info: host === holder ? places.vips.map((local) => ({ local })) : [] }]));
}
