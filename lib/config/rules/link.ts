import { Cidr } from '../../net/cidr.ts';
import type { Problem } from '../diagnostic.ts';
import type { Entity } from '../project.ts';
import type { Environment } from '../schema/environment.ts';
import type { RuleInput } from './rule.ts';
import { unknownName } from './unknown-name.ts';

const LINK_LOCAL = Cidr.parse('169.254.0.0/16');

/** AWS keeps these for itself: https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html */
const KEPT_BY_AWS = [0, 1, 2, 3, 4, 5].map((third) => `169.254.${third}.0/30`).concat('169.254.169.252/30');

/** A link leads to a cloud; its tunnels have inside networks of their own, its two ends numbers of their own. */
export function checkLinks({ environments, names }: RuleInput): Problem[] {
  const owners = new Map<string, string>();
  return [...environments.values()].flatMap((environment) => {
    const { link } = environment.value;
    if (link === undefined) return [];
    const at = environment.origin.at('link');
    const problems = insideCidrs(environment, link.insideCidrs, owners);
    if (!names.cloud.has(link.cloud)) problems.push(unknownName(at.at('cloud'), 'cloud', link.cloud, names.cloud));
    if (link.amazonSideAsn === link.cloudSideAsn) {
      const message = `got ${link.cloudSideAsn}; the AWS side has it (amazonSideAsn), and the two ends of a BGP session differ`;
      problems.push(
        at
          .at('cloudSideAsn')
          .problem(
            'same-asn',
            message,
            `write another, such as ${link.amazonSideAsn === 65_534 ? 65_533 : link.amazonSideAsn + 1}`,
          ),
      );
    }
    return problems;
  });
}

function insideCidrs(
  { name, origin }: Entity<Environment>,
  cidrs: readonly string[],
  owners: Map<string, string>,
): Problem[] {
  return cidrs.flatMap((text, index) => {
    const at = origin.at('link', 'insideCidrs', index);
    const cidr = Cidr.parse(text);
    const owner = owners.get(text);
    if (owner === undefined) owners.set(text, name);
    const why =
      cidr.prefixLength !== 30 || !LINK_LOCAL.contains(cidr)
        ? 'the inside of a tunnel is a /30 in 169.254.0.0/16'
        : KEPT_BY_AWS.includes(text)
          ? 'AWS keeps this one for itself'
          : owner !== undefined
            ? `${owner === name ? 'another tunnel of this link' : `the link of environment ${owner}`} has it`
            : undefined;
    if (why === undefined) return [];
    return [at.problem('inside-cidr', `got ${text}; ${why}`, `write ${freeInside(cidrs, owners)}`)];
  });
}

function freeInside(own: readonly string[], owners: Map<string, string>): string {
  const free = Cidr.parse('169.254.10.0/23')
    .subnets(30)
    .map(String)
    .find((text) => !own.includes(text) && !owners.has(text));
  if (free === undefined) return 'another /30';
  owners.set(free, 'proposed');
  return `${free}, which is free`;
}
