import { type ComputeHost, computeHosts } from '../../config/capacity.ts';
import { counted } from '../../text/plural.ts';
import { worstRecovery } from '../placement/storage-room.ts';
import type { Alert, Watched } from './alert.ts';

/** Room that a failure needs: on hosts of each zone, in the storage, on the hosts that carry the services. */
export function capacityAlerts(watched: Watched): Alert[] {
  return [...zones(watched), ...storage(watched), ...hosts(watched.name)];
}

/** What Placement gives out of each host. */
export const CAPACITY_RECORDS = {
  'tandem:placement_capacity':
    '(openstack_placement_resource_total - openstack_placement_resource_reserved) * openstack_placement_resource_allocation_ratio',
} as const;

const RESOURCES = [
  ['MEMORY_MB', 'MiB of memory', 'memoryMiB'],
  ['VCPU', 'vCPUs', 'vcpus'],
] as const;

/**
 * What servers take of a zone no longer fits on what its worst failure leaves: of its racks the largest, where it has several, else
 * its largest host. As Placement counts it, whoever made the servers.
 */
function zones({ name, cloud, topology }: Watched): Alert[] {
  const rackOf = new Map(topology.hosts.map((host) => [host.name, host.rack]));
  return Object.keys(cloud.zones).flatMap((zone) => {
    const all = computeHosts(cloud).filter((host) => host.zone === zone);
    if (all.length < 2) return [];
    const racks = [...Map.groupBy(all, (host) => rackOf.get(host.name) ?? '')];
    return RESOURCES.map(([resource, what, key]): Alert => {
      const [worst, lost] = racks.length > 1 ? largest(racks, key) : [undefined, []];
      const left = worst === undefined ? all : all.filter((host) => !lost.includes(host));
      const capacity = (hosts: readonly ComputeHost[]) => capacityOf(resource, hosts);
      const afterwards =
        worst === undefined ? `sum(${capacity(left)}) - max(${capacity(left)})` : `sum(${capacity(left)})`;
      const failure = worst === undefined ? 'its largest host' : `rack ${worst}`;
      return {
        name: `ZoneWithoutSpare${resource === 'VCPU' ? 'Vcpus' : 'Memory'}`,
        zone,
        expr: `sum(openstack_placement_resource_usage{${selector(resource, all)}}) > ${afterwards}`,
        forMinutes: 10,
        severity: 'warning',
        summary: `Servers of zone ${zone} take {{ $value }} ${what}, more than is left without ${failure}.`,
        prediction: `if ${failure} fails, servers of zone ${zone} find no host; evacuation starts them nowhere`,
        runbook: `tandem cloud capacity ${name}`,
      };
    });
  });
}

function largest(
  racks: readonly (readonly [string, readonly ComputeHost[]])[],
  key: 'memoryMiB' | 'vcpus',
): readonly [string, readonly ComputeHost[]] {
  const sum = (hosts: readonly ComputeHost[]) => hosts.reduce((total, host) => total + host[key], 0);
  return [...racks].sort(([, a], [, b]) => sum(b) - sum(a))[0] ?? ['', []];
}

function capacityOf(resource: string, hosts: readonly ComputeHost[]): string {
  return `tandem:placement_capacity{${selector(resource, hosts)}}`;
}

/** Hosts by group, `compute-a-[0-9]+`: a name for each would make rules of a large cloud unreadable. Nova may know them with a domain. */
function selector(resource: string, hosts: readonly ComputeHost[]): string {
  const groups = [...new Set(hosts.map(({ name }) => name.replace(/-\d+$/, '')))];
  return `resourcetype="${resource}",hostname=~"(${groups.join('|')})-[0-9]+([.].+)?"`;
}

