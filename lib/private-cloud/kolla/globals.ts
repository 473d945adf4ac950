import type { Cloud } from '../../config/schema/cloud.ts';
import { hostsFor, type Topology } from '../topology/topology.ts';
import { kollaKeyTaken } from './errors.ts';
import { globalTimers, isBesideTimers, SHARED_WITH_TIMERS, TIMER_GLOBALS } from './failover.ts';
import { monitoringSettings } from './monitoring.ts';
import { RELEASE } from './release.ts';
import { type RenderedFile, type Setting, yamlFile } from './tree.ts';
import { replaced, settingsOf } from './variables.ts';

type Kolla = NonNullable<Cloud['kolla']>;

/**
 * What a field of the configuration says, so that `kolla.globals` may not: rules and predictions read the field. Everything else is
 * Tandem's own choice, which a cloud may make otherwise.
 */
export const OF_FIELDS: ReadonlySet<string> = new Set([
  ...['openstack_release', 'kolla_base_distro', 'kolla_container_engine', 'openstack_region_name'],
  ...['network_interface', 'api_interface', 'kolla_external_vip_interface', 'tunnel_interface'],
  ...['enable_haproxy', 'enable_keepalived', 'keepalived_virtual_router_id'],
  ...['kolla_internal_vip_address', 'kolla_internal_fqdn', 'kolla_external_vip_address', 'kolla_external_fqdn'],
  ...['kolla_enable_tls_internal', 'kolla_enable_tls_external', 'neutron_dns_domain', 'octavia_provider_drivers'],
  ...['glance_backend_ceph', 'cinder_backend_ceph', 'nova_backend_ceph'],
]);

/** A variable in `kolla.globals` that a field of the cloud says, and the field. */
export interface TakenGlobal {
  readonly key: string;
  /** @default - none: nothing else may be there */
  readonly from?: string;
}

/** Variables in `kolla.globals` that have no place there. Pure. */
export function takenGlobals(cloud: Cloud, kolla: Kolla, topology: Topology): TakenGlobal[] {
  return derivedSettings(cloud, kolla, topology).flatMap(({ key, from }): TakenGlobal[] => {
    const own = kolla.globals[key];
    if (own === undefined) return [];
    if (TIMER_GLOBALS.has(key)) return isBesideTimers(key, own) ? [] : [{ key, from: 'kolla.timers' }];
    if (!OF_FIELDS.has(key)) return [];
    return [{ key, ...(from === undefined ? {} : { from: from.join('.') }) }];
  });
}

/**
 * What holds for the whole cloud: what Tandem derives, with `kolla.globals` in the place of its own choices, and behind.
 * @throws TandemError `kolla-key-taken`
 */
export function globalSettings(name: string, cloud: Cloud, kolla: Kolla, topology: Topology): Setting[] {
  const [taken] = takenGlobals(cloud, kolla, topology);
  if (taken !== undefined) throw kollaKeyTaken(name, taken.key, taken.from);
  const derived = derivedSettings(cloud, kolla, topology);
  const byHost = namedInInventory(cloud, kolla);
  const shared = derived.filter(({ key }) => !byHost.has(key));
  const composed = new Set(shared.flatMap(({ key }) => (key in SHARED_WITH_TIMERS ? [key] : [])));
  const own = settingsOf(kolla.globals, ['kolla', 'globals']).filter(({ key }) => !composed.has(key));
  return replaced(shared, own);
}

/**
 * Variables that the inventory sets for some hosts. They stay out of `globals.yml`, which no host could override; what Tandem derives
 * holds for the hosts that say nothing else.
 */
export function hostDefaults(cloud: Cloud, kolla: Kolla, topology: Topology): Setting[] {
  const byHost = namedInInventory(cloud, kolla);
  return derivedSettings(cloud, kolla, topology).filter(
    ({ key }) => byHost.has(key) && !Object.hasOwn(kolla.globals, key),
  );
}

function namedInInventory(cloud: Cloud, kolla: Kolla): ReadonlySet<string> {
  const { inventory } = kolla;
  const groups = Object.values(inventory.groups).map(({ variables }) => variables);
  const named = [...groups, ...Object.values(inventory.hosts)].flatMap((variables) => Object.keys(variables));
  const own = Object.keys(cloud.hosts).flatMap((group) => interfacesOfGroup(cloud, kolla, group));
  return new Set([...named, ...own.map(({ key }) => key)]);
}

