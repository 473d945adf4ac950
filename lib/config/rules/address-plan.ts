import { Cidr, firstFree } from '../../net/cidr.ts';
import type { Problem } from '../diagnostic.ts';
import type { Origin } from '../origin.ts';
import { areShared, planesOf } from './planes.ts';
import type { RuleInput } from './rule.ts';

interface Range {
  readonly cidr: Cidr;
  /** Who has it, as another file's problem names it. */
  readonly owner: string;
  readonly at: Origin;
  /** Whether any private range would do; a provider network may have public addresses, which somebody assigns. */
  readonly isOurs: boolean;
  /** Whether it is the network of another range too, so that the two may be the same. @default no */
  readonly isShared?: (other: Range) => boolean;
  /** Site of a tenant pool: no route leads to it from another site. @default none */
  readonly poolSite?: string;
}

const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map((text) => Cidr.parse(text));

/** Ranges that mean something else to every machine. */
const SPECIAL = [
  ['0.0.0.0/8', '"this network"'],
  ['127.0.0.0/8', 'loopback'],
  ['169.254.0.0/16', 'link-local addresses, the metadata service among them'],
  ['224.0.0.0/3', 'multicast and reserved addresses'],
] as const;

/**
 * Planes, provider networks and tenant pools of every cloud, VPCs of every environment, networks of links: one plan without overlap. Tenant pools of
 * clouds at different sites may be the same: only floating addresses are reached from elsewhere.
 */
export function checkAddressPlan(input: RuleInput): Problem[] {
  const ranges = rangesOf(input);
  const taken = ranges.map((range) => range.cidr);
  const problems: Problem[] = [];
  const propose = (range: Range): string => {
    const free = range.isOurs ? firstFree(PRIVATE, taken, range.cidr.prefixLength) : undefined;
    if (free === undefined) return 'write a range that nobody else has';
    // Two problems of one run are not given the same range.
    taken.push(free);
    return `write ${free.toString()}, which is free`;
  };
  for (const [index, range] of ranges.entries()) {
    const special = SPECIAL.find(([cidr]) => Cidr.parse(cidr).overlaps(range.cidr));
    if (special !== undefined) {
      const message = `got ${range.cidr.toString()}; ${special[0]} is for ${special[1]}`;
      problems.push(range.at.problem('special-range', message, propose(range)));
      continue;
    }
    const other = ranges
      .slice(0, index)
      .find((before) => before.cidr.overlaps(range.cidr) && range.isShared?.(before) !== true);
    if (other === undefined) continue;
    const message = `got ${range.cidr.toString()}; it overlaps ${other.owner}, ${other.cidr.toString()}, and routes could reach only one of them`;
    problems.push(range.at.problem('overlap', message, propose(range)));
  }
  return problems;
}

/**
 * A private range of a prefix length that nothing else has, for what stands at `own` today: around it where that is free, so
 * that the fewest addresses change. Undefined where none is left.
 * @param proposed ranges that somebody else was told to take
 */
export function freeRange(
  input: RuleInput,
  own: Cidr,
  prefixLength: number,
  proposed: readonly Cidr[] = [],
): Cidr | undefined {
  const ranges = [...rangesOf(input).map(({ cidr }) => cidr), ...proposed];
  const others = ranges.filter((cidr) => cidr.toString() !== own.toString());
  const around = prefixLength <= own.prefixLength ? own.widened(prefixLength) : undefined;
  const isFree = (cidr: Cidr) =>
    PRIVATE.some((pool) => pool.contains(cidr)) && !others.some((other) => other.overlaps(cidr));
  return around !== undefined && isFree(around) ? around : firstFree(PRIVATE, ranges, prefixLength);
}

/** In the order in which they keep their range: what is built longest moves last. */
function rangesOf({ clouds, environments, links }: RuleInput): Range[] {
  const ranges: Range[] = [];
  const add = (owner: string, text: string, at: Origin, isAssigned = false, isShared?: Range['isShared']) => {
    const cidr = Cidr.parse(text);
    const isOurs = !isAssigned || PRIVATE.some((pool) => pool.contains(cidr));
    ranges.push({ cidr, owner, at, isOurs, ...(isShared === undefined ? {} : { isShared }) });
  };
  for (const { name, value, origin } of clouds.values()) {
    const ownerOf = (plane: string) => `planes.${plane} of cloud ${name}`;
    for (const [plane, { cidr }] of planesOf(value)) {
      const isShared = (other: Range) =>
        other.cidr.toString() === cidr &&
        planesOf(value).some(([each]) => ownerOf(each) === other.owner && areShared(value, plane, each));
      add(ownerOf(plane), cidr, origin.at('planes', plane, 'cidr'), false, isShared);
    }
    for (const [network, { cidr }] of Object.entries(value.networks)) {
      add(`networks.${network} of cloud ${name}`, cidr, origin.at('networks', network, 'cidr'), true);
    }
    for (const [pool, { cidr }] of Object.entries(value.tenants)) {
      const { site } = value;
      const at = origin.at('tenants', pool, 'cidr');
      const isElsewhere = (other: Range) =>
        site !== undefined && other.poolSite !== undefined && other.poolSite !== site;
      ranges.push({
        ...{
          cidr: Cidr.parse(cidr),
          owner: `tenants.${pool} of cloud ${name}`,
          at,
          isOurs: true,
          isShared: isElsewhere,
        },
        ...(site === undefined ? {} : { poolSite: site }),
      });
    }
  }
  for (const { name, value, origin } of environments.values()) {
    add(`the VPC of environment ${name}`, value.cluster.network.cidr, origin.at('cluster', 'network', 'cidr'));
  }
  for (const { name, value, origin } of links.values())
    add(`the network of link ${name}`, value.network, origin.at('network'));
  return ranges;
}
