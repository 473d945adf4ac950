import type { Project } from '../../config/project.ts';
import { chooseHosts } from '../../private-cloud/maintenance/choose-hosts.ts';
import { maintenanceRefused, nothingToMaintain } from '../../private-cloud/maintenance/errors.ts';
import { planMaintenance } from '../../private-cloud/maintenance/plan.ts';
import { simulateMaintenance } from '../../private-cloud/maintenance/simulate.ts';
import { placeLeases } from '../../private-cloud/placement/placement.ts';
import { chooseCloud } from '../../private-cloud/topology/choose-cloud.ts';
import { type Topology, topologyOf } from '../../private-cloud/topology/topology.ts';
import { requireProject } from '../configuration.ts';
import type { ActionContext } from '../context.ts';
import { usage } from '../errors.ts';
import type { MaintainOptions, MaintainResult } from './run-maintain.ts';

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
  requireHosts(project, topology, options);
  const hosts = options.all === true ? topology.hosts.map((host) => host.name) : chooseHosts(topology, options.hosts);
  if (hosts.length === 0 && !giveBack) throw nothingToMaintain(name);
  if (run || giveBack) return await (await import('./run-maintain.ts')).runMaintain(context, project, options, hosts);
  const inputs = { cloud, topology, placement: placeLeases(project, name) };
  const plan = planMaintenance({ ...inputs, hosts, degraded: options.degraded ?? false });
  if ('refused' in plan) throw maintenanceRefused(name, plan.refused);
  return { ...plan, problems: simulateMaintenance(plan, inputs), left: [], outcome: 'planned' };
}

/** Other verbs take a cloud in that place. */
function requireHosts(project: Project, topology: Topology, { hosts, all = false }: MaintainOptions): void {
  const isHost = (name: string) => topology.hosts.some((host) => host.name === name || host.group === name);
  const cloud = hosts.find((name) => project.clouds.has(name) && !isHost(name));
  if (cloud !== undefined)
    throw usage(
      `${cloud} is a cloud, not a host`,
      `write \`tandem cloud maintain --all --cloud ${cloud}\` for all of its hosts`,
    );
  if (all && hosts.length > 0) throw usage(`got --all and ${hosts.join(' ')}`, 'write one of them');
}
