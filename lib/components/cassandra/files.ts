import type { ComponentFile, TierInputs } from '../../bring-up/component.ts';
import { peers, SELF, value } from '../../bring-up/template.ts';
import { HEALTH_SCRIPT, LOGBACK, NODETOOL } from './scripts.ts';
import type { CassandraSettings } from './settings.ts';
import { CASSANDRA_UNIT, jvmOptions, MODULE_OPTIONS } from './unit.ts';

const CONFIGURATION = '/etc/cassandra';
export const DATA = '/var/lib/cassandra';
export const HEALTH = '/usr/local/lib/tandem/cassandra-health';

export function cassandraFiles(inputs: TierInputs<CassandraSettings>): readonly ComponentFile[] {
  return [
    { path: `${CONFIGURATION}/cassandra.yaml`, content: cassandraYaml(inputs) },
    {
      path: `${CONFIGURATION}/cassandra-rackdc.properties`,
      content: `dc=${inputs.settings.dataCenter}\nrack=${SELF.zone}\n`,
    },
    { path: `${CONFIGURATION}/modules.options`, content: MODULE_OPTIONS },
    { path: `${CONFIGURATION}/jvm.options`, content: jvmOptions() },
    { path: `${CONFIGURATION}/logback.xml`, content: LOGBACK, onChange: 'none' },
    { path: '/etc/systemd/system/cassandra.service', content: CASSANDRA_UNIT },
    // In force from the next boot on; until then the ring runs with fewer maps, as it does anywhere.
    { path: '/etc/sysctl.d/60-cassandra.conf', content: 'vm.max_map_count = 1048575\n', onChange: 'none' },
    { path: '/usr/local/bin/nodetool', content: NODETOOL, mode: '0755', onChange: 'none' },
    { path: HEALTH, content: HEALTH_SCRIPT, mode: '0755', onChange: 'none' },
  ];
}

/** Servers are spread over the zones in turn, so the first two are in two zones, where there are two. */
function seeds(tier: string): string {
  return peers(tier, { limit: 2, item: '{address}:7000' });
}

function cassandraYaml({ settings, tier, environment }: TierInputs<CassandraSettings>): string {
  const sync =
    settings.commitLogSync === 'group'
      ? 'commitlog_sync: group\ncommitlog_sync_group_window: 10ms'
      : 'commitlog_sync: periodic\ncommitlog_sync_period: 10s';
  return `cluster_name: ${environment}-${tier}
partitioner: org.apache.cassandra.dht.Murmur3Partitioner
num_tokens: ${settings.tokens}
allocate_tokens_for_local_replication_factor: ${value('replicationFactor')}
default_keyspace_rf: ${value('replicationFactor')}
endpoint_snitch: GossipingPropertyFileSnitch
seed_provider:
  - class_name: org.apache.cassandra.locator.SimpleSeedProvider
    parameters:
      - seeds: "${seeds(tier)}"

listen_address: ${SELF.address}
storage_port: 7000
start_native_transport: true
rpc_address: ${SELF.address}
native_transport_port: 9042
# Who reaches these ports is what the security groups of the tier say.
authenticator: AllowAllAuthenticator
authorizer: AllowAllAuthorizer

data_file_directories: [${DATA}/data]
commitlog_directory: ${DATA}/commitlog
hints_directory: ${DATA}/hints
saved_caches_directory: ${DATA}/saved_caches
cdc_raw_directory: ${DATA}/cdc_raw
${sync}
# A disk that fails ends the process: its peers serve, and what failed is seen.
disk_failure_policy: die
commit_failure_policy: die
compaction_throughput: ${value('compactionMiBPerSecond')}MiB/s
# What a member missed while it was away is kept for it this long.
hinted_handoff_enabled: true
max_hint_window: 3h
# Formats of 5.0: no member of an older version joins.
storage_compatibility_mode: NONE
uuid_sstable_identifiers_enabled: true
memtable_allocation_type: offheap_objects
`;
}
