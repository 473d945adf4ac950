import type { Problem } from '../../config/diagnostic.ts';
import type { Entity } from '../../config/project.ts';
import type { RuleInput } from '../../config/rules/rule.ts';
import type { Cloud } from '../../config/schema/cloud.ts';
import { hostsFor, type Topology, topologyOf } from '../topology/topology.ts';
import { isHighlyAvailable, promiseOf, severityFor } from './availability-level.ts';

/**
 * What is behind Glance, Cinder and Nova survives what the layout must survive: shared, in more than one copy, and no rack has two copies
 * of anything. Ceph finds as many failure domains as it keeps copies, in any layout.
 */
export function checkStorage({ clouds }: RuleInput): Problem[] {
  return [...clouds.values()].flatMap((cloud) => {
    const topology = topologyOf(cloud.name, cloud.value);
    return [
      ...(isHighlyAvailable(cloud.value) ? copies(cloud) : []),
      ...(cloud.value.storage.backend === 'ceph' ? domains(cloud, topology) : []),
    ];
  });
}

function copies({ value: { layout, storage }, origin }: Entity<Cloud>): Problem[] {
  const at = origin.at('storage');
  if (storage.backend === 'lvm' || storage.backend === 'fake') {
    const why =
      storage.backend === 'lvm'
        ? "a volume is on one host's disk, and is lost with the host"
        : 'this backend stores nothing';
    const message = `got "${storage.backend}"; layout ${layout} must survive the loss of any host, and ${why}`;
    return [
      at
        .at('backend')
        .problem('storage-not-shared', message, 'write ceph, or nfs on a server that is highly available itself'),
    ];
  }
  if (storage.replicas === 1) {
    const message = `got 1; layout ${layout} must survive the loss of any host, and a single copy is lost with its disk`;
    return [at.at('replicas').problem('storage-single-copy', message, 'write 3')];
  }
  if (storage.replicas > 2 || storage.backend !== 'ceph') return [];
  const message = 'got 2; with one lost, Ceph either stops writing or continues with a single copy';
  return [at.at('replicas').problem('storage-two-copies', message, 'write 3', { severity: 'warning' })];
}

function domains(cloud: Entity<Cloud>, topology: Topology): Problem[] {
  const { replicas, failureDomain } = cloud.value.storage;
  const hosts = hostsFor(topology, 'storage');
  const racks = [...new Set(hosts.map(({ rack }) => rack))];
  const at = cloud.origin.at('storage', 'failureDomain');
  const severity = severityFor(cloud);
  const has = failureDomain === 'rack' ? racks.length : hosts.length;
  if (has < replicas) {
    const what = failureDomain === 'rack' ? 'racks with storage hosts' : 'storage hosts';
    const message = `got "${failureDomain}" for ${replicas} copies; there are ${has} ${what}, so Ceph cannot place all copies of any object`;
    if (failureDomain === 'rack' && promiseOf(cloud.value) === 'host' && hosts.length >= replicas)
      return [at.problem('storage-too-few-domains', message, 'write host', { severity })];
    const more = `add storage hosts in ${failureDomain === 'rack' ? 'more racks' : 'any rack'}`;
    const fix = has < 2 ? more : `lower storage.replicas to ${has}, or ${more}`;
    return [at.problem('storage-too-few-domains', message, fix, { severity })];
  }
  if (failureDomain === 'rack' || promiseOf(cloud.value) !== 'rack') return [];
  const crowded = racks.find((rack) => hosts.filter((host) => host.rack === rack).length > 1);
  if (crowded === undefined) return [];
  const message = `got "host"; rack ${crowded} has several storage hosts, so it may hold all copies of an object but one, and Ceph stops when the rack fails`;
  return [at.problem('storage-domain-too-small', message, 'write rack')];
}
