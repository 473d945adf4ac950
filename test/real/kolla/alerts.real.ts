/** The real promtool takes the alert rules of every layout, and they fire on what exporters would say, and on nothing else. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cloud } from '../../../lib/config/schema/cloud.ts';
import { monitoringFiles } from '../../../lib/private-cloud/kolla/monitoring.ts';
import { topologyOf } from '../../../lib/private-cloud/topology/topology.ts';
import { backedUp, paris } from '../../lib/private-cloud/failure/clouds.ts';
import { cloudOf, LAYOUTS } from '../../lib/private-cloud/kolla/layouts.ts';
import { promtool } from './promtool.ts';

let program: string;
let folder: string;
beforeAll(() => {
  program = promtool();
  folder = mkdtempSync(join(tmpdir(), 'tandem-alerts-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The layouts that tests have may lack a host for Prometheus: the first control host carries it then. */
function monitored(cloud: Cloud): Cloud {
  if (Object.values(cloud.hosts).some(({ roles }) => roles.includes('monitoring'))) return cloud;
  const [[name, host] = ['', undefined]] = Object.entries(cloud.hosts);
  if (host === undefined) throw new Error('a cloud has hosts');
  return { ...cloud, hosts: { ...cloud.hosts, [name]: { ...host, roles: [...host.roles, 'monitoring'] } } };
}

function rulesOf(cloud: Cloud): string {
  const rules = monitoringFiles('cloud', cloud, topologyOf('cloud', cloud)).find(({ path }) => path.endsWith('.rules'));
  if (rules === undefined) throw new Error('no host runs Prometheus');
  const file = join(folder, 'tandem.rules');
  writeFileSync(file, rules.content);
  return file;
}

describe.each([
  ...LAYOUTS.map((layout) => [layout, monitored(cloudOf(layout))] as const),
  ['paris', paris] as const,
  ['paris with backups', backedUp(paris)] as const,
])('the rules of %s', (_, cloud) => {
  it('are rules', () => {
    const said = execFileSync(program, ['check', 'rules', rulesOf(cloud)], { encoding: 'utf8' });
    expect(said).toMatch(/SUCCESS: \d+ rules found/);
  });
});

/** Constant values of paris in good health. */
const HEALTHY: Readonly<Record<string, number>> = {
  ...series('mysql_global_status_wsrep_ready', 'database', 1),
  ...series('mysql_global_status_wsrep_cluster_size', 'database', 3),
  ...series('mysql_global_status_wsrep_cluster_status', 'database', 1),
  ...series('mysql_global_status_wsrep_local_state', 'database', 4),
  ...series('mysql_galera_status_info', 'database', 1, 'wsrep_cluster_state_uuid="one"'),
  ...series('rabbitmq_identity_info', 'queue', 1, 'job="rabbitmq",rabbitmq_cluster_permanent_id="one"'),
  ...series('rabbitmq_detailed_queue_info', 'queue', 1, 'vhost="/",queue="rpc",queue_type="rabbit_quorum_queue"'),
  ...series('rabbitmq_detailed_queue_info', 'queue', 1, 'vhost="/",queue="fanout",queue_type="rabbit_stream_queue"'),
  ...series('ovn_raft_cluster_server_status', 'ovn', 1, 'database="OVN_Southbound",status="cluster member"'),
  'ovn_raft_cluster_leader{database="OVN_Southbound",instance="ovn-a-1"}': 1,
  ...series('probe_success', 'ovn', 1, 'job="tandem_probes",service="ovn-nb-db"'),
  ...series('redis_up', 'control', 1),
  'redis_instance_info{role="master",instance="control-a-1"}': 1,
  ...series('up', 'balancer', 1, 'job="haproxy"'),
  ...Object.fromEntries(Array.from({ length: 37 }, (_, at) => [`up{job="node",instance="host-${at}"}`, 1])),
  'node_network_address_info{address="10.10.3.250",instance="balancer-a-1"}': 1,
  'node_network_address_info{address="10.10.7.250",instance="balancer-a-1"}': 1,
  ...series('openstack_placement_resource_total', 'compute', 1000, 'resourcetype="MEMORY_MB"', 'hostname'),
  ...series('openstack_placement_resource_reserved', 'compute', 100, 'resourcetype="MEMORY_MB"', 'hostname'),
  ...series('openstack_placement_resource_allocation_ratio', 'compute', 1, 'resourcetype="MEMORY_MB"', 'hostname'),
  ...series('openstack_placement_resource_usage', 'compute', 500, 'resourcetype="MEMORY_MB"', 'hostname'),
};

function series(metric: string, group: string, value: number, labels = '', key = 'instance'): Record<string, number> {
  const more = labels === '' ? '' : `${labels},`;
  const hosts = group === 'compute' ? ['a-1', 'a-2', 'a-3'] : ['a-1', 'b-1', 'c-1'];
  return Object.fromEntries(hosts.map((host) => [`${metric}{${more}${key}="${group}-${host}"}`, value]));
}

const key = (metric: string, host: string) => {
  const found = Object.keys(HEALTHY).filter((each) => each.startsWith(`${metric}{`) && each.includes(`"${host}"`));
  if (found.length === 0) throw new Error(`${metric} of ${host} is not among the series`);
  return found;
};
const all = (metric: string) => Object.keys(HEALTHY).filter((each) => each.startsWith(`${metric}{`));
const gone = (...names: readonly (readonly string[])[]) =>
  Object.fromEntries(names.flat().map((name) => [name, undefined]));
