import type { Project } from '../../config/project.ts';
import type { Impact, Plan } from '../../plan/model.ts';
import { partsOf, StackId } from '../../stack/id.ts';
import type { BeforeOf } from '../before.ts';
import { cloudImpact } from './cloud.ts';
import { fleetImpact } from './fleet.ts';
import { leaseImpact, linkImpact } from './servers.ts';

export interface ImpactInputs {
  readonly project: Project;
  readonly before: BeforeOf;
}

/** What a plan does to machines that run: fleets, servers of leases and links, and hosts of clouds with their quorums. Pure. */
export function impactOf(plan: Plan, { project, before }: ImpactInputs): Impact[] {
  return plan.stacks.flatMap((stack) => {
    const old = before(stack.id);
    // What is new, or not known, has nothing that runs, or nobody knows what.
    if (typeof old === 'string') return [];
    const changes = stack.changes.filter(({ noise }) => !noise);
    if (changes.length === 0) return [];
    const { cloud, environment, lease } = partsOf(stack.id);
    if (environment !== undefined && stack.id === StackId.cluster(environment))
      return fleetImpact(environment, changes, old, project);
    if (lease !== undefined) return leaseImpact(stack.id, lease, changes, old);
    if (cloud !== undefined && (stack.id === StackId.link(cloud) || stack.id === StackId.linkDiscovery(cloud)))
      return linkImpact(stack.id, cloud, changes, old);
    return cloud !== undefined && stack.id === StackId.kolla(cloud) ? cloudImpact(stack.id, cloud, changes, old) : [];
  });
}
