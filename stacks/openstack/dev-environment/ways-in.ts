import type { TierDemand } from '../../../lib/config/demand.ts';
import { serverNameTaken } from '../../../lib/openstack/errors.ts';
import { attributeOf } from '../../../lib/openstack/expression.ts';
import { type Peer, rangePeer } from '../../../lib/openstack/security-group.ts';
import type { ServerTier } from '../../../lib/openstack/server-tier.ts';
import { TierBalancer } from '../../../lib/openstack/tier-balancer.ts';
import { cite } from '../../../lib/stack/cite.ts';
import { type AccessPeer, balancerCidrs } from './access.ts';
import type { Context } from './context.ts';
import type { Environment } from './environment.ts';

/** Opens what the blueprint opens, once all tiers have their groups. */
export function openTiers(context: Context, environment: Environment, tiers: ReadonlyMap<string, ServerTier>): void {
  for (const { tier, peer, ports, from } of context.rules) {
    const rule = tiers.get(tier)?.securityGroup.allow(toPeer(peer, environment, tiers), ports);
    if (rule === undefined) continue;
    for (const asked of from) cite(rule, asked);
  }
}

function toPeer(peer: AccessPeer, { network }: Environment, tiers: ReadonlyMap<string, ServerTier>): Peer {
  if ('network' in peer) return { name: 'balancer', cidr: attributeOf(network.subnet, 'cidr') };
  if ('tier' in peer) {
    const group = tiers.get(peer.tier)?.securityGroup;
    if (group === undefined) throw new Error(`no tier ${peer.tier}`);
    return { name: peer.tier, group };
  }
  return peer.source === 'world' ? { name: 'world', cidr: peer.cidr } : rangePeer(peer.source, peer.cidr);
}

/** The balancer of a tier; none in front of no servers. */
export function addBalancer(
  tier: ServerTier,
  context: Context,
  environment: Environment,
  demand: TierDemand,
): TierBalancer | undefined {
  const wanted = demand.tier.loadBalancer;
  if (wanted === undefined || demand.count === 0) return undefined;
  const { cloud, refs } = context;
  const cidr = attributeOf(environment.network.subnet, 'cidr');
  const made = new TierBalancer(tier, 'balancer', {
    provider: environment.provider,
    driver: cloud.loadBalancer.provider,
    monitored: cloud.loadBalancer.monitor,
    name: `${context.name}-${demand.name}`,
    description: context.describe(`balancer of tier ${demand.name}`),
    tags: context.tags,
    network: environment.network,
    port: wanted.port,
    targetPort: wanted.targetPort ?? wanted.port,
    servers: tier.servers,
    allowedCidrs: balancerCidrs(
      wanted.from,
      Object.keys(context.blueprint.tiers),
      { ...cloud, link: context.link?.environment },
      cidr,
    ),
    ...(wanted.public ? { floatingPool: environment.floatingPool() } : {}),
  });
  const from = refs.blueprint.at('tiers', demand.name, 'loadBalancer');
  const target = from.at(wanted.targetPort === undefined ? 'port' : 'targetPort');
  const provider = refs.cloud.at('loadBalancer', 'provider');
  cite(made, from);
  cite(made.balancer, from, { loadbalancer_provider: provider });
  cite(made.listener, from, { protocol_port: from.at('port'), allowed_cidrs: from.at('from') });
  cite(made.pool, from, { lb_method: provider });
  cite(made.members, target, { member: { protocol_port: target } });
  if (made.monitor !== undefined) cite(made.monitor, refs.cloud.at('loadBalancer', 'monitor'));
  if (made.floatingAddress !== undefined) cite(made.floatingAddress, from.at('public'));
  return made;
}

/**
 * Names of a tier: each server's is its private address; the tier's own is the way in, from outside where there is one. Where it is
 * from outside, `<tier>.internal` is the way in from inside.
 */
export function addNames(
  tier: ServerTier,
  balancer: TierBalancer | undefined,
  { names }: Environment,
  { name, tier: wanted }: TierDemand,
  context: Context,
): void {
  const from = context.refs.blueprint.at('tiers', name);
  for (const [at, server] of tier.servers.entries()) {
    const record = names.addAddresses(tier, `record-${at + 1}`, `${name}-${at + 1}`, [server.address]);
    cite(record, from);
  }
  if (tier.servers.length === 0) return;
  const inside = balancer === undefined ? tier.servers.map((server) => server.address) : [balancer.address];
  const outside = outsideOf(tier, balancer);
  const way = wanted.loadBalancer === undefined ? from : from.at('loadBalancer');
  cite(names.addAddresses(tier, 'record', name, outside ?? inside), way);
  if (outside !== undefined) cite(names.addAddresses(tier, 'record-internal', `${name}.internal`, inside), way);
}

function outsideOf(tier: ServerTier, balancer: TierBalancer | undefined): string[] | undefined {
  if (balancer?.floatingAddress !== undefined) return [attributeOf(balancer.floatingAddress, 'address')];
  if (balancer !== undefined) return undefined;
  const floating = tier.servers.flatMap(({ floatingAddress }) =>
    floatingAddress === undefined ? [] : [attributeOf(floatingAddress, 'address')],
  );
  return floating.length === 0 ? undefined : floating;
}

/**
 * Server 1 of tier `web` is `web-1`, and so may a tier be called.
 * @throws TandemError `server-name-taken`
 */
export function checkNames(tiers: readonly TierDemand[]): void {
  const servers = new Map<string, string>(
    tiers.flatMap(({ name, count }) => Array.from({ length: count }, (_, at) => [`${name}-${at + 1}`, name] as const)),
  );
  for (const { name } of tiers) {
    const owner = servers.get(name);
    if (owner !== undefined) throw serverNameTaken(name, name, owner);
  }
}
