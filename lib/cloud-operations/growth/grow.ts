import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Entity } from '../../config/project.ts';
import type { Cloud } from '../../config/schema/cloud.ts';
import { runOperation } from '../../deploy/operation.ts';
import type { DeployOptions, DeployPorts } from '../../deploy/ports.ts';
import { recordOf } from '../../deploy/record-of.ts';
import { kollaTree } from '../../engines/kolla/catalogue.ts';
import { readInventory } from '../../engines/kolla/read-tree.ts';
import { findKolla, runKolla } from '../../engines/kolla/run-kolla.ts';
import { fillWorkTree } from '../../engines/kolla/work-tree.ts';
import { workFolder } from '../../engines/work-folder.ts';
import { inLayout } from '../../private-cloud/growth/layouts.ts';
import { type Members, membersIn, withMembers } from '../../private-cloud/growth/members.ts';
import { planGrowth } from '../../private-cloud/growth/plan.ts';
import { simulateGrowth } from '../../private-cloud/growth/simulate.ts';
import type { GrowCommand, GrowStep } from '../../private-cloud/growth/step.ts';
import { type InventoryGroup, inventoryFile, inventoryGroups } from '../../private-cloud/kolla/inventory.ts';
import { renderTree } from '../../private-cloud/kolla/render.ts';
import { topologyOf } from '../../private-cloud/topology/topology.ts';
import { StackId } from '../../stack/id.ts';
import { digestOf, type SynthesizedStack } from '../../stack/synthesized.ts';
import type { UnfinishedOperation } from '../../state/journal.ts';
import { counted } from '../../text/plural.ts';
import { growImpossible, growStepFailed } from './errors.ts';

type Layout = Cloud['layout'];

export interface Growth {
  readonly cloud: string;
  readonly to: Layout;
  readonly steps: readonly GrowStep[];
  /** The tree of the target layout, with every host's variables. */
  readonly stack: SynthesizedStack;
  readonly inventory: readonly InventoryGroup[];
}

/**
 * Plans how a cloud gets from the placement that was last applied (else that of its configured layout) to a layout, and simulates it.
 * @throws TandemError `grow-impossible`
 */
export async function planGrow(ports: Pick<DeployPorts, 'records'>, cloud: Entity<Cloud>, to: Layout): Promise<Growth> {
  const { name, value } = cloud;
  const id = StackId.kolla(name);
  const isOutside = value.storage.backend === 'ceph';
  const topology = topologyOf(name, value);
  const target = inLayout(value, to);
  const inventory = inventoryGroups(topology, isOutside);
  const record = await ports.records.read(id);
  const applied = record === undefined ? undefined : (JSON.parse(record.artefact) as Record<string, string>);
  const standing =
    applied === undefined
      ? inventoryGroups(topologyOf(name, inLayout(value, value.layout)), isOutside)
      : readInventory(applied['inventory/multinode'] ?? '');
  const [from, wanted] = [membersIn(standing), membersIn(inventoryGroups(topologyOf(name, target), isOutside))];
  refuse(cloud, to, from, wanted);
  const addressOf = (host: string): string =>
    topology.hosts.find((each) => each.name === host)?.addresses.internal ?? '';
  const steps = planGrowth({
    from,
    to: wanted,
    inventory,
    engine: value.kolla?.containerEngine ?? 'docker',
    addressOf,
  });
  const [problem] = simulateGrowth(steps, from, wanted);
  if (problem !== undefined)
    throw growImpossible(name, to, `in step "${problem.step}", ${problem.group}: ${problem.problem}`);
  const files = { ...renderTree(name, value).files, ...renderTree(name, target).files };
  const text = JSON.stringify(files, null, 1);
  const stack = { ...kollaTree(cloud), citations: {}, text, digest: digestOf(text) };
  return { cloud: name, to, steps, inventory, stack };
}

