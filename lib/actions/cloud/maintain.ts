import { chooseHosts } from '../../private-cloud/maintenance/choose-hosts.ts';
import { maintenanceRefused, nothingToMaintain } from '../../private-cloud/maintenance/errors.ts';
import { type MaintenancePlan, planMaintenance } from '../../private-cloud/maintenance/plan.ts';
import { type MaintenanceProblem, simulateMaintenance } from '../../private-cloud/maintenance/simulate.ts';
import { placeLeases } from '../../private-cloud/placement/placement.ts';
import { chooseCloud } from '../../private-cloud/topology/choose-cloud.ts';
import { topologyOf } from '../../private-cloud/topology/topology.ts';
import { requireProject } from '../configuration.ts';
import type { ActionContext } from '../context.ts';
import { usage } from '../errors.ts';

export interface MaintainOptions {
  /** @default the organisation's `defaultCloud` */
  readonly cloud?: string | undefined;
  /** Hosts, groups of the configuration, racks as `rack/a`. */
  readonly hosts: readonly string[];
  /** Every host. @default false */
  readonly all?: boolean;
  /** Takes hosts too whose absence stops a service or leaves no spare. @default false */
  readonly degraded?: boolean;
  /** Does it, after asking. @default false */
  readonly run?: boolean;
  /** What is done with each group: at most one. @default - waits for the operator's word */
  readonly reboot?: boolean;
  /** Switches them off, and waits for the operator's word. */
  readonly off?: boolean;
  /** Run by a shell, as root, on each host. */
  readonly command?: string | undefined;
  /** Puts back what an unfinished run took out, and ends it. @default false */
  readonly giveBack?: boolean;
}

export interface MaintainResult extends MaintenancePlan {
  /** What the simulation of the plan found; empty where it loses nothing. */
  readonly problems: readonly MaintenanceProblem[];
  /** Hosts that were named and that Tandem does not reach, or runs on. */
  readonly left: readonly string[];
  readonly outcome: 'planned' | 'done' | 'given back';
}

/**
 * Which hosts of a cloud may be out of service at once, in which order, and what stays meanwhile; where asked for, takes them out, does the
 * work, and puts them back.
 * @throws TandemError `no-such-cloud`, `no-such-part`, `nothing-to-maintain`, `maintenance-refused`, and those of `runMaintenance`
 */
export async function maintainCloud(context: ActionContext, options: MaintainOptions): Promise<MaintainResult> {
  const { reboot = false, off = false, command, run = false, giveBack = false } = options;
  const works = [
    ...(reboot ? ['--reboot'] : []),
    ...(off ? ['--off'] : []),
    ...(command === undefined ? [] : ['--command']),
  ];
  if (works.length > 1) throw usage(`got ${works.join(' and ')}`, 'write one of them');
  const project = requireProject(context);
  const { name, value: cloud } = chooseCloud(project, options.cloud);
  const topology = topologyOf(name, cloud);
  const hosts = options.all === true ? topology.hosts.map((host) => host.name) : chooseHosts(topology, options.hosts);
  if (hosts.length === 0 && !giveBack) throw nothingToMaintain(name);
  if (run || giveBack) return await (await import('./run-maintain.ts')).runMaintain(context, project, options, hosts);
  const inputs = { cloud, topology, placement: placeLeases(project, name) };
  const plan = planMaintenance({ ...inputs, hosts, degraded: options.degraded ?? false });
  if ('refused' in plan) throw maintenanceRefused(name, plan.refused);
  return { ...plan, problems: simulateMaintenance(plan, inputs), left: [], outcome: 'planned' };
}
