import type { Problem } from '../../config/diagnostic.ts';
import { interfaceOf } from '../../config/hosts.ts';
import type { Entity } from '../../config/project.ts';
import { areShared, planesOf } from '../../config/rules/planes.ts';
import type { RuleInput } from '../../config/rules/rule.ts';
import type { Cloud } from '../../config/schema/cloud.ts';
import { hostsFor, PLANES, type PlaneName, topologyOf } from '../topology/topology.ts';
import { isHighlyAvailable, severityFor } from './availability-level.ts';

/**
 * What Geneve adds to a tenant's packet with OVN over IPv4, in bytes: IP 20, UDP 8, Geneve 8 with 8 of OVN's options, and the inner
 * Ethernet header 14. Neutron's `max_header_size` 38 is all of it but the IP header.
 */
const GENEVE_OVERHEAD = 58;

/** Planes that a layout needs are there and apart, tunnels carry tenants' packets whole, physical networks have bridges of their own. */
export function checkNetworks({ clouds }: RuleInput): Problem[] {
  return [...clouds.values()].flatMap((cloud) => [
    ...(isHighlyAvailable(cloud.value) ? [...missingPlanes(cloud), ...sharedInterfaces(cloud)] : []),
    ...ownInterfaces(cloud),
    ...ownProviderInterfaces(cloud),
    ...tunnelMtu(cloud),
    ...physicalNetworks(cloud),
  ]);
}

function missingPlanes({ value, origin }: Entity<Cloud>): Problem[] {
  const { layout, storage, planes } = value;
  const needed: [PlaneName, string][] = [['tunnel', "tenants' traffic could saturate the network of the API"]];
  if (storage.backend === 'ceph' || storage.backend === 'nfs')
    needed.push(['storage', 'volume traffic could delay the heartbeats of quorums, and look like a failure']);
  if (layout === 'separated') {
    needed.push(['external', 'clients would reach the internal API']);
    if (storage.backend === 'ceph')
      needed.push(['storageCluster', "a rebuild of Ceph would take its clients' bandwidth"]);
  }
  return needed
    .filter(([plane]) => planes[plane] === undefined)
    .map(([plane, why]) =>
      origin
        .at('planes')
        .problem(
          'plane-missing',
          `got no plane ${plane}; layout ${layout} needs it: without it, ${why}`,
          `add planes.${plane}, with an interface and a range of its own`,
          {
            key: true,
          },
        ),
    );
}

function sharedInterfaces({ value, origin }: Entity<Cloud>): Problem[] {
  const seen = new Map<string, string>();
  return planesOf(value).flatMap(([name, plane]) => {
    const other = seen.get(plane.interface);
    seen.set(plane.interface, other ?? name);
    if (other === undefined || areShared(value, name, other)) return [];
    const message = `got "${plane.interface}"; plane ${other} is on it, so the two are one network`;
    return [
      origin
        .at('planes', name, 'interface')
        .problem(
          'planes-share-interface',
          message,
          'write an interface of its own, such as a VLAN of the bond, or name both planes in sharedPlanes',
        ),
    ];
  });
}

/** The plane that a group's hosts have on an interface, other than through the internal one. */
function ownInterfaces(cloud: Entity<Cloud>): Problem[] {
  const { value, origin } = cloud;
  const balancers = hostsFor(topologyOf(cloud.name, value), 'load-balancer').map(({ group }) => group);
  return Object.entries(value.hosts).flatMap(([group, { interfaces }]) => {
    const at = (plane: string) => origin.at('hosts', group, 'interfaces', plane);
    const seen = new Map<string, string>();
    return (Object.keys(interfaces) as PlaneName[]).length === 0
      ? []
      : PLANES.flatMap((plane): Problem[] => {
          const written = interfaces[plane];
          const name = interfaceOf(value, group, plane);
          if (name === undefined) {
            if (written === undefined) return [];
            const message = `got "${written}"; the cloud has no plane ${plane}`;
            return [at(plane).problem('interface-without-plane', message, `remove it, or write planes.${plane}`)];
          }
          const other = seen.get(name);
          seen.set(name, other ?? plane);
          if (other === undefined || areShared(value, plane, other)) return [];
          const where = written === undefined ? at(other) : at(plane);
          if (other !== 'internal') {
            const message = `got "${name}"; plane ${written === undefined ? plane : other} is on it, so the two are one network for these hosts`;
            const fix = 'write an interface of its own, or that of the internal plane';
            return [where.problem('planes-share-interface', message, fix)];
          }
          if (plane !== 'external' || value.vips?.external === undefined || !balancers.includes(group)) return [];
          const message = `got "${name}", on which the internal plane is; these hosts hold the external VIP, which no router brings there`;
          return [where.problem('vip-interface', message, 'write an interface on the external plane')];
        });
  });
}

