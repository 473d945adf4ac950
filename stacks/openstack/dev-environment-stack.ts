import type { Construct } from 'constructs';
import { secretsByServer } from '../../lib/components/boot-secrets.ts';
import type { Blueprint } from '../../lib/config/schema/blueprint.ts';
import { addProvider } from '../../lib/openstack/provider.ts';
import type { ServerTier } from '../../lib/openstack/server-tier.ts';
import { cite } from '../../lib/stack/cite.ts';
import { StackId } from '../../lib/stack/id.ts';
import { BootSecretsStack } from './boot-secrets-stack.ts';
import { contextOf, type DevEnvironmentInputs } from './dev-environment/context.ts';
import { Environment } from './dev-environment/environment.ts';
import { withMoves } from './dev-environment/moves.ts';
import { addOutputs, type BuiltTier } from './dev-environment/outputs.ts';
import { addTier } from './dev-environment/tier.ts';
import { addBalancer, addNames, checkNames, openTiers } from './dev-environment/ways-in.ts';
import { stateLocationOf } from './state-location.ts';

/** One dev environment in an OpenStack project of its own. */
export class DevEnvironmentStack extends BootSecretsStack {
  readonly #blueprint: Blueprint;

  constructor(scope: Construct, inputs: DevEnvironmentInputs) {
    const state = stateLocationOf(inputs.organisation.value);
    super(scope, StackId.lease(inputs.cloud.name, inputs.lease.name), state);
    const context = contextOf(inputs);
    this.#blueprint = context.blueprint;
    this.bootSecrets = secretsByServer(context.name, context.software);
    checkNames(context.tiers);
    cite(this, context.refs.lease);
    cite(addProvider(this, context.cloud.endpoint), context.refs.cloud.at('endpoint'));
    const environment = new Environment(this, context);
    const built: BuiltTier[] = [];
    const tiers = new Map<string, ServerTier>();
    for (const demand of context.tiers) {
      const tier = addTier(this, context, environment, demand, tiers);
      const balancer = addBalancer(tier, context, environment, demand);
      addNames(tier, balancer, environment, demand, context);
      tiers.set(demand.name, tier);
      built.push({ demand, tier, balancer });
    }
    environment.project.lowerAfter(built.flatMap(({ tier }) => tier.servers.map(({ port }) => port)));
    openTiers(context, environment, tiers);
    addOutputs(this, context, environment, built);
  }

  override toTerraform(): Record<string, unknown> {
    return withMoves(super.toTerraform(), this.#blueprint);
  }
}
