import { Cidr } from '../../net/cidr.ts';
import type { Problem } from '../diagnostic.ts';
import { linkPrefixes, MOST_ROUTES } from '../link/prefixes.ts';
import { TUNNELS_PER_GATEWAY } from '../link/tunnels.ts';
import type { Entity } from '../project.ts';
import { GATEWAYS, type Link } from '../schema/link.ts';
import { freeRange } from './address-plan.ts';
import type { RuleInput } from './rule.ts';

const NETWORK = { widest: 24, narrowest: 28 } as const;

/** Addresses of a link: room for its network, and routes that lead to one place each. The plan of all ranges is `checkAddressPlan`. */
export function checkLinkAddresses(input: RuleInput): Problem[] {
  return [...input.links.values()].flatMap((link) => [
    ...network(link, input),
    ...growth(link, input),
    ...routes(link, input),
  ]);
}

function network({ value, origin }: Entity<Link>, input: RuleInput): Problem[] {
  const own = Cidr.parse(value.network);
  if (own.prefixLength >= NETWORK.widest && own.prefixLength <= NETWORK.narrowest) return [];
  const length = own.prefixLength < NETWORK.widest ? NETWORK.widest : NETWORK.narrowest;
  const free = freeRange(input, own, length);
  const message = `got ${own.toString()}; it holds a router, two gateways, the address that they share, one for each tunnel and those of Consul, and is /${NETWORK.narrowest} to /${NETWORK.widest}`;
  return [
    origin.at('network').problem('link-network-size', message, `write ${free?.toString() ?? `a free /${length}`}`),
  ];
}

/** What the VPC may grow into holds it, and nobody else's range. */
function growth({ value, origin }: Entity<Link>, { clouds, environments }: RuleInput): Problem[] {
  const environment = environments.get(value.environment);
  if (value.growth === undefined || environment === undefined) return [];
  const own = Cidr.parse(value.growth);
  const at = origin.at('growth');
  const vpc = environment.value.cluster.network.cidr;
  if (!own.contains(vpc)) {
    const message = `got ${own.toString()}; the VPC of ${environment.name}, ${vpc}, is not in it, and its own routes would be refused`;
    return [at.problem('growth-without-vpc', message, 'write a range that holds the VPC, or remove it')];
  }
  const others = [
    ...[...environments.values()]
      .filter(({ name }) => name !== environment.name)
      .map(({ name, value: each }) => [`the VPC of ${name}`, each.cluster.network.cidr] as const),
    ...[...clouds.values()].flatMap(({ name, value: cloud }) => [
      ...Object.entries(cloud.tenants).map(([pool, { cidr }]) => [`tenants.${pool} of cloud ${name}`, cidr] as const),
      ...Object.entries(cloud.planes).flatMap(([plane, each]) =>
        each === undefined ? [] : [[`planes.${plane} of cloud ${name}`, each.cidr] as const],
      ),
    ]),
  ];
  const other = others.find(([, cidr]) => own.overlaps(Cidr.parse(cidr)));
  if (other === undefined) return [];
  const message = `got ${own.toString()}; it overlaps ${other[0]}, ${other[1]}, whose traffic AWS could draw`;
  return [at.problem('overlap', message, `write ${vpc}, or a range around it that nobody else has`)];
}

/** One for each tunnel. */
const PROBES = GATEWAYS * TUNNELS_PER_GATEWAY;

/** Each pool is told whole, and in halves by whoever took over. */
function routes({ value, origin }: Entity<Link>, { clouds, environments }: RuleInput): Problem[] {
  const [cloud, environment] = [clouds.get(value.cloud), environments.get(value.environment)];
  if (cloud === undefined || environment === undefined) return [];
  // Said of the name.
  if (value.prefixes?.some((pool) => cloud.value.tenants[pool] === undefined)) return [];
  const { cloud: told, halves } = linkPrefixes(value, cloud.value, environment.value);
  const pools = told.length - 1;
  if (pools === 0) {
    const message = `got none; cloud ${cloud.name} has no tenant pool, and nothing could be reached over the link`;
    return [origin.at('cloud').problem('nothing-to-link', message, 'write a pool into its `tenants`')];
  }
  const routes = told.length + halves.length + PROBES;
  if (routes <= MOST_ROUTES) return [];
  const message = `got ${pools} pools; with the network of the link, halves of all and ${PROBES} addresses for probes, they are ${routes} routes, and AWS takes ${MOST_ROUTES}`;
  const at = value.prefixes === undefined ? origin.at('cloud') : origin.at('prefixes');
  return [
    at.problem('too-many-routes', message, `name at most ${Math.floor((MOST_ROUTES - PROBES) / 3) - 1} in prefixes`),
  ];
}
