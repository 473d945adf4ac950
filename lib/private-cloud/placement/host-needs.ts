import type { Cloud } from '../../config/schema/cloud.ts';
import { type ExtraService, runsExtra } from '../topology/extra-services.ts';
import { hostsFor, type Role, type Topology } from '../topology/topology.ts';

/** What a host of the control plane needs for the services that it runs. */
export interface HostNeeds {
  /** Processes of OpenStack's services. */
  readonly processes: number;
  readonly memoryGiB: number;
  /** Hardware threads. */
  readonly vcpus: number;
  /** The same in words: `94 processes of OpenStack, MariaDB`. */
  readonly what: string;
}

/** Processes of a service on each of its hosts: single ones, and those that Kolla-Ansible starts by the number of hardware threads. */
interface Processes {
  /** Times `openstack_service_workers`: as many as threads, at most five. */
  readonly workers?: number;
  /** Times `openstack_service_rpc_workers`: at most three. */
  readonly rpc?: number;
  readonly single?: number;
}

/** What every control host runs, counted in the roles' defaults and templates of Kolla-Ansible 2026.1. */
const ALWAYS: readonly Processes[] = [
  // Keystone, Glance, Placement, Horizon.
  { workers: 4 },
  // Nova: API, metadata, scheduler, both conductors; the console's proxy.
  { workers: 5, single: 1 },
  { workers: 1, rpc: 2, single: 2 },
  // Cinder: API; scheduler and volume. Octavia: API; driver agent.
  { workers: 2, single: 3 },
  // Designate: API, central, producer, worker.
  { workers: 4 },
];

/** With amphorae Octavia has two kinds of health workers, the worker and housekeeping. */
const AMPHORA: Processes = { workers: 2, single: 2 };

const EXTRA: Readonly<Partial<Record<ExtraService, Processes>>> = {
  aodh: { workers: 1, single: 3 },
  barbican: { workers: 1, single: 2 },
  blazar: { workers: 1, single: 1 },
  ceilometer: { single: 2 },
  cloudkitty: { workers: 2 },
  cyborg: { workers: 1, single: 1 },
  gnocchi: { workers: 2, single: 1 },
  heat: { workers: 3 },
  ironic: { workers: 1, single: 1 },
  magnum: { workers: 2 },
  manila: { workers: 1, single: 2 },
  masakari: { workers: 1, single: 2 },
  mistral: { workers: 1, single: 3 },
  skyline: { workers: 1, single: 1 },
  tacker: { workers: 1, single: 1 },
  trove: { workers: 1, single: 2 },
  watcher: { workers: 1, single: 2 },
};

/**
 * Resident memory of one such process. In the drill, on Zed: neutron-server 157 to 171 MiB, Nova's API 155, Keystone 145, under the
 * load of one client.
 */
const PROCESS_MIB = 160;

/** The system, the container engine, logs and exporters; and, each, balancers, gateways and OVN's databases. Estimates. */
const SYSTEM_GIB = 4;
const SMALL_GIB = 1;

/** RabbitMQ asks for 4 GiB and four cores a node: rabbitmq.com/docs/production-checklist, "Minimum Hardware Requirements". */
const QUEUE = { memoryGiB: 4, vcpus: 4 } as const;

/** OpenStack's guide to high availability: four cores for a controller. */
const CONTROL_VCPUS = 4;

/** Kolla-Ansible gives MariaDB's pool of pages two fifths of a host's memory, up to this. */
const POOL = { share: 0.4, mostGiB: 8 } as const;

/** The heap of OpenSearch, `opensearch_heap_size`, and as much beside it. */
const OPENSEARCH_GIB = 2;

/** What a host needs; undefined where it runs nothing of the control plane. Of the least that works, before any load. Pure. */
export function hostNeeds(cloud: Cloud, topology: Topology, name: string): HostNeeds | undefined {
  const runs = (role: Role): boolean => hostsFor(topology, role).some((host) => host.name === name);
  const host = topology.hosts.find((each) => each.name === name);
  const hardware = cloud.hardware[host?.hardware ?? ''];
  const small = (['load-balancer', 'network', 'ovn'] as const).filter(runs);
  if (hardware === undefined || !(runs('control') || runs('database') || runs('queue') || small.length > 0))
    return undefined;
  const processes = runs('control') ? processesOn(cloud, hardware.vcpus) : 0;
  const hasLogs = runs('control') && runsExtra(cloud, 'central-logging');
  const apart =
    SYSTEM_GIB +
    (processes * PROCESS_MIB) / 1024 +
    small.length * SMALL_GIB +
    (runs('queue') ? QUEUE.memoryGiB : 0) +
    (hasLogs ? OPENSEARCH_GIB : 0);
  // The pool grows with the host, so that the rest has to fit beside it.
  const memory = runs('database') ? Math.min(apart / (1 - POOL.share), apart + POOL.mostGiB) : apart;
  const parts = [
    ...(processes > 0 ? [`${processes} processes of OpenStack`] : []),
    ...(runs('database') ? ['MariaDB'] : []),
    ...(runs('queue') ? ['RabbitMQ'] : []),
    ...(hasLogs ? ['OpenSearch'] : []),
    ...small.map((role) => WORDS[role]),
  ];
  return {
    processes,
    memoryGiB: Math.ceil(memory),
    vcpus: Math.max(runs('control') ? CONTROL_VCPUS : 1, runs('queue') ? QUEUE.vcpus : 1),
    what: parts.join(', '),
  };
}

const WORDS = { 'load-balancer': 'HAProxy and ProxySQL', network: 'a gateway', ovn: "OVN's databases" } as const;

function processesOn(cloud: Cloud, vcpus: number): number {
  const extra = Object.entries(EXTRA).filter(([service]) => runsExtra(cloud, service as ExtraService));
  const all = [
    ...ALWAYS,
    ...(cloud.loadBalancer.provider === 'amphora' ? [AMPHORA] : []),
    ...extra.map(([, processes]) => processes),
  ];
  const count = ({ workers = 0, rpc = 0, single = 0 }: Processes): number =>
    workers * Math.min(vcpus, 5) + rpc * Math.min(vcpus, 3) + single;
  return all.reduce((sum, each) => sum + count(each), 0);
}
