import { monthlyCost } from '../config/cost.ts';
import { totalOf } from '../config/demand.ts';
import type { Project } from '../config/project.ts';
import { isDisruptive, type Plan } from '../plan/model.ts';
import { CAUTION } from '../plan/stateful.ts';
import { describeRoom, roomLeft } from '../private-cloud/placement/capacity.ts';
import { counted } from '../text/plural.ts';
import type { Fit } from './require-fit.ts';
import type { DevEnvironment } from './workspace.ts';

/** Whether a plan destroys nothing: what a person agreed to by leasing something new. */
export function isHarmless(plan: Plan): boolean {
  return plan.stacks.every((stack) =>
    stack.changes.every(({ action }) => action === 'create' || action === 'import' || action === 'update'),
  );
}

/** What somebody reads before leasing: size, room, and cost. */
export function describeLease(
  resources: number,
  fit: Fit,
  project: Project,
  { cloud, blueprint }: DevEnvironment,
): string {
  const { demand, pending } = fit;
  const vcpus = totalOf(demand.servers, 'vcpus');
  const memoryGiB = totalOf(demand.servers, 'memoryMiB') / 1024;
  const cost = monthlyCost(demand, project.prices.get(cloud.name)?.value);
  const room = pending.length === 0 ? 'it fits' : `it fits together with ${counted(pending.length, 'pending lease')}`;
  return [
    `${blueprint.name} on ${cloud.name}: ${demand.servers.length} servers (${vcpus} vCPUs, ${memoryGiB} GiB), ` +
      `${demand.volumes} volumes (${demand.volumeGiB} GiB), ${demand.floatingAddresses} floating addresses, ` +
      `${demand.loadBalancers} load balancers; ${room}`,
    `${resources} resources to create${cost === undefined ? '' : `; ${cost} ${project.organisation.value.currency} a month`}`,
    `beside this lease, these servers would still fit after the worst single failure: ${describeRoom(roomLeft(project, cloud.name))}`,
  ].join('\n');
}

/** A live plan in a few lines: what it destroys, replaces, stops or wipes is named. */
export function describeChanges(plan: Plan): string {
  const { create, update, interrupt, replace, delete: gone } = plan.summary;
  const named = plan.stacks.flatMap((stack) =>
    stack.changes
      .filter(({ action }) => isDisruptive(action))
      .map(({ action, address, reasons }) => {
        const cautions = reasons.filter((reason) => reason.startsWith(CAUTION));
        return `  ${action} ${address}${cautions.length === 0 ? '' : ` (${cautions.join('; ')})`}`;
      }),
  );
  return [
    ...named,
    `${create} to create, ${update} to change, ${interrupt} to interrupt, ${replace} to replace, ${gone} to destroy. Continue?`,
  ].join('\n');
}
