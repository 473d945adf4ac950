import pLimit from 'p-limit';
import type { Project } from '../../config/project.ts';
import { TandemError } from '../../errors/tandem-error.ts';
import type { StackPlan } from '../../plan/model.ts';
import { counted } from '../../text/plural.ts';
import { ask } from '../ask.ts';
import { noSuchBlueprint } from '../errors.ts';
import type { DevPorts } from '../ports.ts';
import { type DevEnvironment, environmentOf } from '../workspace.ts';
import { type Approval, approvalOf } from './approval.ts';
import { describeEffects, effectsOf, type ServerEffect } from './effects.ts';
import { rollOutStopped } from './errors.ts';
import { countsOf } from './look.ts';
import { updateEnvironment } from './update.ts';
import { planWaves, type Wave } from './waves.ts';

/**
 * Where a lease of a blueprint stands. `changes`: it is to be updated; `current`: nothing changes; `updated`: this roll-out brought it
 * there; `waits`: its owner has to approve; `frozen`, `unmade`, `unfinished`: left out, by that.
 */
export type Standing = 'changes' | 'current' | 'updated' | 'waits' | 'frozen' | 'unmade' | 'unfinished';

export interface RollOutMember {
  readonly environment: DevEnvironment;
  readonly standing: Standing;
  readonly version: string;
  readonly approval: Approval;
  /** What differs from what was last applied, by the configuration alone. */
  readonly servers: readonly ServerEffect[];
  readonly others: number;
  /** The command that goes on with what was interrupted; undefined where nothing was. */
  readonly resume: string | undefined;
  readonly plan: StackPlan;
}

export interface RollOutResult {
  /** Every lease of the blueprint, sorted by name, as it stands at the end. */
  readonly members: readonly RollOutMember[];
  /** Those that were to be updated when it began. */
  readonly waves: readonly Wave[];
  /** Changes that were made on clouds, by lease. */
  readonly changes: Readonly<Record<string, number>>;
}

/** Updates at once within a wave: each is a Terraform process. */
const WIDTH = 2;
/** How far back the journal is read for what this roll-out has done. */
const HISTORY = 500;

/**
 * Updates all leases of a blueprint: one, then 5 % of them, then all; asks before each wave, and stops at the first that fails. What is
 * under way then is finished. Run again, it goes on where it was.
 * @throws TandemError `no-such-blueprint`, `roll-out-stopped`, `declined`
 */
export async function rollOutBlueprint(
  ports: DevPorts,
  project: Project,
  blueprint: string,
  { dryRun = false }: { readonly dryRun?: boolean } = {},
): Promise<RollOutResult> {
  if (!project.blueprints.has(blueprint)) throw noSuchBlueprint(blueprint, [...project.blueprints.keys()]);
  const members = await membersOf(ports, project, blueprint);
  for (const line of describeMembers(members)) ports.io.progress(line);
  const counting = members.filter(({ standing }) => standing === 'changes' || standing === 'updated');
  const waves = planWaves(
    counting.map(({ environment, standing }) => ({
      name: environment.name,
      servers: [...countsOf(environment).values()].reduce((sum, count) => sum + count, 0),
      done: standing === 'updated',
    })),
  );
  const changes: Record<string, number> = {};
  if (dryRun) return { members, waves, changes };
  for (const [at, { share, names }] of waves.entries()) {
    const wave = `wave ${at + 1} of ${waves.length} (${share})`;
    await ask(ports.io, `${wave}: ${names.join(', ')}\nUpdate ${counted(names.length, 'lease')} of ${blueprint}?`);
    const failed = await runWave(ports, names, members, changes);
    if (failed.length === 0) continue;
    const done = Object.keys(changes);
    const isOver = new Set([...done, ...failed.map(({ name }) => name)]);
    const left = waves.flatMap((each) => each.names).filter((name) => !isOver.has(name));
    throw rollOutStopped(blueprint, failed, done, left);
  }
  const isDone = (name: string): boolean => Object.hasOwn(changes, name);
  const ended = members.map((each) =>
    isDone(each.environment.name) ? { ...each, standing: 'updated' as const } : each,
  );
  return { members: ended, waves, changes };
}