function tunnelMtu(cloud: Entity<Cloud>): Problem[] {
  const { planes, tenantMtu } = cloud.value;
  const plane = planes.tunnel === undefined ? 'internal' : 'tunnel';
  const { mtu } = planes[plane] ?? planes.internal;
  if (mtu >= tenantMtu + GENEVE_OVERHEAD) return [];
  const message = `got ${tenantMtu}; with ${GENEVE_OVERHEAD} bytes of Geneve a packet is ${tenantMtu + GENEVE_OVERHEAD} bytes, and plane ${plane} carries ${mtu}: larger packets would be dropped`;
  return [
    cloud.origin
      .at('tenantMtu')
      .problem('tunnel-mtu', message, `write ${mtu - GENEVE_OVERHEAD} or less, or raise planes.${plane}.mtu`, {
        severity: severityFor(cloud),
      }),
  ];
}

/** As many physical networks as bridges and interfaces: Kolla-Ansible joins the three lists by their order. */
function physicalNetworks({ value, origin }: Entity<Cloud>): Problem[] {
  const { kolla, networks } = value;
  if (kolla === undefined) return [];
  const problems: Problem[] = [];
  const at = origin.at('kolla', 'providerInterfaces');
  const used = new Map(Object.entries(networks).map(([name, network]) => [network.physicalNetwork, name]));
  for (const [physical, network] of used) {
    if (Object.hasOwn(kolla.providerInterfaces, physical)) continue;
    const message = `got nothing for ${physical}, which network ${network} is on; every physical network needs an interface for its bridge`;
    problems.push(
      at.problem('physical-network-without-interface', message, `write ${physical}: <interface of the network hosts>`, {
        key: true,
      }),
    );
  }
  const interfaces = new Map<string, string>();
  const bridges = new Map<string, string>();
  for (const [physical, name] of Object.entries(kolla.providerInterfaces)) {
    const here = at.at(physical);
    const plane = planesOf(value).find(([, each]) => each.interface === name);
    const taken = interfaces.get(name);
    const bridge = `br-${physical}`.slice(0, 15);
    const twin = bridges.get(bridge);
    interfaces.set(name, taken ?? physical);
    bridges.set(bridge, twin ?? physical);
    if (plane !== undefined) {
      const message = `got "${name}"; plane ${plane[0]} is on it, and an interface in a bridge loses its addresses`;
      problems.push(
        here.problem(
          'provider-interface-is-plane',
          message,
          'write an interface without addresses, such as the bond itself',
        ),
      );
    } else if (taken !== undefined) {
      const message = `got "${name}"; physical network ${taken} is on it, and an interface is in one bridge`;
      problems.push(here.problem('provider-interface-taken', message, 'write an interface of its own'));
    }
    if (twin !== undefined) {
      const message = `got "${physical}"; its bridge would be ${bridge}, as that of ${twin}: Linux reads 15 characters`;
      problems.push(
        here.problem('bridge-name-taken', message, 'write names that differ in their first 12 characters', {
          key: true,
        }),
      );
    }
  }
  return [...problems, ...segments({ value, origin })];
}

/** An interface of a group's hosts that carries a physical network carries no plane of theirs. */
function ownProviderInterfaces({ value, origin }: Pick<Entity<Cloud>, 'value' | 'origin'>): Problem[] {
  return Object.entries(value.hosts).flatMap(([group, { interfaces, providerInterfaces }]) => {
    const carried = { ...value.kolla?.providerInterfaces, ...providerInterfaces };
    return Object.entries(carried).flatMap(([physical, name]) => {
      const plane = PLANES.find((each) => interfaceOf(value, group, each) === name);
      const isOwn = Object.hasOwn(providerInterfaces, physical);
      if (plane === undefined || !(isOwn || interfaces[plane] !== undefined)) return [];
      const at = isOwn ? (['providerInterfaces', physical] as const) : (['interfaces', plane] as const);
      const message = isOwn
        ? `got "${name}"; plane ${plane} of these hosts is on it, and an interface in a bridge loses its addresses`
        : `got "${name}"; physical network ${physical} is on it, and an interface in a bridge loses its addresses`;
      const fix = isOwn ? 'write an interface without addresses, such as the bond itself' : 'write another interface';
      return [origin.at('hosts', group, ...at).problem('provider-interface-is-plane', message, fix)];
    });
  });
}

/** A provider network on a trunk that carries the planes too has a VLAN that is none of theirs. */
function segments({ value, origin }: Pick<Entity<Cloud>, 'value' | 'origin'>): Problem[] {
  const trunk = (name: string) => name.split('.')[0] ?? name;
  return Object.entries(value.networks).flatMap(([name, { segment, physicalNetwork }]) => {
    const carrier = value.kolla?.providerInterfaces[physicalNetwork];
    if (segment === undefined || carrier === undefined) return [];
    const plane = planesOf(value).find(([, each]) => each.vlan === segment && trunk(each.interface) === trunk(carrier));
    if (plane === undefined) return [];
    const message = `got ${segment}; plane ${plane[0]} has this VLAN on ${trunk(carrier)}, so tenants would share the plane's network`;
    return [origin.at('networks', name, 'segment').problem('segment-is-plane', message, 'write a VLAN id of its own')];
  });
}