/** Interfaces of a group's hosts that are others than the cloud's. Pure. */
export function interfacesOfGroup(cloud: Cloud, kolla: Kolla, group: string): Setting[] {
  const hosts = cloud.hosts[group];
  const own: Readonly<Partial<Record<string, string>>> = hosts?.interfaces ?? {};
  const planes = Object.fromEntries(
    Object.entries(cloud.planes).map(([name, plane]) => {
      const written = own[name];
      return [name, written === undefined ? plane : { ...plane, interface: written }];
    }),
  ) as Cloud['planes'];
  const carried = { ...kolla.providerInterfaces, ...hosts?.providerInterfaces };
  const wide = [...interfaces(cloud), externalInterface(cloud, kolla.providerInterfaces)];
  return [...interfaces({ ...cloud, planes }), externalInterface(cloud, carried)].flatMap((setting) => {
    if (wide.some(({ key, value }) => key === setting.key && value === setting.value)) return [];
    const plane = setting.from?.[0] === 'planes' ? setting.from[1] : undefined;
    const from = plane === undefined ? ['providerInterfaces'] : ['interfaces', plane];
    return [{ ...setting, from: ['hosts', group, ...from] }];
  });
}

/** Kolla joins bridges, physical networks and interfaces by their order. */
function externalInterface({ networks }: Cloud, carried: Kolla['providerInterfaces']): Setting {
  return {
    key: 'neutron_external_interface',
    value: physicalNetworks(networks)
      .map((each) => carried[each] ?? '')
      .join(','),
    from: ['kolla', 'providerInterfaces'],
  };
}

function derivedSettings(cloud: Cloud, kolla: Kolla, topology: Topology): Setting[] {
  return [
    ...engine(cloud, kolla),
    ...interfaces(cloud),
    ...addresses(cloud, kolla, topology),
    ...networking(cloud, kolla),
    ...storage(cloud),
    ...services(kolla, topology),
    ...globalTimers(cloud, topology),
  ];
}

/** `globals.yml`. */
export function globalsFile(name: string, settings: readonly Setting[]): RenderedFile {
  const about = `globals.yml for Kolla-Ansible ${RELEASE.version} (${RELEASE.release}). No secret stands here: kolla-ansible reads passwords.yml itself.`;
  return yamlFile(name, 'globals.yml', about, settings);
}

function engine({ endpoint }: Cloud, kolla: Kolla): Setting[] {
  return [
    { key: 'openstack_release', value: RELEASE.release, why: 'the release that this tree is written for' },
    { key: 'kolla_base_distro', value: kolla.baseDistro, from: ['kolla', 'baseDistro'] },
    { key: 'kolla_container_engine', value: kolla.containerEngine, from: ['kolla', 'containerEngine'] },
    { key: 'openstack_region_name', value: endpoint.region, from: ['endpoint', 'region'] },
  ];
}

function interfaces({ planes }: Cloud): Setting[] {
  const on = (key: string, plane: 'external' | 'tunnel'): Setting => {
    const own = planes[plane];
    return own === undefined
      ? { key, value: planes.internal.interface, from: ['planes', 'internal', 'interface'] }
      : { key, value: own.interface, from: ['planes', plane, 'interface'] };
  };
  const internal: Setting['from'] = ['planes', 'internal', 'interface'];
  return [
    { key: 'network_interface', value: planes.internal.interface, from: internal },
    { key: 'api_interface', value: planes.internal.interface, from: internal },
    on('kolla_external_vip_interface', 'external'),
    on('tunnel_interface', 'tunnel'),
    { ...on('dns_interface', 'external'), why: 'resolvers outside ask the zones there' },
  ];
}

/** Where the images keep the authorities that they trust. */
function caBundle({ baseDistro }: Kolla): string {
  const isDebian = baseDistro === 'debian' || baseDistro === 'ubuntu';
  return isDebian ? '/etc/ssl/certs/ca-certificates.crt' : '/etc/pki/tls/certs/ca-bundle.crt';
}

function addresses({ vips }: Cloud, kolla: Kolla, topology: Topology): Setting[] {
  if (vips === undefined) {
    const [control] = hostsFor(topology, 'control');
    const why = 'no virtual address: one controller answers for itself';
    return [
      { key: 'enable_haproxy', value: false, why },
      { key: 'enable_keepalived', value: false, why },
      { key: 'enable_proxysql', value: false, why: 'it would take the port of the one database' },
      { key: 'kolla_internal_vip_address', value: control?.addresses.internal ?? '', from: ['hosts'] },
    ];
  }
  const { internal, external, routerId, tls } = vips;
  return [
    { key: 'enable_haproxy', value: true, from: ['vips'] },
    { key: 'enable_keepalived', value: true, from: ['vips'] },
    { key: 'kolla_internal_vip_address', value: internal.address, from: ['vips', 'internal', 'address'] },
    { key: 'kolla_internal_fqdn', value: internal.fqdn, from: ['vips', 'internal', 'fqdn'] },
    ...(external === undefined
      ? []
      : [
          { key: 'kolla_external_vip_address', value: external.address, from: ['vips', 'external', 'address'] },
          { key: 'kolla_external_fqdn', value: external.fqdn, from: ['vips', 'external', 'fqdn'] },
        ]),
    { key: 'keepalived_virtual_router_id', value: String(routerId), from: ['vips', 'routerId'] },
    {
      key: 'keepalived_traffic_mode',
      value: 'unicast',
      why: 'switches that drop multicast between racks change nothing',
    },
    { key: 'kolla_enable_tls_internal', value: tls.internal, from: ['vips', 'tls', 'internal'] },
    { key: 'kolla_enable_tls_external', value: tls.external, from: ['vips', 'tls', 'external'] },
    ...(tls.internal
      ? [
          {
            key: 'openstack_cacert',
            value: caBundle(kolla),
            from: ['kolla', 'baseDistro'],
            why: 'services check the certificate of the internal address',
          },
        ]
      : []),
  ];
}