function refuse({ name, value }: Entity<Cloud>, to: Layout, from: Members, wanted: Members): void {
  if (to === 'starter')
    throw growImpossible(
      name,
      to,
      'neither of the last two members can be removed: RabbitMQ pauses and OVN’s raft stops without a majority',
    );
  if (value.vips === undefined)
    throw growImpossible(name, to, 'it has no `vips`, which several controllers need to share one address');
  for (const group of ['mariadb', 'rabbitmq', 'ovn-database'] as const)
    if (wanted[group].length < 3)
      throw growImpossible(
        name,
        to,
        `${group} would have ${counted(wanted[group].length, 'member')}; a majority that survives the loss of one needs 3`,
      );
  const known = new Set(topologyOf(name, value).hosts.map((host) => host.name));
  const gone = Object.values(from)
    .flat()
    .find((host) => !known.has(host));
  if (gone !== undefined)
    throw growImpossible(name, to, `${gone} carries services and is no longer in the configuration`);
}

/** The inventory of a step: who is in which group while it runs. */
export function inventoryOf(folder: string, { key }: GrowStep): string {
  return join(folder, 'inventory', `grow-${key.slice(0, 2)}`);
}

/** Writes the inventories of all steps into a tree, beside the variables of its hosts. */
export function writeStepInventories(folder: string, { cloud, steps, inventory }: Growth): void {
  mkdirSync(join(folder, 'inventory'), { recursive: true });
  for (const step of steps)
    writeFileSync(inventoryOf(folder, step), inventoryFile(cloud, withMembers(inventory, step.members)).content);
}

/** A command as an operator would type it, for a tree in a folder. */
export function commandLine({ program, args }: GrowCommand, folder: string, inventory: string): string[] {
  const [verb = '', ...rest] = args;
  return program === 'kolla-ansible'
    ? [program, verb, '--configdir', folder, '--inventory', inventory, ...rest]
    : [program, '--inventory', inventory, ...args];
}

export interface GrowPorts extends DeployPorts {
  readonly root: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly secrets: string;
  readonly onStep: (key: string, phase: 'start' | 'done' | 'skipped') => void;
}

/**
 * Executes a plan to grow, step by step, under the stack's lock and in the journal. Interrupted and run again, it resumes after the steps
 * that are done; a step that was begun is repeated, which is safe.
 * @throws TandemError `grow-step-failed`, `state-locked`
 */
export async function executeGrow(
  ports: GrowPorts,
  growth: Growth,
  options: Pick<DeployOptions, 'signal' | 'emit'>,
): Promise<void> {
  const { stack } = growth;
  const program = await findKolla(ports.environment);
  const runner = {
    ...options,
    verb: 'cloud grow',
    arguments: { name: growth.cloud, to: growth.to },
    resume: `tandem cloud grow ${growth.cloud} --to ${growth.to} --execute`,
    resumes: (open: UnfinishedOperation) => open.verb === 'cloud grow' && open.arguments['to'] === growth.to,
  };
  await runOperation(ports, [stack.id], runner, async (operation) => {
    const folder = fillWorkTree(ports.root, stack, ports.secrets);
    writeStepInventories(folder, growth);
    const done = new Set(operation.resumed?.done);
    for (const step of growth.steps) {
      if (done.has(step.key)) {
        ports.onStep(step.key, 'skipped');
        continue;
      }
      options.signal.throwIfAborted();
      ports.onStep(step.key, 'start');
      const work = () => runStep(ports, growth, step, { program, folder, signal: options.signal });
      await operation.step(step.key, work, { detail: { unavailable: step.unavailable } });
      ports.onStep(step.key, 'done');
    }
    await ports.records.write(recordOf(ports, { stack, destroy: false }, operation.id), operation.locks);
  });
}

async function runStep(
  { root, environment }: GrowPorts,
  growth: Growth,
  step: GrowStep,
  { program, folder, signal }: { readonly program: string; readonly folder: string; readonly signal: AbortSignal },
): Promise<void> {
  const inventory = inventoryOf(folder, step);
  const log = join(workFolder(root, growth.stack.id), 'kolla-ansible.log');
  for (const command of step.commands) {
    const [name = '', ...args] = commandLine(command, folder, inventory);
    const { code, faults } = await runKolla({
      ...{ folder, log, signal, args, program: command.program === 'kolla-ansible' ? program : name },
      ...{ environment, oneByOne: command.oneByOne },
      onTask: () => undefined,
    });
    signal.throwIfAborted();
    const [fault] = faults;
    if (code !== 0)
      throw growStepFailed(
        growth.cloud,
        growth.to,
        step.key,
        fault === undefined
          ? `${command.program} ended with exit code ${code}`
          : `"${fault.task}" failed on ${fault.host}`,
        log,
      );
  }
}
