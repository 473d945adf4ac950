import type { TierDemand } from '../../../lib/config/demand.ts';
import { attributeOf } from '../../../lib/openstack/expression.ts';
import type { ServerTier } from '../../../lib/openstack/server-tier.ts';
import type { TandemTerraformStack } from '../../../lib/openstack/tandem-terraform-stack.ts';
import type { TierBalancer } from '../../../lib/openstack/tier-balancer.ts';
import { addOutput } from '../output.ts';
import type { Context } from './context.ts';
import type { Environment } from './environment.ts';

/** A tier as it was built. */
export interface BuiltTier {
  readonly demand: TierDemand;
  readonly tier: ServerTier;
  readonly balancer: TierBalancer | undefined;
}

/** What `env create` and `env show` print. Names are an API. */
export function addOutputs(
  stack: TandemTerraformStack,
  context: Context,
  environment: Environment,
  built: readonly BuiltTier[],
): void {
  const { names, project, network } = environment;
  addOutput(stack, 'project', 'Project of the environment', {
    id: attributeOf(project.project),
    name: attributeOf(project.project, 'name'),
  });
  addOutput(stack, 'network', 'Network of the environment', {
    id: attributeOf(network.network),
    cidr: attributeOf(network.subnet, 'cidr'),
  });
  addOutput(stack, 'zone', 'DNS zone of the environment', `${context.name}.${context.cloud.dns.zone}`);
  const ssh = sshOf(context, environment, built);
  if (ssh !== undefined) addOutput(stack, 'ssh', 'Where people log in, and as whom', ssh);
  const servers: Record<string, unknown> = {};
  const endpoints: Record<string, unknown> = {};
  const balancers: Record<string, unknown> = {};
  for (const { demand, tier, balancer } of built) {
    for (const [at, server] of tier.servers.entries()) {
      servers[server.name] = {
        id: attributeOf(server.instance),
        tier: demand.name,
        host: names.nameOf(`${demand.name}-${at + 1}`),
        address: server.address,
        ...(server.floatingAddress === undefined
          ? {}
          : { floating_address: attributeOf(server.floatingAddress, 'address') }),
      };
    }
    if (balancer === undefined) continue;
    balancers[demand.name] = attributeOf(balancer.balancer);
    endpoints[demand.name] = {
      host: names.nameOf(demand.name),
      port: demand.tier.loadBalancer?.port,
      public: balancer.floatingAddress !== undefined,
      address:
        balancer.floatingAddress === undefined ? balancer.address : attributeOf(balancer.floatingAddress, 'address'),
    };
  }
  addOutput(stack, 'servers', 'Servers by name', servers);
  addOutput(stack, 'endpoints', 'What load balancers answer on, by tier', endpoints);
  addOutput(stack, 'load_balancers', 'Ids of load balancers, by tier', balancers);
}

function sshOf({ blueprint, cloud }: Context, { names }: Environment, built: readonly BuiltTier[]) {
  const entry = built.find(({ demand }) => demand.name === blueprint.ssh?.tier);
  const server = entry?.tier.servers[0];
  if (entry === undefined || server === undefined) return undefined;
  return {
    user: cloud.images[entry.demand.tier.image]?.user,
    host: names.nameOf(entry.demand.name),
    address: server.floatingAddress === undefined ? server.address : attributeOf(server.floatingAddress, 'address'),
  };
}