async function runWave(
  ports: DevPorts,
  names: readonly string[],
  members: readonly RollOutMember[],
  changes: Record<string, number>,
): Promise<{ name: string; message: string }[]> {
  const failed: { name: string; message: string }[] = [];
  await pLimit(WIDTH).map(names, async (name) => {
    const isOver = failed.length > 0 || ports.signal.aborted;
    if (isOver) return;
    const agreed = members.find(({ environment }) => environment.name === name)?.plan;
    try {
      const own = agreed === undefined ? {} : { agreed };
      changes[name] = (await updateEnvironment({ ...ports, io: named(ports, name) }, name, own)).changes;
      ports.io.progress(`${name}: updated, ${counted(changes[name], 'change')}`);
    } catch (error) {
      if (!(error instanceof TandemError)) throw error;
      failed.push({ name, message: `${error.code}: ${error.message}; ${error.next}` });
    }
  });
  ports.signal.throwIfAborted();
  return failed;
}

function named({ io }: Pick<DevPorts, 'io'>, name: string): DevPorts['io'] {
  return {
    progress: (text) => io.progress(`${name}: ${text}`),
    confirm: (question) => io.confirm(`${name} goes beyond what was shown:\n${question}`),
  };
}

async function membersOf(ports: DevPorts, project: Project, blueprint: string): Promise<RollOutMember[]> {
  const [open, history] = await Promise.all([ports.journal.open(), ports.journal.history(HISTORY)]);
  const environments = [...project.leases.keys()]
    .sort()
    .flatMap((name) => environmentOf(project, name) ?? [])
    .filter((environment) => environment.blueprint.name === blueprint);
  const members: RollOutMember[] = [];
  for (const environment of environments) {
    const { stack, lease } = environment;
    const { version, plan } = await ports.deployer.outlook(project, stack);
    const { servers, others } = effectsOf(plan, countsOf(environment));
    const approval = await approvalOf(ports, project, environment, version);
    const interrupted = open.find(({ stacks }) => stacks.includes(stack));
    const isDone = history.some(
      ({ verb, outcome, stacks, arguments: given }) =>
        verb === 'env update' && outcome === 'succeeded' && stacks.includes(stack) && given['version'] === version,
    );
    const isMade = (await ports.records.read(stack)) !== undefined;
    const standing = (): Standing => {
      if (interrupted !== undefined && interrupted.verb !== 'env update') return 'unfinished';
      if (!isMade) return 'unmade';
      if (plan.status === 'unchanged' && interrupted === undefined) return isDone ? 'updated' : 'current';
      if (lease.value.state === 'frozen') return 'frozen';
      return approval === 'missing' ? 'waits' : 'changes';
    };
    members.push({
      ...{ environment, standing: standing(), version, approval, servers, others, plan },
      resume: interrupted?.resume,
    });
  }
  return members;
}

const WHY: Readonly<Record<Exclude<Standing, 'changes'>, (member: RollOutMember) => string>> = {
  current: () => 'nothing changes',
  updated: () => 'updated already',
  waits: ({ environment: { name, lease } }) =>
    `waits for ${lease.value.owner}: \`tandem env update ${name} --approve\``,
  frozen: () => 'frozen: is left as it is until it is thawed and updated',
  unmade: () => 'was never made',
  unfinished: ({ resume }) => `unfinished: \`${resume ?? ''}\` first`,
};

function describeMembers(members: readonly RollOutMember[]): string[] {
  if (members.length === 0) return ['no lease has this blueprint'];
  return members.flatMap((member) => {
    const { environment, standing } = member;
    if (standing === 'changes')
      return [`${environment.name} (${environment.lease.value.owner}):`, ...describeEffects(member)];
    return [`${environment.name}: ${WHY[standing](member)}`];
  });
}
