import { currentEnvironment, refusesOthers } from './current-environment.ts';
import { frozenLease, noSuchTier } from './errors.ts';
import { waitUntilHealthy } from './health.ts';
import { runVerb } from './operation.ts';
import type { DevPorts } from './ports.ts';
import { requireProjectId } from './project.ts';
import { describeChanges } from './review.ts';
import { requireApproved } from './update/approval.ts';
import { type DevEnvironment, demandIn } from './workspace.ts';

export interface RebuildResult {
  readonly environment: DevEnvironment;
  /** Changes that were made on the cloud; 0 where every server has the image that its cloud has now. */
  readonly changes: number;
}

/**
 * Rebuilds servers from what their cloud has under the name of their image now. Nothing else does: an image that is made anew under
 * its name changes no server. Everything on their root disks is lost; volumes, addresses and names stay.
 * @param tiers those to rebuild; all where none is named
 * @throws TandemError `no-such-tier`, `lease-frozen`, `lease-stale`, `environment-unfinished`, `declined`
 */
export async function rebuildEnvironment(
  ports: DevPorts,
  name: string,
  tiers: readonly string[],
): Promise<RebuildResult> {
  const { project, environment } = await currentEnvironment(ports, name);
  const { stack, lease, blueprint } = environment;
  if (lease.value.state === 'frozen') throw frozenLease(name);
  const demand = demandIn(environment);
  const known = demand.tiers.map((tier) => tier.name);
  for (const tier of tiers) if (!known.includes(tier)) throw noSuchTier(tier, blueprint.name, known);
  const unpinned = demand.tiers
    .filter((tier) => tiers.length === 0 || tiers.includes(tier.name))
    .flatMap((tier) => Array.from({ length: tier.count }, (_, at) => `${tier.name}_server-${at + 1}`))
    .map((server) => `openstack_compute_instance_v2.${server}.image_name`);
  await requireApproved(ports, project, environment);
  const resume = ['tandem env rebuild', name, ...tiers.map((tier) => `--tier ${tier}`)].join(' ');
  const work = { verb: 'env rebuild', stack, inputs: { name }, resume, refuses: refusesOthers(name) };
  return await runVerb(ports, work, async (operation) => {
    const { changes } = await ports.deployer.apply({
      ...{ project, stack, unpinned, verb: 'env rebuild', operation },
      confirm: (plan) => ports.io.confirm(describeChanges(plan)),
    });
    const projectId = await requireProjectId(ports, project, environment);
    await operation.step('health', () => waitUntilHealthy(ports, environment, projectId));
    return { environment, changes };
  });
}
