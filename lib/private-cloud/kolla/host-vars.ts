import type { ConfigPath } from '../../config/origin.ts';
import type { Cloud } from '../../config/schema/cloud.ts';
import { managed, type Topology, type TopologyHost } from '../topology/topology.ts';
import { hostDefaults, interfacesOfGroup } from './globals.ts';
import { DEFAULTS } from './inventory.ts';
import { type RenderedFile, type Setting, yamlFile } from './tree.ts';
import { replaced, settingsOf } from './variables.ts';

/** Variables of every host, of each kind of host and of each rack, and those that the cloud's inventory has of its own. */
export function hostFiles(name: string, cloud: Cloud, topology: Topology): RenderedFile[] {
  const hosts = managed(topology, cloud.storage.backend === 'ceph');
  const own = cloud.kolla?.inventory ?? { groups: {}, hosts: {} };
  const ofGroup = (group: string) =>
    settingsOf(own.groups[group]?.variables ?? {}, ['kolla', 'inventory', 'groups', group, 'variables']);
  const ofHost = (host: string) => settingsOf(own.hosts[host] ?? {}, ['kolla', 'inventory', 'hosts', host]);
  const defaults = cloud.kolla === undefined ? [] : hostDefaults(cloud, cloud.kolla, topology);
  const kinds = [...new Set(hosts.map((host) => host.group))].flatMap((kind) => {
    const settings = [
      ...(cloud.hosts[kind]?.roles.includes('compute') === true ? [reservedMemory(cloud, kind)] : []),
      ...(cloud.kolla === undefined ? [] : interfacesOfGroup(cloud, cloud.kolla, kind)),
    ];
    return settings.length === 0 ? [] : [[kind, settings] as const];
  });
  const written = new Set(['all', ...kinds.map(([kind]) => `hosts-${kind}`)]);
  const others = Object.entries(own.groups).filter(
    ([group, { variables }]) => !written.has(group) && Object.keys(variables).length > 0,
  );
  const strangers = Object.keys(own.hosts).filter((host) => !hosts.some((each) => each.name === host));
  const groupFile = (group: string, about: string, settings: readonly Setting[]) =>
    yamlFile(name, `inventory/group_vars/${group}.yml`, about, replaced(settings, ofGroup(group)));
  const hostFile = (host: string, settings: readonly Setting[]) =>
    yamlFile(name, `inventory/host_vars/${host}.yml`, `Holds for ${host} alone.`, replaced(settings, ofHost(host)));
  return [
    groupFile('all', 'Holds for every host.', [
      { key: 'ansible_user', value: cloud.kolla?.user ?? 'kolla', from: ['kolla', 'user'] },
      { key: 'ansible_become', value: true, why: 'Kolla sets up containers as root' },
    ]),
    ...(defaults.length === 0
      ? []
      : [groupFile(DEFAULTS, 'Holds for every host whose group or own file says nothing else.', defaults)]),
    ...kinds.map(([kind, settings]) => groupFile(`hosts-${kind}`, `Holds for the hosts ${kind}.`, settings)),
    ...others.map(([group]) => groupFile(group, `Holds for the hosts of ${group}.`, [])),
    ...hosts.map((host) => hostFile(host.name, placeOf(host))),
    ...strangers.map((host) => hostFile(host, [])),
  ];
}

function reservedMemory(cloud: Cloud, kind: string): Setting {
  const hardware = cloud.hosts[kind]?.hardware ?? '';
  return {
    key: 'tandem_reserved_memory_mib',
    value: (cloud.hardware[hardware]?.reservedMemoryGiB ?? 0) * 1024,
    from: ['hardware', hardware, 'reservedMemoryGiB'],
    why: 'memory that Nova gives to no server',
  };
}

function placeOf(host: TopologyHost): Setting[] {
  const address: ConfigPath = ['hosts', host.group, 'firstAddress'];
  return [
    { key: 'ansible_host', value: host.addresses.internal ?? '', from: address },
    { key: 'tandem_rack', value: host.rack, from: ['hosts', host.group, 'rack'] },
    {
      key: 'tandem_addresses',
      value: host.addresses,
      from: address,
      why: 'what its interfaces must have; for Kayobe and OSISM, which give them out',
    },
  ];
}
