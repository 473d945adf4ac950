import { EXTRA_SERVICES } from '../../config/schema/cloud-kolla.ts';
import { Cidr } from '../../net/cidr.ts';
import { isIpv4 } from '../../net/ipv4.ts';
import { Facts } from './facts.ts';
import { hostGroups } from './hosts.ts';
import { type KollaSource, membersIn } from './kolla-source.ts';
import { Open } from './open.ts';
import { isSame, rolesOf } from './roles.ts';
import { timersIn } from './timers.ts';

/** A cloud as far as the tree says what it is; `Open` where it does not. Without what is only passed on. */
export function cloudOf(name: string, source: KollaSource): Record<string, unknown> {
  const facts = new Facts(source);
  const roles = rolesOf(source);
  const hosts = hostGroups(roles, facts);
  const racks = [...new Set([...roles.keys()].flatMap((host) => facts.rack(host) ?? []))];
  const vips = vipsOf(facts);
  return {
    description: `Imported from a tree of ${source.deployer}`,
    endpoint: endpointOf(facts),
    layout: layoutOf(source),
    racks: Object.fromEntries(racks.map((rack) => [rack, {}])),
    hardware: hardwareOf(hosts),
    hosts,
    planes: planesOf(facts, [...roles.keys()], vips),
    ...(vips === undefined ? {} : { vips }),
    zones: {
      nova: { racks: racks.length > 0 ? racks : new Open('which racks have compute hosts?', ['a']) },
    },
    ...overcommitOf(source),
    storage: storageOf(facts, membersIn(source, 'storage').length),
    networks: {},
    tenants: {},
    dns: dnsOf(facts),
    images: {},
    flavors: {},
    kolla: { ...kollaOf(name, facts), ...timersOf(source) },
  };
}

function timersOf(source: KollaSource): object {
  const timers = timersIn(source);
  return Object.keys(timers).length === 0 ? {} : { timers };
}

/** As the tree's own files set Nova's ratios. */
function overcommitOf({ own: { fields } }: KollaSource): object {
  const ratios = (['vcpus', 'memory'] as const).flatMap((name) => {
    const ratio = Number(fields.get(`overcommit.${name}`));
    return ratio >= 1 && ratio <= (name === 'vcpus' ? 16 : 2) ? [[name, ratio] as const] : [];
  });
  return ratios.length === 0 ? {} : { overcommit: Object.fromEntries(ratios) };
}

const URL = /^https?:\/\/[\w.:-]+/;

/** Kolla's public endpoint of Keystone, and the entry that `kolla-ansible post-deploy` writes. */
function endpointOf(facts: Facts): object {
  const isEncrypted = facts.isOn('kolla_enable_tls_external') ?? false;
  const host =
    facts.text('kolla_external_fqdn') ??
    facts.text('kolla_external_vip_address') ??
    facts.text('kolla_internal_fqdn') ??
    facts.text('kolla_internal_vip_address');
  const url = `${isEncrypted ? 'https' : 'http'}://${host ?? ''}:5000/v3`;
  return {
    authUrl:
      host !== undefined && URL.test(url)
        ? url
        : new Open('which URL has Keystone?', 'https://cloud.example.org:5000/v3'),
    region: facts.text('openstack_region_name') ?? 'RegionOne',
    cloudsYaml: 'kolla-admin',
  };
}

function layoutOf(source: KollaSource): string {
  const control = membersIn(source, 'control');
  if (control.length < 2) return 'starter';
  const own = ['mariadb', 'rabbitmq', 'ovn-database', 'loadbalancer'].filter(
    (group) => !isSame(membersIn(source, group), control),
  );
  return own.length > 0 ? 'separated' : 'converged';
}

function hardwareOf(hosts: Record<string, unknown>): object {
  const kinds = [...new Set(Object.values(hosts).map((group) => (group as { hardware: string }).hardware))];
  return Object.fromEntries(
    kinds.map((kind) => [
      kind,
      {
        vcpus: new Open(`how many hardware threads has a host of kind ${kind}?`, 16),
        memoryGiB: new Open(`how much memory has a host of kind ${kind}?`, 64),
        diskGiB: new Open(`how much local disk for instances has a host of kind ${kind}?`, 100),
      },
    ]),
  );
}

interface Vips {
  readonly internal: { readonly address: unknown; readonly fqdn: unknown };
  readonly external?: { readonly address: unknown; readonly fqdn: unknown };
}

