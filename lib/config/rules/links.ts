import type { Problem } from '../diagnostic.ts';
import type { Entity } from '../project.ts';
import type { Cloud } from '../schema/cloud.ts';
import type { Environment } from '../schema/environment.ts';
import { isPrivateAsn, type Link } from '../schema/link.ts';
import type { RuleInput } from './rule.ts';
import { unknownName } from './unknown-name.ts';

/** A link names what is there, each side once, and asks of AWS only what its kind of gateway offers. */
export function checkLinks(input: RuleInput): Problem[] {
  const taken = new Map<string, string>();
  return [...input.links.values()].flatMap((link) => {
    const cloud = input.clouds.get(link.value.cloud);
    const environment = input.environments.get(link.value.environment);
    return [
      ...sides(link, input, taken),
      ...(cloud === undefined ? [] : onCloud(link, cloud)),
      ...(environment === undefined ? [] : onAws(link, environment)),
      ...asns(link),
      ...(cloud === undefined ? [] : zones(link, cloud.value)),
    ];
  });
}

function sides({ name, value, origin }: Entity<Link>, { names }: RuleInput, taken: Map<string, string>): Problem[] {
  return (['cloud', 'environment'] as const).flatMap((side) => {
    const own = value[side];
    if (!names[side].has(own)) return [unknownName(origin.at(side), side, own, names[side])];
    const other = taken.get(`${side} ${own}`);
    taken.set(`${side} ${own}`, other ?? name);
    if (other === undefined) return [];
    const message = `got "${own}"; link ${other} joins it already, and its routes would compete`;
    return [origin.at(side).problem('second-link', message, `name another ${side}, or remove one of the two links`)];
  });
}

function onCloud({ value, origin }: Entity<Link>, cloud: Entity<Cloud>): Problem[] {
  const at = origin.at('gateways');
  const { image, flavor, network, zones, sshFrom } = value.gateways;
  const where = { where: `on cloud ${cloud.name}` };
  const problems: Problem[] = [];
  const known = { image: cloud.value.images, flavor: cloud.value.flavors } as const;
  for (const [what, own, asked] of [
    ['image', image, at],
    ['flavor', flavor, at],
    ['flavor', value.discovery?.flavor, origin.at('discovery')],
  ] as const)
    if (own !== undefined && known[what][own] === undefined)
      problems.push(unknownName(asked.at(what), what, own, Object.keys(known[what]), where));
  const external = Object.entries(cloud.value.networks).filter(([, each]) => each.external);
  if (network !== undefined && !external.some(([each]) => each === network))
    problems.push(
      unknownName(
        at.at('network'),
        'external network',
        network,
        external.map(([each]) => each),
        where,
      ),
    );
  for (const [index, zone] of zones.entries())
    if (cloud.value.zones[zone] === undefined)
      problems.push(unknownName(at.at('zones', index), 'zone', zone, Object.keys(cloud.value.zones), where));
  for (const [index, source] of sshFrom.entries())
    if (cloud.value.sources[source] === undefined)
      problems.push(unknownName(at.at('sshFrom', index), 'source', source, Object.keys(cloud.value.sources), where));
  for (const [index, pool] of (value.prefixes ?? []).entries())
    if (cloud.value.tenants[pool] === undefined)
      problems.push(
        unknownName(origin.at('prefixes', index), 'tenant pool', pool, Object.keys(cloud.value.tenants), where),
      );
  return problems.length > 0 ? problems : apart(zones, cloud.value, at.at('zones', 1));
}

/** Two gateways in one rack are one gateway. */
function apart([first = '', second = '']: readonly string[], cloud: Cloud, at: Entity<Link>['origin']): Problem[] {
  const racks = new Set(cloud.zones[first]?.racks);
  const shared = cloud.zones[second]?.racks.filter((rack) => racks.has(rack)) ?? [];
  if (shared.length === 0) return [];
  const other = Object.keys(cloud.zones).find((zone) => cloud.zones[zone]?.racks.every((rack) => !racks.has(rack)));
  const message = `got "${second}"; it shares rack ${shared.join(', ')} with ${first}, and both gateways would be lost with it`;
  const fix = other === undefined ? 'name a zone in another rack; the cloud has to have one' : `write ${other}`;
  return [at.problem('gateways-in-one-rack', message, fix)];
}

function onAws({ value: { aws }, origin }: Entity<Link>, environment: Entity<Environment>): Problem[] {
  const { egress } = environment.value.cluster.network;
  const at = origin.at('aws');
  if (aws.gateway === 'transit' && egress !== 'transit') {
    const message = `got "transit"; the network of ${environment.name} names no transit gateway`;
    return [
      at
        .at('gateway')
        .problem('no-transit-gateway', message, 'write virtual-private, or let the network have egress: transit'),
    ];
  }
  if (aws.acceleration && aws.gateway !== 'transit') {
    const message = 'got true; AWS offers acceleration on a transit gateway alone';
    return [at.at('acceleration').problem('needs-transit-gateway', message, 'write false, or gateway: transit')];
  }
  return [];
}

/** Two systems of one number take each other's routes for their own, and drop them. */
function asns({ value, origin }: Entity<Link>): Problem[] {
  if (value.asn !== value.aws.asn) return [];
  const free = value.asn + 1;
  const message = `got ${value.asn}; both sides have it, and each would drop the other's routes as its own`;
  return [origin.at('asn').problem('one-asn', message, `write ${isPrivateAsn(free) ? free : 65_010}`)];
}

/** One zone has one side that answers it. */
function zones({ value, origin }: Entity<Link>, { dns }: Cloud): Problem[] {
  if (value.names?.zone !== dns.zone) return [];
  const message = `got ${dns.zone}; the cloud answers this zone, and each side would look for its own names on the other`;
  const fix = `write ${value.environment}.${dns.zone}, or another zone of the environment's own`;
  return [origin.at('names', 'zone').problem('one-zone', message, fix)];
}
