import { Cidr } from '../../net/cidr.ts';
import { formatIpv4, parseIpv4 } from '../../net/ipv4.ts';
import { counted } from '../../text/plural.ts';
import type { Problem } from '../diagnostic.ts';
import type { Entity } from '../project.ts';
import type { Cloud } from '../schema/cloud.ts';
import { planesOf } from './planes.ts';
import type { RuleInput } from './rule.ts';

/** Hosts have addresses of their own inside every plane; VIPs have others. */
export function checkHostAddresses({ clouds }: RuleInput): Problem[] {
  const names = new Map<string, string>();
  return [...clouds.values()].flatMap((cloud) => {
    const offsets = new Map<number, string>();
    return [...groups(cloud, offsets), ...vips(cloud, offsets), ...sharedNames(cloud, names)];
  });
}

/** Fills `offsets`: which host has which offset, the same on every plane. */
function groups({ value, origin }: Entity<Cloud>, offsets: Map<number, string>): Problem[] {
  const internal = Cidr.parse(value.planes.internal.cidr);
  const proposed = new Set<number>();
  return Object.entries(value.hosts).flatMap(([group, { firstAddress, count, names }]) => {
    const at = origin.at('hosts', group, 'firstAddress');
    const first = internal.offsetOf(firstAddress);
    const instead = () => freeRun(value, group, proposed);
    if (first === undefined || first === 0) {
      const message = `got ${firstAddress}; hosts have their addresses in planes.internal, ${internal.toString()}`;
      return [at.problem('address-outside-plane', message, instead())];
    }
    const last = first + count - 1;
    // The broadcast address is nobody's.
    const small = planesOf(value).filter(([, plane]) => last >= Cidr.parse(plane.cidr).size - 1);
    if (small.length > 0) {
      const message = `got ${firstAddress} for ${counted(count, 'host')}; the last address is beyond the end of ${small.map(([name]) => `planes.${name}`).join(', ')}`;
      return [at.problem('plane-too-small', message, instead())];
    }
    const taken = Array.from({ length: count }, (_, index) => first + index).find((offset) => offsets.has(offset));
    const owner = taken === undefined ? undefined : offsets.get(taken);
    for (let index = 0; index < count; index += 1) {
      if (!offsets.has(first + index)) offsets.set(first + index, names?.[index] ?? `${group}-${index + 1}`);
    }
    if (taken === undefined) return [];
    const message = `got ${firstAddress} for ${counted(count, 'host')}; ${internal.address(taken)} belongs to ${owner ?? ''}`;
    return [at.problem('address-taken', message, instead())];
  });
}

/**
 * What to write for a group: the first of as many addresses in a row that no other group and no VIP has, on every plane. The first
 * ten are kept for routers.
 */
function freeRun(cloud: Cloud, group: string, proposed: Set<number>): string {
  const internal = Cidr.parse(cloud.planes.internal.cidr);
  const taken = new Set(proposed);
  for (const [name, { firstAddress, count }] of Object.entries(cloud.hosts)) {
    const first = name === group ? undefined : internal.offsetOf(firstAddress);
    for (let index = 0; first !== undefined && index < count; index += 1) taken.add(first + index);
  }
  const planes = planesOf(cloud).map(([name, { cidr }]) => [name, Cidr.parse(cidr)] as const);
  for (const [name, range] of planes) {
    const vip = name === 'internal' || name === 'external' ? cloud.vips?.[name] : undefined;
    const offset = vip === undefined ? undefined : range.offsetOf(vip.address);
    if (offset !== undefined) taken.add(offset);
  }
  const size = Math.min(...planes.map(([, range]) => range.size));
  const length = cloud.hosts[group]?.count ?? 1;
  let run = 0;
  for (let offset = 10; offset < size - 1; offset += 1) {
    run = taken.has(offset) ? 0 : run + 1;
    if (run < length) continue;
    const first = offset - length + 1;
    for (let index = 0; index < length; index += 1) proposed.add(first + index);
    return `write ${internal.address(first)}`;
  }
  return 'make the planes larger';
}

function vips({ value, origin }: Entity<Cloud>, offsets: ReadonlyMap<number, string>): Problem[] {
  if (value.vips === undefined) return [];
  const problems: Problem[] = [];
  for (const which of ['internal', 'external'] as const) {
    const vip = value.vips[which];
    if (vip === undefined) continue;
    const at = origin.at('vips', which, 'address');
    const plane = value.planes[which];
    if (plane === undefined) {
      const fix = `remove it, or write planes.${which}`;
      problems.push(
        origin
          .at('vips', which)
          .problem('vip-without-plane', `got a VIP on the ${which} plane; the cloud has no such plane`, fix, {
            key: true,
          }),
      );
      continue;
    }
    const range = Cidr.parse(plane.cidr);
    if (!range.isUsable(vip.address)) {
      const message = `got ${vip.address}; a VIP is inside its plane, planes.${which}, ${range.toString()}`;
      problems.push(at.problem('vip-outside-plane', message, `write ${freeVip(range, offsets)}`));
      continue;
    }
    const owner = offsets.get(range.offsetOf(vip.address) ?? -1);
    if (owner !== undefined) {
      const message = `got ${vip.address}; it is the address of host ${owner} on this plane`;
      problems.push(at.problem('vip-taken', message, `write ${freeVip(range, offsets)}`));
    }
  }
  const { internal, external } = value.vips;
  if (external !== undefined && external.fqdn === internal.fqdn) {
    const message = `got "${external.fqdn}"; the internal VIP has this name, and one name resolves to one address`;
    problems.push(
      origin.at('vips', 'external', 'fqdn').problem('vip-name-taken', message, 'give each VIP a name of its own'),
    );
  }
  return problems;
}

/** Names of VIPs of another cloud; `names` has the cloud of each name so far. */
function sharedNames({ name, value: { vips }, origin }: Entity<Cloud>, names: Map<string, string>): Problem[] {
  return (['internal', 'external'] as const).flatMap((which) => {
    const fqdn = vips?.[which]?.fqdn;
    if (fqdn === undefined) return [];
    const other = names.get(fqdn);
    names.set(fqdn, other ?? name);
    if (other === undefined || other === name) return [];
    const message = `got "${fqdn}"; cloud ${other} has this name, and one name resolves to one address`;
    return [origin.at('vips', which, 'fqdn').problem('vip-name-shared', message, 'give each cloud names of its own')];
  });
}

/** From the end of the plane, where no host grows into it. */
function freeVip(range: Cidr, offsets: ReadonlyMap<number, string>): string {
  let offset = range.size - 6;
  while (offset > 1 && offsets.has(offset)) offset -= 1;
  return formatIpv4(parseIpv4(range.address(0)) + Math.max(1, offset));
}
