import { DataOpenstackNetworkingRouterV2 } from '@cdktf/provider-openstack/lib/data-openstack-networking-router-v2';
import { NetworkingPortV2 } from '@cdktf/provider-openstack/lib/networking-port-v2';
import { NetworkingRouterInterfaceV2 } from '@cdktf/provider-openstack/lib/networking-router-interface-v2';
import { NetworkingRouterRouteV2 } from '@cdktf/provider-openstack/lib/networking-router-route-v2';
import type { OpenstackProvider } from '@cdktf/provider-openstack/lib/provider';
import { Construct } from 'constructs';
import { attributeOf } from '../../../lib/openstack/expression.ts';
import type { PrivateNetwork } from '../../../lib/openstack/private-network.ts';
import { cite } from '../../../lib/stack/cite.ts';
import { ref } from '../../../lib/stack/config-ref.ts';
import type { Context, LeaseLink } from './context.ts';

/**
 * Joins the network of a dev environment to the router of its cloud's link by a port of its own, and sends what is for the other side
 * there. No address is translated: what comes back finds the network at that router. The port is the environment's, and the router
 * somebody else's, so that whoever runs the cloud joins them.
 */
export function joinLink(
  scope: Construct & { readonly provider: OpenstackProvider; readonly network: PrivateNetwork },
  { name, tags, describe, refs }: Pick<Context, 'name' | 'tags' | 'describe' | 'refs'>,
  link: LeaseLink,
  isDiscovered: boolean,
): void {
  const { provider, network } = scope;
  const own = new Construct(scope, 'link');
  cite(own, refs.blueprint.at('link'));
  const from = ref('link', link.name);
  const router = cite(new DataOpenstackNetworkingRouterV2(own, 'router', { name: link.router }), from);
  const port = new NetworkingPortV2(own, 'port', {
    provider,
    name: `${name}-link`,
    description: describe('port of the link'),
    tags: [...tags],
    adminStateUp: true,
    networkId: attributeOf(network.network),
    fixedIp: [{ subnetId: attributeOf(network.subnet) }],
    noSecurityGroups: true,
  });
  const joined = new NetworkingRouterInterfaceV2(own, 'interface', {
    routerId: attributeOf(router),
    portId: attributeOf(port),
  });
  const routes = [
    ['route-environment', link.environment, from.at('environment')],
    ['route-gateways', link.gateways, from.at('network')],
    // Agents gossip with agents of other environments; what is not joined to the link has no way back.
    ...(isDiscovered ? link.pools : []).map(
      (pool) => [`route-pool-${pool.replaceAll(/[./]/g, '-')}`, pool, from.at('discovery')] as const,
    ),
  ] as const;
  for (const [id, range, said] of routes) {
    const route = new NetworkingRouterRouteV2(own, id, {
      provider,
      routerId: attributeOf(network.router),
      destinationCidr: range,
      nextHop: attributeOf(port, 'all_fixed_ips[0]'),
      dependsOn: [network.routerInterface, joined],
    });
    cite(route, said);
  }
}
