import { monthlyCost } from '../config/cost.ts';
import { totalOf } from '../config/demand.ts';
import type { Project } from '../config/project.ts';
import { CAUTION } from '../plan/difference/stateful.ts';
import { isDisruptive, type Plan } from '../plan/model.ts';
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
    `${blueprint.name} on ${cloud.name}: ${counted(demand.servers.length, 'server')} (${vcpus} vCPUs, ${memoryGiB} GiB), ` +
      `${counted(demand.volumes, 'volume')} (${demand.volumeGiB} GiB), ` +
      `${counted(demand.floatingAddresses, 'floating address', 'floating addresses')}, ` +
      `${counted(demand.loadBalancers, 'load balancer')}; ${room}`,
    `${counted(resources, 'resource')} to create${cost === undefined ? '' : `; ${cost} ${project.organisation.value.currency} a month`}`,
    ...describeStopped(fit.stopped),
    `beside this lease, these servers would still fit after the worst single failure: ${describeRoom(roomLeft(project, cloud.name))}`,
  ].join('\n');
}

/** What stopped leases hold, and whether they would start again. */
function describeStopped({
  names,
  volumeGiB,
  floatingAddresses,
  vcpus,
  memoryMiB,
  shortages,
}: Fit['stopped']): string[] {
  if (names.length === 0) return [];
  const held = `${volumeGiB} GiB of volumes and ${counted(floatingAddresses, 'floating address', 'floating addresses')}`;
  const needed = `${vcpus} vCPUs and ${memoryMiB / 1024} GiB`;
  const [first] = shortages;
  const verdict =
    first === undefined
      ? 'which they would find beside this lease'
      : `CAUTION: beside this lease not all would: ${first}`;
  return [`stopped leases (${names.join(', ')}) hold ${held}, and take ${needed} to start again; ${verdict}`];
}

/** What people call a type of resource, in the order in which they are told; the rest are others. */
const NOUNS: readonly (readonly [type: RegExp, one: string, many?: string])[] = [
  [/compute_instance/, 'server'],
  [/blockstorage_volume_v/, 'volume'],
  [/lb_loadbalancer/, 'load balancer'],
  [/networking_floatingip_v/, 'floating address', 'floating addresses'],
  [/networking_network_v/, 'network'],
  [/networking_router_v/, 'router'],
  [/networking_port_v/, 'port'],
  [/networking_secgroup_v/, 'security group'],
  [/identity_project_v/, 'project'],
];

/** Actions in the order of their weight, as questions name them. */
const TO = {
  create: 'create',
  import: 'import',
  update: 'change',
  interrupt: 'interrupt',
  replace: 'replace',
  delete: 'destroy',
};

/** `14 to create: 2 servers, 4 ports, 8 others`. */
function describeTypes(types: readonly string[], verb: string): string {
  const named = NOUNS.flatMap(([type, one, many]) => {
    const count = types.filter((each) => type.test(each)).length;
    return count === 0 ? [] : [counted(count, one, many)];
  });
  const others = types.filter((each) => !NOUNS.some(([type]) => type.test(each))).length;
  const more = others === 0 ? [] : [counted(others, named.length === 0 ? 'resource' : 'other')];
  return `${types.length} to ${verb}: ${[...named, ...more].join(', ')}`;
}

/** A live plan in a few lines: what loses or stops something, then a question that says what it asks. Pure. */
export function describeChanges(plan: Pick<Plan, 'stacks'>): string {
  const changes = plan.stacks.flatMap((stack) => stack.changes);
  const losing = changes.filter(({ action }) => isDisruptive(action));
  const named = losing.map(({ action, address, reasons }) => {
    const cautions = reasons.filter((reason) => reason.startsWith(CAUTION));
    return `  ${action} ${address}${cautions.length === 0 ? '' : ` (${cautions.join('; ')})`}`;
  });
  const parts = Object.entries(TO).flatMap(([action, verb]) => {
    const types = changes.filter((change) => change.action === action).map(({ type }) => type);
    return types.length === 0 ? [] : [describeTypes(types, verb)];
  });
  return [...named, `${parts.join('; ')}. Continue?`].join('\n');
}
