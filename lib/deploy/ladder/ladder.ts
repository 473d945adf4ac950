import type { Project } from '../../config/project.ts';
import { partsOf, type StackId } from '../../stack/id.ts';
import { stacksOf } from '../../synthesis/catalogue.ts';
import { duration } from '../../text/duration.ts';
import type { DeployOptions, DeployPorts, RunningOperation, Target } from '../ports.ts';
import { ladderCheckFailed, ladderNotTaken } from './errors.ts';

/** An environment that something new goes to, and the one that must have it before. */
export interface Rung {
  readonly environment: string;
  readonly after: string;
  readonly pauseMinutes: number;
  readonly check?: readonly string[] | undefined;
  /** Stacks that something new goes to. */
  readonly stacks: readonly StackId[];
  /** Stacks of the environment before. */
  readonly lower: readonly StackId[];
}

/**
 * Environments that get something new and come after another. What is recorded of a stack already may be repaired, and removed, at any time.
 * @param changing - Targets whose plan is not empty
 */
export async function rungsOf(
  { records }: Pick<DeployPorts, 'records'>,
  project: Project,
  changing: readonly Target[],
): Promise<Rung[]> {
  const promoted = new Map<string, StackId[]>();
  for (const { stack, destroy } of changing) {
    const { environment } = partsOf(stack.id);
    if (environment === undefined || destroy) continue;
    if (project.environments.get(environment)?.value.after === undefined) continue;
    if ((await records.read(stack.id))?.digest === stack.digest) continue;
    promoted.set(environment, [...(promoted.get(environment) ?? []), stack.id]);
  }
  if (promoted.size === 0) return [];
  const known = stacksOf(project).map(({ id }) => id);
  return [...promoted].flatMap(([environment, stacks]) => {
    const rule = project.environments.get(environment)?.value.after;
    if (rule === undefined) return [];
    const { environment: after, pauseMinutes, check } = rule;
    const lower = known.filter((id) => partsOf(id).environment === after);
    return [{ ...{ environment, after, pauseMinutes, check, stacks, lower } }];
  });
}

/**
 * Requires that the environment before has, or gets by the same operation, what its configuration is at this commit.
 * @throws TandemError `ladder-not-taken`
 */
export async function requireLadder(
  { records, synthesize }: Pick<DeployPorts, 'records' | 'synthesize'>,
  project: Project,
  rungs: readonly Rung[],
  targets: readonly Target[],
): Promise<void> {
  const together = new Set(targets.flatMap(({ stack, destroy }) => (destroy ? [] : [stack.id])));
  for (const { environment, after, lower } of rungs) {
    const asked = lower.filter((id) => !together.has(id));
    const wanted = asked.length === 0 ? [] : await synthesize(stacksOf(project), new Set(asked));
    const missing: StackId[] = [];
    for (const { id, digest } of wanted) if ((await records.read(id))?.digest !== digest) missing.push(id);
    if (missing.length > 0) throw ladderNotTaken(environment, after, missing);
  }
}

/** What comes after what, as `prerequisites` takes it. Pure. */
export function orderOf(
  rungs: readonly Rung[],
): { readonly id: StackId; readonly after: { readonly stack: StackId }[] }[] {
  return rungs.flatMap(({ stacks, lower }) => stacks.map((id) => ({ id, after: lower.map((stack) => ({ stack })) })));
}

/**
 * Waits, once an environment, before the first of its stacks: until the pause since the last change of the environment before is over, and
 * its check has passed. Both are steps of the operation; an interrupted pause goes on where it would be by then.
 */
export function climber(
  ports: Pick<DeployPorts, 'records' | 'now' | 'sleep' | 'check'>,
  rungs: readonly Rung[],
  operation: Pick<RunningOperation, 'step' | 'progress'>,
  options: Pick<DeployOptions, 'signal' | 'emit'>,
): (id: StackId) => Promise<void> {
  const climbing = new Map<Rung, Promise<void>>();
  return async (id) => {
    const rung = rungs.find(({ stacks }) => stacks.includes(id));
    if (rung === undefined) return;
    const going = climbing.get(rung) ?? climb(ports, rung, operation, options, id);
    climbing.set(rung, going);
    await going;
  };
}

async function climb(
  ports: Pick<DeployPorts, 'records' | 'now' | 'sleep' | 'check'>,
  { environment, after, pauseMinutes, check, lower }: Rung,
  { step, progress }: Pick<RunningOperation, 'step' | 'progress'>,
  { signal, emit }: Pick<DeployOptions, 'signal' | 'emit'>,
  stack: StackId,
): Promise<void> {
  const tell = (text: string) => emit({ kind: 'message', stack, level: 'info', text });
  const times = await Promise.all(lower.map(async (id) => Date.parse((await ports.records.read(id))?.at ?? '')));
  const last = Math.max(...times.filter((time) => !Number.isNaN(time)));
  const until = last + pauseMinutes * 60_000;
  const left = () => (until - ports.now().getTime()) / 1000;
  if (left() > 0)
    await step(
      `pause between ${after} and ${environment}`,
      async () => {
        for (let seconds = left(); seconds > 0; seconds = left()) {
          tell(`pauses after ${after}: ${duration(seconds)} left`);
          await ports.sleep(Math.min(seconds, Math.max(60, seconds / 10)), signal);
        }
      },
      { detail: { until: new Date(until).toISOString() } },
    );
  const key = `check of ${after} before ${environment}`;
  if (check === undefined || progress.done.includes(key)) return;
  await step(
    key,
    async () => {
      tell(`checks ${after}: ${check.join(' ')}`);
      const { code, said } = await ports.check(check, signal);
      signal.throwIfAborted();
      if (code !== 0) throw ladderCheckFailed(environment, after, check, said === '' ? `exit ${code}` : said);
    },
    { detail: { command: check } },
  );
}
