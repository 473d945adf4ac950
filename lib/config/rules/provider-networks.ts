import { Cidr } from '../../net/cidr.ts';
import { parseIpv4 } from '../../net/ipv4.ts';
import { isWithin, without } from '../../net/ranges.ts';
import type { Problem } from '../diagnostic.ts';
import type { Origin } from '../origin.ts';
import type { Cloud } from '../schema/cloud.ts';
import type { RuleInput } from './rule.ts';

type Network = Cloud['networks'][string];

/** Provider networks: gateway and allocation inside the range and apart, VLANs numbered, no segment carried twice, no interface without one. */
export function checkProviderNetworks({ clouds }: RuleInput): Problem[] {
  return [...clouds.values()].flatMap(({ value, origin }) => {
    const segments = new Map<string, string>();
    const networks = Object.entries(value.networks).flatMap(([name, network]) => {
      const at = origin.at('networks', name);
      return [...segment(network, at, segments, name), ...addresses(network, at)];
    });
    return [...networks, ...unusedInterfaces(value, origin)];
  });
}

function unusedInterfaces({ networks, kolla }: Cloud, origin: Origin): Problem[] {
  const used = new Set(Object.values(networks).map(({ physicalNetwork }) => physicalNetwork));
  return Object.keys(kolla?.providerInterfaces ?? {}).flatMap((physical) => {
    if (used.has(physical)) return [];
    const at = origin.at('kolla', 'providerInterfaces', physical);
    const message = `got "${physical}"; no network is on it`;
    const options = { key: true, severity: 'warning' } as const;
    return [at.problem('unused-physical-network', message, 'remove it, or write the network', options)];
  });
}

function segment(network: Network, at: Origin, segments: Map<string, string>, name: string): Problem[] {
  if (network.type === 'vlan' && network.segment === undefined) {
    return [
      at
        .at('type')
        .problem('missing-segment', 'got "vlan" without a segment; a VLAN has a number', 'write segment: <VLAN id>'),
    ];
  }
  if (network.type === 'flat' && network.segment !== undefined) {
    const message = `got ${network.segment}; a flat network is untagged`;
    return [at.at('segment').problem('segment-of-flat', message, 'remove it, or write type: vlan')];
  }
  const key = `${network.physicalNetwork} ${network.type} ${network.segment ?? ''}`;
  const other = segments.get(key);
  segments.set(key, other ?? name);
  if (other === undefined) return [];
  if (network.type === 'flat') {
    const message = `got "${network.physicalNetwork}", which carries the flat network ${other} already, and can carry only one`;
    return [
      at.at('physicalNetwork').problem('duplicate-segment', message, 'name another physical network, or use VLANs'),
    ];
  }
  const message = `got ${network.segment ?? ''}; network ${other} has this VLAN on ${network.physicalNetwork}`;
  return [at.at('segment').problem('duplicate-segment', message, 'write a VLAN id of its own')];
}

function addresses({ cidr, gateway, allocation }: Network, at: Origin): Problem[] {
  const range = Cidr.parse(cidr);
  const outside = (address: string, path: readonly string[], what: string, instead: string) =>
    range.isUsable(address)
      ? []
      : [at.at(...path).problem('address-outside-network', `got ${address}; ${what} is inside ${cidr}`, instead)];
  const problems = [
    ...outside(gateway, ['gateway'], 'the gateway', gatewayFix(range, allocation)),
    ...outside(
      allocation.first,
      ['allocation', 'first'],
      'the first address',
      firstFix(range, gateway, allocation.last),
    ),
    ...outside(allocation.last, ['allocation', 'last'], 'the last address', lastFix(range, gateway, allocation.first)),
  ];
  if (problems.length > 0) return problems;
  const [first, last] = [parseIpv4(allocation.first), parseIpv4(allocation.last)];
  if (first > last) {
    const message = `got ${allocation.last}; the allocation ends before it begins, at ${allocation.first}`;
    return [
      at.at('allocation', 'last').problem('allocation-reversed', message, lastFix(range, gateway, allocation.first)),
    ];
  }
  const exceptions = checkExceptions(allocation, at.at('allocation', 'except'));
  if (exceptions.length > 0) return exceptions;
  if (without(allocation, allocation.except).some((pool) => isWithin(gateway, pool))) {
    const message = `got ${gateway}; Neutron would give this address out (allocation ${allocation.first} to ${allocation.last})`;
    return [at.at('gateway').problem('gateway-allocated', message, gatewayFix(range, allocation))];
  }
  return [];
}

/** Exceptions lie inside the allocation, end after they begin, and leave some of it. */
function checkExceptions(allocation: Network['allocation'], at: Origin): Problem[] {
  const found = allocation.except.flatMap(({ first, last }, index): Problem[] => {
    const here = at.at(index, 'last');
    if (parseIpv4(first) > parseIpv4(last))
      return [
        here.problem(
          'allocation-reversed',
          `got ${last}; it ends before it begins, at ${first}`,
          `write ${first} or a later one`,
        ),
      ];
    const outside = (
      [
        ['first', first],
        ['last', last],
      ] as const
    ).find(([, address]) => !isWithin(address, allocation));
    if (outside === undefined) return [];
    const message = `got ${outside[1]}; what is excepted is inside the allocation, ${allocation.first} to ${allocation.last}`;
    return [at.at(index, outside[0]).problem('address-outside-network', message, `write ${allocation[outside[0]]}`)];
  });
  if (found.length > 0 || without(allocation, allocation.except).length > 0) return found;
  const message = 'got every address of the allocation; Neutron would give out none';
  return [at.problem('allocation-empty', message, 'remove it, or enlarge the allocation', { key: true })];
}

/** The first usable address of the network that Neutron does not give out. */
function gatewayFix(range: Cidr, { first, last }: Network['allocation']): string {
  const [from, to] = [parseIpv4(first), parseIpv4(last)];
  const free = [range.address(1), range.address(-2)].find((each) => parseIpv4(each) < from || parseIpv4(each) > to);
  return free === undefined ? 'shorten the allocation: it has every address' : `write ${free}, if the router has it`;
}

/** The lowest address that an allocation may begin with which ends at `last`, the gateway outside it. */
function firstFix(range: Cidr, gateway: string, last: string): string {
  const router = offsetIn(range, gateway);
  const end = offsetIn(range, last) ?? range.size - 2;
  return `write ${range.address(router !== undefined && router < end ? router + 1 : 1)}`;
}

/** The highest address that an allocation may end with which begins at `first`, the gateway outside it. */
function lastFix(range: Cidr, gateway: string, first: string): string {
  const router = offsetIn(range, gateway);
  const begin = offsetIn(range, first) ?? (router === undefined ? 1 : router + 1);
  return `write ${range.address(router !== undefined && router > begin ? router - 1 : range.size - 2)}`;
}

function offsetIn(range: Cidr, address: string): number | undefined {
  return range.isUsable(address) ? range.offsetOf(address) : undefined;
}
