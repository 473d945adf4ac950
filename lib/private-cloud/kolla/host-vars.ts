import type { Cloud } from '../../config/schema/cloud.ts';
import type { Topology } from '../topology/topology.ts';
import { managed } from './inventory.ts';
import { type RenderedFile, yamlFile } from './tree.ts';

/** Variables of every host, of each kind of host and of each rack. */
export function hostFiles(name: string, cloud: Cloud, topology: Topology): RenderedFile[] {
  const hosts = managed(topology, cloud.storage.backend === 'ceph');
  const kinds = [...new Set(hosts.filter((host) => host.roles.includes('compute')).map((host) => host.group))];
  return [
    yamlFile(name, 'inventory/group_vars/all.yml', 'Holds for every host.', [
      { key: 'ansible_user', value: cloud.kolla?.user ?? 'kolla', from: ['kolla', 'user'] },
      { key: 'ansible_become', value: true, why: 'Kolla sets up containers as root' },
    ]),
    ...kinds.map((kind) => {
      const hardware = cloud.hosts[kind]?.hardware ?? '';
      const reserved = cloud.hardware[hardware]?.reservedMemoryGiB ?? 0;
      return yamlFile(name, `inventory/group_vars/hosts-${kind}.yml`, `Holds for the hosts ${kind}.`, [
        {
          key: 'tandem_reserved_memory_mib',
          value: reserved * 1024,
          from: ['hardware', hardware, 'reservedMemoryGiB'],
          why: 'memory that Nova gives to no server',
        },
      ]);
    }),
    ...hosts.map((host) =>
      yamlFile(name, `inventory/host_vars/${host.name}.yml`, `Holds for ${host.name} alone.`, [
        {
          key: 'ansible_host',
          value: host.addresses.internal ?? '',
          from: ['hosts', host.group, 'firstAddress'],
        },
        { key: 'tandem_rack', value: host.rack, from: ['hosts', host.group, 'rack'] },
        {
          key: 'tandem_addresses',
          value: host.addresses,
          from: ['hosts', host.group, 'firstAddress'],
          why: 'what its interfaces must have; for Kayobe and OSISM, which give them out',
        },
      ]),
    ),
  ];
}