function vipsOf(facts: Facts): (Vips & Record<string, unknown>) | undefined {
  if (facts.isOn('enable_haproxy') === false) return undefined;
  const address = (key: string) => facts.text(key);
  const internal = address('kolla_internal_vip_address') ?? facts.network('internal', 'vip_address');
  const external = address('kolla_external_vip_address') ?? facts.network('public', 'vip_address');
  const fqdn = (key: string, standIn: string) => {
    const name = facts.text(key);
    return name !== undefined && !isIpv4(name)
      ? name
      : new Open(
          'which name does the address have? The tree has none; certificates and the catalogue carry it',
          standIn,
        );
  };
  const isOwn = external !== undefined && external !== internal;
  return {
    internal: {
      address: internal ?? new Open('which virtual address does the internal API have?', '192.0.2.250'),
      fqdn: fqdn('kolla_internal_fqdn', 'internal.example.org'),
    },
    ...(isOwn ? { external: { address: external, fqdn: fqdn('kolla_external_fqdn', 'cloud.example.org') } } : {}),
    routerId: Number(facts.text('keepalived_virtual_router_id') ?? '51'),
    tls: {
      internal: facts.isOn('kolla_enable_tls_internal') ?? false,
      external:
        facts.isOn('kolla_enable_tls_external') ?? (isOwn ? false : (facts.isOn('kolla_enable_tls_internal') ?? false)),
    },
  };
}

function planesOf(facts: Facts, hosts: readonly string[], vips: Vips | undefined): object {
  const own = (key: string, standIn: string) => {
    const name = facts.text(key) ?? (facts.isSetByHosts(key) ? undefined : standIn);
    return name !== undefined && /^[a-z][a-z0-9._-]{0,14}$/.test(name)
      ? name
      : new Open('which interface? Hosts have their own, or a template: theirs stay as they are', standIn);
  };
  const internal = facts.text('network_interface');
  const plane = (role: string, name: string, seen: readonly unknown[]) => ({
    cidr:
      facts.network(role, 'cidr') ??
      new Open(`which range is the ${name} network? The tree has single addresses alone`, around(seen)),
    ...number('vlan', facts.network(role, 'vlan')),
    ...number('mtu', facts.network(role, 'mtu')),
  });
  const tunnel = facts.text('tunnel_interface');
  const addresses = [...hosts.map((host) => facts.address(host)), vips?.internal.address];
  return {
    internal: { ...plane('internal', 'internal', addresses), interface: own('network_interface', 'eth0') },
    ...(vips?.external === undefined
      ? {}
      : {
          external: {
            ...plane('public', 'external', [vips.external.address]),
            interface:
              facts.text('kolla_external_vip_interface') === undefined
                ? own('network_interface', 'eth0')
                : own('kolla_external_vip_interface', 'eth0'),
          },
        }),
    ...(tunnel === undefined || tunnel === internal
      ? {}
      : { tunnel: { ...plane('tunnel', 'tunnel', ['198.51.100.1']), interface: own('tunnel_interface', 'eth2') } }),
  };
}

function number(key: string, text: string | undefined): object {
  return text === undefined || !/^\d{1,5}$/.test(text) ? {} : { [key]: Number(text) };
}

/** The smallest range with all addresses, of at least a /24: only for the comparison. */
function around(addresses: readonly unknown[]): string {
  const known = addresses.filter((each): each is string => typeof each === 'string' && isIpv4(each));
  const [first = '192.0.2.1'] = known;
  for (let length = 24; length > 0; length -= 1) {
    const range = Cidr.parse(`${first}/32`).widened(length);
    if (known.every((each) => range.offsetOf(each) !== undefined)) return range.toString();
  }
  return '0.0.0.0/0';
}

function storageOf(facts: Facts, hosts: number): object {
  const isCeph = ['cinder_backend_ceph', 'glance_backend_ceph', 'nova_backend_ceph'].some(
    (key) => facts.isOn(key) === true,
  );
  const backend = isCeph
    ? 'ceph'
    : facts.isOn('enable_cinder_backend_nfs') === true
      ? 'nfs'
      : hosts > 0
        ? 'lvm'
        : 'fake';
  return {
    backend,
    ...(isCeph ? {} : { replicas: 1 }),
    failureDomain: 'host',
    usableGiB: new Open('how much can volumes take in all, in GiB, after replication?', 1024),
    volumeTypes: new Open('which volume types does Cinder have? Write at least one, such as standard: {}', {
      standard: {},
    }),
  };
}

function dnsOf(facts: Facts): object {
  const zone = facts.text('neutron_dns_domain')?.replace(/\.$/, '');
  return {
    zone: zone ?? new Open('under which DNS zone do environments get their names?', 'dev.example.org'),
    email: new Open('who is asked about the zone? An e-mail address', 'dns@example.org'),
  };
}

const DISTRIBUTIONS = ['debian', 'ubuntu', 'rocky', 'centos'];

function kollaOf(name: string, facts: Facts): object {
  const distribution = facts.text('kolla_base_distro') ?? 'rocky';
  const services = EXTRA_SERVICES.filter((service) => facts.isOnOrDefault(`enable_${service.replaceAll('-', '_')}`));
  return {
    secrets: `/etc/kolla/${name}`,
    ...(DISTRIBUTIONS.includes(distribution) ? { baseDistro: distribution } : {}),
    ...(services.length === 0 ? {} : { services }),
    ...(facts.text('kolla_container_engine') === 'podman' ? { containerEngine: 'podman' } : {}),
  };
}
