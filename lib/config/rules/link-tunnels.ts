import { Cidr } from '../../net/cidr.ts';
import type { Problem } from '../diagnostic.ts';
import { largestInside } from '../link/sizes.ts';
import { RESERVED_INSIDE } from '../link/tunnels.ts';
import type { Entity } from '../project.ts';
import type { Link } from '../schema/link.ts';
import type { RuleInput } from './rule.ts';

const LINK_LOCAL = Cidr.parse('169.254.0.0/16');
/** Four tunnels have a /30 each. */
const INSIDE = 28;
const METADATA = '169.254.169.254';
/** What ways outside carry, where nobody says otherwise. */
const ETHERNET = 1500;

/** Inside addresses that AWS takes and nobody else has, and packets that fit. */
export function checkLinkTunnels({ links, clouds }: RuleInput): Problem[] {
  const taken: { readonly name: string; readonly cidr: Cidr }[] = [];
  return [...links.values()].flatMap((link) => {
    const found = [...inside(link, taken), ...sizes(link, clouds.get(link.value.cloud)?.value.tenantMtu)];
    taken.push({ name: link.name, cidr: Cidr.parse(link.value.tunnels.inside) });
    return found;
  });
}

function inside(
  { value, origin }: Entity<Link>,
  taken: readonly { readonly name: string; readonly cidr: Cidr }[],
): Problem[] {
  const own = Cidr.parse(value.tunnels.inside);
  const at = origin.at('tunnels', 'inside');
  const fix = `write ${freeInside(taken.map(({ cidr }) => cidr))}, which is free`;
  if (own.prefixLength !== INSIDE || !LINK_LOCAL.contains(own))
    return [
      at.problem(
        'inside-range',
        `got ${own.toString()}; the four tunnels have a /30 each in a /${INSIDE} of ${LINK_LOCAL.toString()}`,
        fix,
      ),
    ];
  const reserved = RESERVED_INSIDE.find((each) => own.overlaps(Cidr.parse(each)));
  if (reserved !== undefined)
    return [at.problem('reserved-inside-range', `got ${own.toString()}; AWS keeps ${reserved} in it`, fix)];
  const other = taken.find(({ cidr }) => cidr.overlaps(own));
  if (other === undefined) return [];
  return [
    at.problem(
      'overlap',
      `got ${own.toString()}; link ${other.name} has ${other.cidr.toString()}, and one gateway of AWS may not have it twice`,
      fix,
    ),
  ];
}

function freeInside(taken: readonly Cidr[]): string {
  const kept = RESERVED_INSIDE.map((each) => Cidr.parse(each));
  const free = LINK_LOCAL.subnets(INSIDE).find(
    (each) => !each.contains(METADATA) && ![...kept, ...taken].some((other) => other.overlaps(each)),
  );
  return String(free);
}

function sizes({ value, origin }: Entity<Link>, tenantMtu: number | undefined): Problem[] {
  const { mtu } = value.tunnels;
  const at = origin.at('tunnels', 'mtu');
  const most = largestInside(ETHERNET);
  if (mtu > most) {
    const message = `got ${mtu}; a way of ${ETHERNET} bytes carries ${most} inside a tunnel, and larger packets would be cut`;
    return [at.problem('link-mtu', message, `write ${most} or less`)];
  }
  if (tenantMtu === undefined || mtu <= tenantMtu) return [];
  const message = `got ${mtu}; networks of dev environments carry ${tenantMtu}, and what comes from AWS would not fit`;
  return [at.problem('link-mtu', message, `write ${tenantMtu}`)];
}
