import { CONSUL_PORTS } from '../../../lib/components/consul/ports.ts';
import { type Peer, type Ports, rangePeer } from '../../../lib/openstack/security-group.ts';
import type { LinkContext } from './context.ts';

type Port = keyof typeof CONSUL_PORTS;
type Opened = readonly [Peer, Ports];

/**
 * Who reaches Consul's servers of a link at what. Servers have RPC and both gossips among each other; agents in dev environments gossip, and
 * pass questions on by RPC; servers of the other side have RPC and the gossip between data centres; gateways ask for names.
 */
export function consulAccess({ addresses, prefixes }: Pick<LinkContext, 'addresses' | 'prefixes'>, servers: Peer) {
  return [
    ...open(servers, 'rpc', 'lan', 'wan'),
    ...prefixes.pools.flatMap((pool) => open(rangePeer('pool', pool), 'rpc', 'lan')),
    ...open(rangePeer('environment', prefixes.environment), 'rpc', 'wan'),
    ...addresses.gateways.flatMap((gateway) => open(rangePeer('gateway', `${gateway}/32`), 'dns')),
  ];
}

/** RPC is TCP alone; gossip and names go by UDP, and by TCP where a message is too long for it. */
function open(peer: Peer, ...names: readonly Port[]): Opened[] {
  return names.flatMap((name) =>
    (name === 'rpc' ? (['tcp'] as const) : (['tcp', 'udp'] as const)).map(
      (protocol): Opened => [peer, { protocol, first: CONSUL_PORTS[name], last: CONSUL_PORTS[name] }],
    ),
  );
}