/** Bridges of the physical networks: `physnet1` is on `br-physnet1`. */
function networking(cloud: Cloud, kolla: Kolla): Setting[] {
  const { networks, dns, loadBalancer } = cloud;
  const physical = physicalNetworks(networks);
  const inside = Object.entries(networks).find(([, { external }]) => !external);
  const records = dns.nameServers.length > 0 ? dns.nameServers : [''];
  const amphora = loadBalancer.provider === 'amphora';
  return [
    { key: 'neutron_plugin_agent', value: 'ovn', why: 'its databases agree by raft, and routers need no agent' },
    { key: 'neutron_physical_networks', value: physical.join(','), from: ['networks'] },
    {
      key: 'neutron_bridge_name',
      value: physical.map((each) => `br-${each}`.slice(0, 15)).join(','),
      from: ['networks'],
    },
    externalInterface(cloud, kolla.providerInterfaces),
    {
      key: 'neutron_ovn_distributed_fip',
      value: false,
      why: 'floating addresses leave through the gateway chassis, so that compute hosts need no provider interface',
    },
    {
      key: 'enable_neutron_provider_networks',
      value: inside !== undefined,
      from: inside === undefined ? ['networks'] : ['networks', inside[0], 'external'],
    },
    { key: 'neutron_dns_domain', value: `${dns.zone}.`, from: ['dns', 'zone'] },
    { key: 'enable_designate', value: true, from: ['dns'] },
    { key: 'designate_backend', value: 'bind9', from: ['dns'] },
    {
      key: 'designate_ns_record',
      value: records.map((_, index) => `ns${index + 1}.${dns.zone}`),
      from: ['dns', 'nameServers'],
    },
    { key: 'enable_octavia', value: true, from: ['loadBalancer'] },
    {
      key: 'octavia_provider_drivers',
      value: `${amphora ? 'amphora:Amphora provider, ' : ''}ovn:OVN provider`,
      from: ['loadBalancer', 'provider'],
    },
    {
      key: 'octavia_provider_agents',
      value: `${amphora ? 'amphora_agent, ' : ''}ovn`,
      from: ['loadBalancer', 'provider'],
    },
  ];
}

export function physicalNetworks(networks: Cloud['networks']): string[] {
  return [...new Set(Object.values(networks).map((each) => each.physicalNetwork))].sort();
}

function storage({ storage: { backend } }: Cloud): Setting[] {
  const from: Setting['from'] = ['storage', 'backend'];
  const ceph = backend === 'ceph';
  return [
    { key: 'glance_backend_ceph', value: ceph, from },
    { key: 'cinder_backend_ceph', value: ceph, from },
    { key: 'nova_backend_ceph', value: ceph, from },
    { key: 'enable_cinder', value: backend !== 'fake', from },
    { key: 'enable_cinder_backend_lvm', value: backend === 'lvm', from },
    { key: 'enable_cinder_backend_nfs', value: backend === 'nfs', from },
    { key: 'enable_cinder_backup', value: ceph, from },
  ];
}

function services({ services: extra, backup }: Kolla, topology: Topology): Setting[] {
  const several = hostsFor(topology, 'control').length > 1;
  return [
    ...(extra.includes('heat') ? [] : [{ key: 'enable_heat', value: false, why: 'stacks are made by Terraform here' }]),
    {
      key: 'enable_valkey',
      value: several,
      from: ['hosts'],
      why: 'Cinder and Designate on several hosts agree through it who does what',
    },
    ...monitoringSettings(topology, backup !== undefined),
    ...(backup === undefined
      ? []
      : [{ key: 'enable_mariabackup', value: true, from: ['kolla', 'backup'] satisfies Setting['from'] }]),
    ...[...extra].sort().map(
      (name): Setting => ({
        ...{ key: `enable_${name.replaceAll('-', '_')}`, value: true, from: ['kolla', 'services'] },
      }),
    ),
  ];
}
