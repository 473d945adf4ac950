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
  return [...clouds.values()].flatMap((cloud) => {
    const offsets = new Map<number, string>();
    return [...groups(cloud, offsets), ...vips(cloud, offsets)];
  });
}

/** Fills `offsets`: which host has which offset, the same on every plane. */
function groups({ value, origin }: Entity<Cloud>, offsets: Map<number, string>): Problem[] {
  const internal = Cidr.parse(value.planes.internal.cidr);
  return Object.entries(value.hosts).flatMap(([group, { firstAddress, count }]) => {
    const at = origin.at('hosts', group, 'firstAddress');
    const first = internal.offsetOf(firstAddress);
    if (first === undefined || first === 0) {
      const fix = `write an address from ${internal.address(1)} to ${internal.address(-2)}`;
      return [
        at.problem(
          'address-outside-plane',
          `got ${firstAddress}; hosts live in planes.internal, ${internal.toString()}`,
          fix,
        ),
      ];
    }
    const last = first + count - 1;
    // The broadcast address is nobody's.
    const small = planesOf(value).filter(([, plane]) => last >= Cidr.parse(plane.cidr).size - 1);
    if (small.length > 0) {
      const message = `got ${firstAddress} for ${counted(count, 'host')}; the last one is beyond the end of ${small.map(([name]) => `planes.${name}`).join(', ')}`;
      return [at.problem('plane-too-small', message, 'start lower, or make the plane larger')];
    }
    const taken = Array.from({ length: count }, (_, index) => first + index).find((offset) => offsets.has(offset));
    const owner = taken === undefined ? undefined : offsets.get(taken);
    for (let index = 0; index < count; index += 1) {
      if (!offsets.has(first + index)) offsets.set(first + index, `${group}-${index + 1}`);
    }
    if (taken === undefined) return [];
    const message = `got ${firstAddress} for ${counted(count, 'host')}; ${internal.address(taken)} belongs to ${owner ?? ''}`;
    const free = freeRun(offsets, count, internal.size);
    return [
      at.problem(
        'address-taken',
        message,
        free === undefined ? 'make the planes larger' : `write ${internal.address(free)}`,
      ),
    ];
  });
}

/** The first offset of as many free ones in a row; the first ten are left to routers. */
function freeRun(offsets: ReadonlyMap<number, string>, length: number, size: number): number | undefined {
  let run = 0;
  for (let offset = 10; offset < size - 1; offset += 1) {
    run = offsets.has(offset) ? 0 : run + 1;
    if (run === length) return offset - length + 1;
  }
  return undefined;
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
      const fix = `write planes.${which}, or remove vips.${which}`;
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
    const message = `got "${external.fqdn}"; the internal VIP has this name, and one name leads to one address`;
    problems.push(
      origin.at('vips', 'external', 'fqdn').problem('vip-name-taken', message, 'give each VIP a name of its own'),
    );
  }
  return problems;
}

/** From the end of the plane, where no host grows into it. */
function freeVip(range: Cidr, offsets: ReadonlyMap<number, string>): string {
  let offset = range.size - 6;
  while (offset > 1 && offsets.has(offset)) offset -= 1;
  return formatIpv4(parseIpv4(range.address(0)) + Math.max(1, offset));
}