const now = (value: number, ...names: readonly (readonly string[])[]) =>
  Object.fromEntries(names.flat().map((name) => [name, value]));

/** What is changed of the healthy cloud, and every alert that then fires after 20 minutes. */
const CASES: readonly (readonly [string, Record<string, number | undefined>, readonly string[]])[] = [
  ['nothing', {}, []],
  [
    'one of three database members',
    now(2, key('mysql_global_status_wsrep_cluster_size', 'database-a-1')),
    ['DatabaseMemberLost'],
  ],
  [
    'a database member that was bootstrapped beside the others',
    {
      ...gone(key('mysql_galera_status_info', 'database-a-1')),
      'mysql_galera_status_info{wsrep_cluster_state_uuid="two",instance="database-a-1"}': 1,
    },
    ['DatabaseTwoClusters'],
  ],
  ['every database', gone(all('mysql_global_status_wsrep_ready')), ['DatabaseDown']],
  ['one of three brokers', gone(key('rabbitmq_identity_info', 'queue-a-1')), ['BrokerLost']],
  [
    'two of three brokers with their queues',
    gone(
      ...['rabbitmq_identity_info', 'rabbitmq_detailed_queue_info'].flatMap((metric) =>
        ['queue-a-1', 'queue-b-1'].map((host) => key(metric, host)),
      ),
    ),
    ['BrokerLost', 'BrokersWithoutMajority', 'QueueMembersMissing', 'QueuesWithoutMajority', 'StreamReplicasMissing'],
  ],
  [
    'a stream that was never grown to a new broker',
    gone(key('rabbitmq_detailed_queue_info', 'queue-c-1').filter((each) => each.includes('stream'))),
    ['StreamReplicasMissing'],
  ],
  ['a member of OVN', gone(key('ovn_raft_cluster_server_status', 'ovn-b-1')), ['OvnMemberLost']],
  ['the leader of OVN', gone(all('ovn_raft_cluster_leader')), ['OvnWithoutLeader']],
  [
    'a northbound database that refuses connections',
    now(0, key('probe_success', 'ovn-a-1')),
    ['OvnNorthboundMemberLost'],
  ],
  [
    'a second master of Valkey',
    { 'redis_instance_info{role="master",instance="control-b-1"}': 1 },
    ['ValkeyWithoutMaster'],
  ],
  [
    'the holder of an address',
    gone(all('node_network_address_info')),
    ['InternalAddressUnheld', 'ExternalAddressUnheld'],
  ],
  [
    'an address that two hosts hold',
    { 'node_network_address_info{address="10.10.3.250",instance="balancer-b-1"}': 1 },
    ['InternalAddressHeldTwice'],
  ],
  ['a host', now(0, ['up{job="node",instance="host-3"}']), ['HostDown']],
  [
    'a host that Prometheus was never told of, and the exporter of one that is up',
    { ...gone(['up{job="node",instance="host-3"}']), 'up{job="mysqld",instance="host-4"}': 0 },
    ['HostsUnwatched', 'ExporterDown'],
  ],
  [
    'a zone whose servers need its last host',
    now(700, all('openstack_placement_resource_usage')),
    ['ZoneWithoutSpareMemory'],
  ],
  [
    'a certificate that ends in three days',
    { 'probe_ssl_earliest_cert_expiry{instance="https://paris"}': 3 * 86_400 },
    ['CertificateEndsThisMonth', 'CertificateEndsThisWeek'],
  ],
  [
    'an API',
    { 'probe_success{job="blackbox_exporter",service="nova",instance="https://paris"}': 0 },
    ['ApiUnanswered'],
  ],
];

const BACKUP = 'tandem_backup_last_success_timestamp_seconds{cloud="cloud",kind="full",instance="database-a-1"}';
/** Of a cloud with backups. Time begins at 0 in these tests, so that a backup of long ago was before it. */
const BACKUP_CASES: typeof CASES = [
  ['nothing', { [BACKUP]: 0 }, []],
  ['the last backups', { [BACKUP]: -27 * 3600 }, ['BackupTooOld']],
  ['every backup', {}, ['BackupTooOld']],
];

describe('the rules of paris, by what is lost', () => {
  it.each([
    ...CASES.map((each) => [...each, paris, 20] as const),
    ...BACKUP_CASES.map((each) => [...each, backedUp(paris), 70] as const),
  ])('%s', (_, change, expected, cloud, minutes) => {
    const rules = rulesOf(cloud);
    const values = Object.entries({ ...HEALTHY, ...change }).flatMap(([name, value]) =>
      value === undefined ? [] : [{ series: name, values: `${value}x${minutes + 10}` }],
    );
    // `ALERTS` is the series that Prometheus keeps of what fires: whatever is not named here must not.
    const test = {
      interval: '1m',
      input_series: values,
      promql_expr_test: [
        {
          expr: 'count by (alertname) (ALERTS{alertstate="firing"})',
          eval_time: `${minutes}m`,
          exp_samples: expected.map((name) => ({ labels: `{alertname="${name}"}`, value: 1 })),
        },
      ],
    };
    const file = join(folder, 'test.yml');
    writeFileSync(file, JSON.stringify({ rule_files: [rules], tests: [test] }));
    expect(() => execFileSync(program, ['test', 'rules', file], { encoding: 'utf8', stdio: 'pipe' })).not.toThrow();
  });
});
