import { describe, expect, it } from 'vitest';
import {
  readAddresses,
  readBroker,
  readDatabase,
  readQueues,
  readRaft,
} from '../../../../lib/private-cloud/members/answers.ts';

const GALERA = [
  'wsrep_local_state_comment\tSynced',
  'wsrep_cluster_size\t3',
  'wsrep_cluster_state_uuid\t0fa2d0b8-7a5c-11ee-9d2b-5b1f1b1f1b1f',
  'wsrep_cluster_status\tPrimary',
  'wsrep_incoming_addresses\t10.10.0.21:3306,10.10.0.22:3306,10.10.0.23:3306',
].join('\n');

/** As OVN 22.03 to 25.03 print it. */
const RAFT = `8a5b
Name: OVN_Northbound
Cluster ID: 1f6c (1f6c2f0a-4f7b-4b0e-9c5d-5a6a0d6f5b5f)
Server ID: 8a5b (8a5bf1e2-0fd6-4d3a-8b36-0c3f0bb6a1a1)
Address: tcp:10.10.0.41:6643
Status: cluster member
Role: leader
Term: 4
Leader: self
Vote: self

Last Election started 97110 ms ago, reason: timeout
Last Election won: 97108 ms ago
Election timer: 10000
Log: [2, 12]
Entries not yet committed: 0
Entries not yet applied: 0
Connections: ->0000 <-d1c2 ->d1c2
Disconnections: 0
Servers:
    8a5b (8a5b at tcp:10.10.0.41:6643) (self) next_index=8 match_index=11
    d1c2 (d1c2 at tcp:10.10.0.42:6643) next_index=12 match_index=11 last msg 1021 ms ago
    77aa (77aa at tcp:[fd00::43]:6643) next_index=12 match_index=11
`;

describe('what a member of Galera says', () => {
  it('is its size, its cluster and whether it takes part', () => {
    expect(readDatabase('database-a-1', GALERA)).toStrictEqual({
      host: 'database-a-1',
      size: 3,
      synced: true,
      uuid: '0fa2d0b8-7a5c-11ee-9d2b-5b1f1b1f1b1f',
    });
  });

  it.each(['wsrep_cluster_status\tnon-Primary', 'wsrep_local_state_comment\tDonor/Desynced'])(
    'is no part of the cluster with %j',
    (line) => {
      const name = line.split('\t')[0] ?? '';
      const said = GALERA.replace(new RegExp(`^${name}\t.*$`, 'm'), line);
      expect(readDatabase('database-a-1', said)?.synced).toBe(false);
    },
  );

  it('is no answer where the database starts', () => {
    expect(readDatabase('database-a-1', '')).toBeUndefined();
  });
});

describe('what a broker says', () => {
  it('is whom it knows, whom it sees and whom it was parted from', () => {
    const said = JSON.stringify({
      alarms: [],
      disk_nodes: ['rabbit@queue-a-1', 'rabbit@queue-b-1', 'rabbit@queue-c-1'],
      partitions: { 'rabbit@queue-a-1': ['rabbit@queue-c-1'] },
      running_nodes: ['rabbit@queue-b-1', 'rabbit@queue-a-1'],
    });
    expect(readBroker('queue-a-1', `warning: the VM is running with latin1\n${said}`)).toStrictEqual({
      host: 'queue-a-1',
      running: ['queue-a-1', 'queue-b-1'],
      known: ['queue-a-1', 'queue-b-1', 'queue-c-1'],
      partitions: ['queue-c-1'],
    });
  });

  it('is no answer without its members', () => {
    expect(readBroker('queue-a-1', '{"error":"nodedown"}')).toBeUndefined();
    expect(readBroker('queue-a-1', '{"running_nodes":')).toBeUndefined();
  });

  it('tells of queues and streams with copies, not of classic queues', () => {
    const nodes = ['rabbit@queue-b-1', 'rabbit@queue-a-1'];
    const said = JSON.stringify([
      { name: 'compute', type: 'quorum', members: nodes, online: nodes, leader: 'rabbit@queue-a-1' },
      { name: 'compute_fanout', type: 'rabbit_stream_queue', members: nodes, online: ['rabbit@queue-b-1'], leader: '' },
      { name: 'reply_1', type: 'classic' },
    ]);
    expect(readQueues(said)).toStrictEqual([
      {
        name: 'compute',
        type: 'quorum',
        members: ['queue-a-1', 'queue-b-1'],
        online: ['queue-a-1', 'queue-b-1'],
        leader: 'queue-a-1',
      },
      { name: 'compute_fanout', type: 'stream', members: ['queue-a-1', 'queue-b-1'], online: ['queue-b-1'] },
    ]);
  });

  it('is no answer about queues where it is none', () => {
    expect(readQueues('Error: {:badrpc, :timeout}')).toBeUndefined();
  });
});

describe('what a database of OVN says', () => {
  const addresses = new Map([
    ['ovn-a-1', '10.10.0.41'],
    ['ovn-c-1', 'fd00::43'],
  ]);

  it('is its role and whom it counts, by host where that is known', () => {
    expect(readRaft('ovn-a-1', 'OVN_Northbound', RAFT, addresses)).toStrictEqual({
      database: 'OVN_Northbound',
      host: 'ovn-a-1',
      role: 'leader',
      servers: [
        { id: '8a5b', address: 'tcp:10.10.0.41:6643', host: 'ovn-a-1' },
        { id: 'd1c2', address: 'tcp:10.10.0.42:6643', host: undefined },
        { id: '77aa', address: 'tcp:[fd00::43]:6643', host: 'ovn-c-1' },
      ],
    });
  });

  it('is its status where it belongs to no cluster', () => {
    const said = RAFT.replace('Status: cluster member', 'Status: joining cluster');
    expect(readRaft('ovn-a-1', 'OVN_Northbound', said, addresses)?.role).toBe('joining cluster');
  });

  it('is no answer where the process is not there', () => {
    expect(readRaft('ovn-a-1', 'OVN_Northbound', 'ovs-appctl: cannot connect', addresses)).toBeUndefined();
  });
});

describe('the addresses of a host', () => {
  it('are those of every interface', () => {
    const said = [
      {},
      { ifname: 'lo', addr_info: [{ local: '127.0.0.1' }] },
      { ifname: 'bond0', addr_info: [{ local: '10.10.3.250' }, { local: 'fd00::1' }] },
    ];
    expect(readAddresses(JSON.stringify(said))).toStrictEqual(['127.0.0.1', '10.10.3.250', 'fd00::1']);
    expect(readAddresses('Command "show" is unknown')).toBeUndefined();
  });
});
