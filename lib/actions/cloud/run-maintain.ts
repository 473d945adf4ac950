import { maintenanceUnfinished, nothingToGiveBack } from '../../cloud-operations/maintenance/errors.ts';
import type { Work } from '../../cloud-operations/maintenance/ports.ts';
import {
  giveBackAll,
  type OpenMaintenance,
  openMaintenance,
  runMaintenance,
  VERB,
} from '../../cloud-operations/maintenance/run-maintenance.ts';
import type { Project } from '../../config/project.ts';
import { secretIn } from '../../config/secret-in-text.ts';
import { declined } from '../../deploy/errors.ts';
import type { DeployPorts } from '../../deploy/ports.ts';
import { chooseKollaCloud, type KollaCloud } from '../../private-cloud/kolla/kolla-cloud.ts';
import { maintenanceRefused, nothingToMaintain } from '../../private-cloud/maintenance/errors.ts';
import { describeGroups, type MaintenancePlan, planMaintenance } from '../../private-cloud/maintenance/plan.ts';
import { renderPlan } from '../../private-cloud/maintenance/render.ts';
import type { MaintenanceProblem } from '../../private-cloud/maintenance/simulate.ts';
import { livePlacement } from '../../private-cloud/status/spare.ts';
import { hostsFor } from '../../private-cloud/topology/topology.ts';
import { shellWord } from '../../text/shell-word.ts';
import { withClouds } from '../clouds.ts';
import { type ActionContext, inform } from '../context.ts';
import { type LiveCloud, openLiveCloud } from './live-cloud.ts';

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

const PLAIN = { colors: { bold: String, yellow: String }, columns: 100 };

/** @param hosts those that were named, or all */
export async function runMaintain(
  context: ActionContext,
  project: Project,
  options: MaintainOptions,
  hosts: readonly string[],
): Promise<MaintainResult> {
  const cloud = chooseKollaCloud(project, options.cloud);
  return await withClouds(context, project, async (ports) => {
    const live = openLiveCloud(context, cloud);
    const open = await openMaintenance(ports, cloud.name);
    if (options.giveBack === true) return await giveBack(context, ports, cloud, live, open, options);
    const away = new Set(hostsFor(live.topology, 'deployment').map(({ name }) => name));
    const reached = hosts.filter((host) => live.expected.hosts.includes(host) && !away.has(host));
    const left = hosts.filter((host) => !reached.includes(host));
    if (reached.length === 0) throw nothingToMaintain(cloud.name);
    const resume = resumeOf(cloud.name, options);
    if (open !== undefined && open.operation.resume !== resume)
      throw maintenanceUnfinished(cloud.name, VERB, open.operation.resume);
    const plan = await planLive(context, cloud, live, reached, options, open?.groups);
    const groups = plan.groups.map((group) => group.hosts);
    const details = renderPlan(plan, PLAIN).join('\n');
    const text = 'Take these hosts out of service, group after group?';
    if (open === undefined && !(await context.io.confirm({ code: 'maintain', details, text }))) throw declined();
    const run = { groups, what: workOf(options), degraded: options.degraded ?? false, resume };
    await runMaintenance(ports, await portsOf(context, live), placeOf(context, cloud, live), run, optionsOf(context));
    return { ...plan, left, problems: [], outcome: 'done' };
  });
}

async function giveBack(
  context: ActionContext,
  ports: DeployPorts,
  cloud: KollaCloud,
  live: LiveCloud,
  open: OpenMaintenance | undefined,
  options: MaintainOptions,
): Promise<MaintainResult> {
  if (open === undefined) throw nothingToGiveBack(cloud.name);
  const { groups } = open;
  const text = `Put ${groups.flat().join(', ')} back into service, as far as they are out of it?`;
  if (!(await context.io.confirm({ code: 'give-back', text }))) throw declined();
  const run = { groups, resume: resumeOf(cloud.name, options) };
  await giveBackAll(ports, await portsOf(context, live), placeOf(context, cloud, live), run, optionsOf(context));
  return { cloud: cloud.name, groups: [], seconds: 0, left: [], problems: [], outcome: 'given back' };
}

/** By servers as they stand. @param begun groups of a run that goes on */
async function planLive(
  { signal }: ActionContext,
  { name, value }: KollaCloud,
  { topology, liveServers }: LiveCloud,
  hosts: readonly string[],
  { degraded = false }: MaintainOptions,
  begun: readonly (readonly string[])[] | undefined,
): Promise<MaintenancePlan> {
  const placement = livePlacement(await liveServers(signal));
  if (begun !== undefined) return describeGroups(begun, { cloud: value, topology, placement });
  const plan = planMaintenance({ cloud: value, topology, placement, hosts, degraded });
  if ('refused' in plan) throw maintenanceRefused(name, plan.refused);
  return plan;
}

async function portsOf(context: ActionContext, { surveys, power, services, liveServers }: LiveCloud) {
  const { setTimeout: sleep } = await import('node:timers/promises');
  return {
    ...{ surveys, power, liveServers, api: await services() },
    sleep: async (seconds: number, signal: AbortSignal) => await sleep(seconds * 1000, undefined, { signal }),
    waitForOperator: async (text: string) => (await context.io.text(text)) !== undefined,
    onWait: (text: string) => inform(context, text),
  };
}

function placeOf({ signal }: ActionContext, { value }: KollaCloud, { topology, expected }: LiveCloud) {
  const gateways = hostsFor(topology, 'network').map(({ name }) => name);
  return { cloud: value, topology, expected, gateways, signal };
}

function optionsOf({ signal, io }: ActionContext) {
  return { signal, emit: io.emit.bind(io) };
}

function workOf({ reboot = false, off = false, command }: MaintainOptions): Work {
  if (command !== undefined) return { kind: 'command', text: command };
  return { kind: reboot ? 'reboot' : off ? 'off' : 'pause' };
}

/** A command that holds a secret stands in no journal: it is typed again. */
function resumeOf(
  cloud: string,
  { hosts, all = false, reboot = false, off = false, command, degraded = false }: MaintainOptions,
) {
  return [
    ...['tandem cloud maintain', ...(all ? ['--all'] : hosts), '--cloud', cloud, '--run'],
    ...[...(reboot ? ['--reboot'] : []), ...(off ? ['--off'] : []), ...(degraded ? ['--degraded'] : [])],
    ...(command === undefined
      ? []
      : ['--command', secretIn(command) === undefined ? shellWord(command) : "'THE SAME'"]),
  ].join(' ');
}