/** Ceph refuses to write at its `full_ratio`, 95 % of any disk, and warns at 85 %: what Cinder sees of it, on any cloud. */
function storage({ name, cloud, topology }: Watched): Alert[] {
  if (cloud.storage.backend === 'fake') return [];
  const free = 'openstack_cinder_pool_capacity_free_gb / openstack_cinder_pool_capacity_total_gb';
  const rule = (alert: string, share: number, severity: Alert['severity'], prediction: string): Alert => ({
    name: alert,
    expr: `${free} < ${share}`,
    forMinutes: 10,
    severity,
    summary: 'The storage pool {{ $labels.name }} has {{ $value | humanizePercentage }} left.',
    prediction,
    runbook: `tandem cloud capacity ${name}`,
  });
  const isCeph = cloud.storage.backend === 'ceph';
  const recovery = worstRecovery(cloud, topology);
  const needed = recovery === undefined ? 0 : Math.ceil(100 * (1 - recovery.atMostGiB / cloud.storage.usableGiB)) / 100;
  return [
    ...(recovery !== undefined && needed > 0.15
      ? [
          rule(
            'StorageWithoutRoomToRecover',
            needed,
            'warning',
            `if ${recovery.kind} ${recovery.name} fails, its copies do not fit on ${counted(recovery.onto.length, 'host')} below 90 %: Ceph goes on with a copy fewer`,
          ),
        ]
      : []),
    rule(
      'StorageNearlyFull',
      0.15,
      'warning',
      isCeph
        ? 'a lost host’s copies are made again on the others: at 95 % used they refuse to be written'
        : 'soon no volume can be made',
    ),
    rule(
      'StorageFull',
      0.07,
      'critical',
      isCeph
        ? 'at 95 % used Ceph refuses every write: volumes and root disks of all servers hang'
        : 'no volume can be made',
    ),
    ...(cloud.kolla?.globals['enable_prometheus_ceph_mgr_exporter'] === true ? ceph(name) : []),
  ];
}

/** Where the cloud says that Prometheus asks Ceph's managers (`prometheus_ceph_mgr_exporter_endpoints`): Kolla does not know them. */
function ceph(name: string): Alert[] {
  return [
    {
      name: 'CephUnhealthy',
      expr: 'ceph_health_status == 2',
      forMinutes: 2,
      severity: 'critical',
      summary: 'Ceph reports HEALTH_ERR.',
      prediction: 'volumes and root disks may hang, on hosts that are up too',
      runbook: `tandem cloud simulate-failure ${name} --off plane/storageCluster`,
    },
    {
      name: 'CephMonitorLost',
      expr: 'count(ceph_mon_quorum_status == 0) > 0',
      forMinutes: 5,
      severity: 'warning',
      summary: '{{ $value }} monitors of Ceph are out of its quorum.',
      prediction: 'without a majority of its monitors Ceph answers nobody',
      runbook: `tandem cloud simulate-failure ${name} --pairs`,
    },
  ];
}

/** Services' own hosts: memory, disks and clocks. */
function hosts(name: string): Alert[] {
  const off = `tandem cloud simulate-failure ${name} --off {{ $labels.instance }}`;
  return [
    {
      name: 'HostShortOfMemory',
      expr: 'node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes < 0.05',
      forMinutes: 10,
      severity: 'warning',
      summary: '{{ $labels.instance }} has {{ $value | humanizePercentage }} of its memory left.',
      prediction: 'the kernel ends its largest process: a database, a broker, or a server',
      runbook: off,
    },
    {
      name: 'HostShortOfDisk',
      expr: 'node_filesystem_avail_bytes{mountpoint=~"/|/var|/var/lib.*",fstype!~"tmpfs|overlay|squashfs"} / node_filesystem_size_bytes < 0.1',
      forMinutes: 10,
      severity: 'warning',
      summary: '{{ $labels.mountpoint }} of {{ $labels.instance }} has {{ $value | humanizePercentage }} left.',
      prediction: 'a database or broker that cannot write leaves its cluster',
      runbook: off,
    },
    {
      name: 'ClockUnsynchronised',
      expr: 'node_timex_sync_status == 0',
      forMinutes: 15,
      severity: 'warning',
      summary: 'The clock of {{ $labels.instance }} follows no time source.',
      prediction: 'tokens end early or late there, and Ceph’s monitors drop one that is 0.05 s off',
      runbook: off,
    },
    ...(['nova', 'neutron', 'cinder'] as const).map(
      (service): Alert => ({
        name: `${service === 'nova' ? 'Compute' : service === 'neutron' ? 'Network' : 'Volume'}ServiceDown`,
        expr: `openstack_${service}_agent_state{adminState=~"enabled|up"} == 0`,
        forMinutes: 5,
        severity: 'warning',
        summary: '{{ $labels.service }} on {{ $labels.hostname }} reports nothing any more.',
        prediction:
          service === 'nova'
            ? 'its servers may run on; none is started there, and without fencing none may be started elsewhere'
            : 'what it carries stays as it is, and nothing new is given to it',
        runbook: `tandem cloud simulate-failure ${name} --off {{ $labels.hostname }}`,
      }),
    ),
  ];
}
