import { chooseHosts } from '../../private-cloud/maintenance/choose-hosts.ts';
import { maintenanceRefused, nothingToMaintain } from '../../private-cloud/maintenance/errors.ts';
import { type MaintenancePlan, planMaintenance } from '../../private-cloud/maintenance/plan.ts';
import { type MaintenanceProblem, simulateMaintenance } from '../../private-cloud/maintenance/simulate.ts';
import { placeLeases } from '../../private-cloud/placement/placement.ts';
import { chooseCloud } from '../../private-cloud/topology/choose-cloud.ts';
import { topologyOf } from '../../private-cloud/topology/topology.ts';
import { requireProject } from '../configuration.ts';
import type { ActionContext } from '../context.ts';

export interface MaintainOptions {
  /** @default the organisation's `defaultCloud` */
  readonly cloud?: string | undefined;
  /** Hosts, groups of the configuration, racks as `rack/a`. */
  readonly hosts: readonly string[];
  /** Every host. @default false */
  readonly all?: boolean;
  /** Takes hosts too whose absence stops a service or leaves no spare. @default false */
  readonly degraded?: boolean;
}

export interface MaintainResult extends MaintenancePlan {
  /** What the simulation of the plan found; empty where it loses nothing. */
  readonly problems: readonly MaintenanceProblem[];
}

/**
 * Which hosts of a cloud may be out of service at once, in which order, and what stays meanwhile.
 * @throws TandemError `no-such-cloud`, `no-such-part`, `nothing-to-maintain`, `maintenance-refused`
 */
export async function maintainCloud(context: ActionContext, options: MaintainOptions): Promise<MaintainResult> {
  const project = requireProject(context);
  const { name, value: cloud } = chooseCloud(project, options.cloud);
  const topology = topologyOf(name, cloud);
  const hosts = options.all === true ? topology.hosts.map((host) => host.name) : chooseHosts(topology, options.hosts);
  if (hosts.length === 0) throw nothingToMaintain(name);
  const inputs = { cloud, topology, placement: placeLeases(project, name) };
  const plan = planMaintenance({ ...inputs, hosts, degraded: options.degraded ?? false });
  if ('refused' in plan) throw maintenanceRefused(name, plan.refused);
  return await Promise.resolve({ ...plan, problems: simulateMaintenance(plan, inputs) });
}
