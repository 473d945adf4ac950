import type { Problem } from '../../config/diagnostic.ts';
import type { Entity } from '../../config/project.ts';
import type { RuleInput } from '../../config/rules/rule.ts';
import type { Cloud } from '../../config/schema/cloud.ts';
import { Cidr } from '../../net/cidr.ts';
import { isIpv4 } from '../../net/ipv4.ts';
import { isWithin, without } from '../../net/ranges.ts';
import { topologyOf } from '../topology/topology.ts';
import { isHighlyAvailable } from './availability-level.ts';

/** What hosts need before any service runs: NTP servers and DNS resolvers that the cloud does not run itself. */
export function checkNtpAndDns({ clouds }: RuleInput): Problem[] {
  return [...clouds.values()].flatMap((cloud) =>
    isHighlyAvailable(cloud.value) ? [...timeSources(cloud), ...resolvers(cloud)] : [],
  );
}

/**
 * Two or more, so that one may fail. A client takes the time that most sources agree on: n wrong ones are outvoted by 2n + 1, and four
 * are advised, since three are two once one is gone (RFC 8633, section 3.2).
 */
function timeSources(cloud: Entity<Cloud>): Problem[] {
  const { sources } = cloud.value.time;
  const at = cloud.origin.at('time', 'sources');
  const problems = each(cloud, sources, ['time', 'sources'], 'time-source', 'synchronised clocks');
  const count = new Set(sources).size;
  const why = 'Galera, tokens and logs need clocks that agree';
  if (count < 2) {
    const message = `got ${count}; ${why}, and without a second NTP server the clocks drift apart when the first fails`;
    problems.push(at.problem('too-few-time-sources', message, 'name 4 NTP servers'));
  } else if (count < 4) {
    const message =
      count === 2
        ? 'got 2; where the two disagree, no host can tell which is wrong'
        : 'got 3; with one lost, two are left, and where those disagree no host can tell which is wrong';
    problems.push(at.problem('few-time-sources', message, 'name 4 NTP servers', { severity: 'warning' }));
  }
  return problems;
}

function resolvers(cloud: Entity<Cloud>): Problem[] {
  const { resolvers: addresses } = cloud.value;
  const problems = each(cloud, addresses, ['resolvers'], 'resolver', 'name resolution');
  const count = new Set(addresses).size;
  if (count >= 2) return problems;
  const message = `got ${count}; ${count === 1 ? 'when it fails, ' : ''}hosts resolve no names, and running services fail`;
  return [...problems, cloud.origin.at('resolvers').problem('too-few-resolvers', message, 'name 2 or more resolvers')];
}

/** Repeated ones, and those that the cloud itself would have to run. */
function each(
  cloud: Entity<Cloud>,
  named: readonly string[],
  path: readonly string[],
  what: 'time-source' | 'resolver',
  lacks: string,
): Problem[] {
  return named.flatMap((source, index) => {
    const at = cloud.origin.at(...path, index);
    if (named.indexOf(source) < index) {
      return [
        at.problem(
          `duplicate-${what}`,
          `got "${source}" a second time; it counts only once`,
          'remove it, or name another one',
        ),
      ];
    }
    const where = insideOf(cloud, source);
    if (where === undefined) return [];
    const message = `got "${source}", ${where}; the cloud cannot start without ${lacks}, and would wait for itself`;
    return [at.problem(`${what}-inside-cloud`, message, 'name one outside the cloud')];
  });
}

/** What of the cloud answers there; undefined where it is somebody else's. */
function insideOf({ name, value }: Entity<Cloud>, source: string): string | undefined {
  const { vips, dns, networks, tenants } = value;
  if (!isIpv4(source)) {
    if (vips?.internal.fqdn === source || vips?.external?.fqdn === source) return 'a VIP of the cloud';
    return source === dns.zone || source.endsWith(`.${dns.zone}`) ? "a name of the cloud's own zone" : undefined;
  }
  if (vips?.internal.address === source || vips?.external?.address === source) return 'a VIP of the cloud';
  const host = topologyOf(name, value).hosts.find(({ addresses }) => Object.values(addresses).includes(source));
  if (host !== undefined) return `host ${host.name} of the cloud`;
  const isIn = (range: string) => Cidr.parse(range).isUsable(source);
  if (Object.values(tenants).some(({ cidr }) => isIn(cidr))) return "an address of the cloud's tenants";
  const network = Object.values(networks).find(({ allocation }) =>
    without(allocation, allocation.except).some((each) => isWithin(source, each)),
  );
  return network === undefined ? undefined : 'an address that the cloud gives out';
}
