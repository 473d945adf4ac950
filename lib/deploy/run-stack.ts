import { isDeepStrictEqual } from 'node:util';
import type { FrozenStackPlan } from '../engines/engine.ts';
import { messageOf } from '../errors/tandem-error.ts';
import type { StackPlan } from '../plan/model.ts';
import type { StackId } from '../stack/id.ts';
import { applyStack } from './apply-stack.ts';
import { needsSecrets } from './boot-secrets/open.ts';
import type { Planned } from './downstream.ts';
import { recordDurations } from './durations.ts';
import { engineOf } from './engine-of.ts';
import { describeTakes } from './errors.ts';
import { claim, type Standing } from './lineage/lineage.ts';
import { type LivePlan, pinsOf, planAgain } from './plan-targets.ts';
import {
  type DeployOptions,
  type DeployPorts,
  type DeployRequest,
  RESOURCES_AT_ONCE,
  type RunningOperation,
  type StackPhase,
  type StackResult,
  type Target,
} from './ports.ts';
import { recordOf } from './record-of.ts';
import { keepVersion } from './versions/versions.ts';

/** A stack whose turn has come. */
export interface StackRun extends LivePlan {
  readonly standing: Pick<Standing, 'kind'>;
  /** What it reads is another by now. */
  readonly isRenewed: boolean;
  /** What was applied, this stack too once it was. */
  readonly done: Planned[];
  readonly climb: (stack: StackId) => Promise<void>;
  /** Whether its data is taken out before it is removed. */
  readonly empty: boolean;
}

/**
 * Applies the plan of one stack, or one that is made anew where it waited for others: claimed first, a step of the journal, recorded
 * afterwards, and told from its beginning to its end.
 */
export async function runStack(
  ports: DeployPorts,
  request: DeployRequest,
  options: DeployOptions,
  operation: RunningOperation,
  run: StackRun,
): Promise<StackResult> {
  const { target, standing } = run;
  const { stack, destroy } = target;
  const { id } = stack;
  const started = ports.now().getTime();
  const seconds = (): number => (ports.now().getTime() - started) / 1000;
  const tell = (phase: StackPhase, notes: { readonly reason?: string } = {}): void =>
    options.emit({ kind: 'stack', stack: id, phase, seconds: seconds(), ...notes });
  const ended = (outcome: StackResult['outcome'], changes = 0): StackResult => ({
    ...{ id, outcome, seconds: seconds(), changes },
  });
  try {
    options.signal.throwIfAborted();
    await run.climb(id);
    const planned = run.isRenewed ? undefined : run.frozen;
    if (planned === undefined && run.frozen !== undefined) await engineOf(ports, stack).discard(run.frozen);
    const frozen = planned ?? (await planAgain(ports, request, options, run));
    if (frozen === undefined) {
      tell('waiting', { reason: describeTakes(stack) });
      return ended('waiting');
    }
    // Before the first effect: of two who begin at the same time, the cloud lets one begin.
    if (!destroy) await claim(ports, target, standing, options.signal);
    if (!frozen.hasEffect) {
      if (options.only === undefined) await noteUnchanged(ports, target, operation, options.signal);
      await keepVersion(ports, stack, { operation: operation.id, moment: 'unchanged' });
      await provideSecrets(ports, target, operation, options);
      tell('unchanged');
      return ended('unchanged');
    }
    tell('applying');
    const confirmed = planned === undefined ? frozen.plan : run.shown;
    const part = options.only === undefined ? '' : ` ${options.only.name}`;
    await operation.step(
      `${destroy ? 'destroy' : 'apply'} ${id}${part}`,
      () => apply(ports, options, operation, { ...run, frozen, confirmed }),
      {
        detail: { ...detailOf(frozen), ...(run.empty ? { empties: true } : {}) },
        result: () => ({ seconds: seconds(), changes: countsOf(frozen.plan.changes) }),
      },
    );
    run.done.push({ target, shown: frozen.plan });
    await provideSecrets(ports, target, operation, options);
    tell('done');
    return ended(destroy ? 'destroyed' : 'applied', frozen.plan.changes.length);
  } catch (error) {
    tell('failed', { reason: messageOf(error) });
    throw error;
  }
}

/** The effect of a step, between two versions of the state; a failure leaves a version too. */
async function apply(
  ports: DeployPorts,
  options: DeployOptions,
  operation: RunningOperation,
  run: Pick<StackRun, 'target' | 'standing' | 'empty'> & {
    readonly frozen: FrozenStackPlan;
    /** No attempt does more than this. */
    readonly confirmed: StackPlan;
  },
): Promise<void> {
  const { target, frozen, confirmed, empty } = run;
  const { stack, destroy } = target;
  const { signal, only } = options;
  const keep = (moment: string) =>
    keepVersion(ports, stack, { operation: operation.id, moment: `${moment} ${destroy ? 'destroy' : 'apply'}` });
  await keep('before');
  try {
    await applyStack(ports, {
      ...{ engine: engineOf(ports, stack), frozen, confirmed },
      options: {
        ...{ signal, empty, parallelism: options.resourceParallelism ?? RESOURCES_AT_ONCE },
        fence: () => operation.assertHeld(stack.id),
        ...(await pinsOf(ports, options, target)),
      },
      emit: recordDurations(ports.durations, frozen, options.emit),
    });
  } catch (error) {
    // What is told is why it failed; the next run keeps what this one could not.
    await keep('failed').catch(() => undefined);
    throw error;
  }
  if (destroy) await forget(ports, target, operation, signal);
  else {
    if (only === undefined) await ports.records.write(recordOf(ports, target, operation.id), operation.locks);
    // What was made can carry the mark itself by now.
    await claim(ports, target, run.standing, signal);
  }
  await keep('after');
}

/** Servers that are there have to get their secrets; those of a stack that is gone are forgotten. Stacks that need none take no step. */
async function provideSecrets(
  { bootSecrets }: DeployPorts,
  { stack, destroy }: Target,
  operation: RunningOperation,
  { signal }: DeployOptions,
): Promise<void> {
  if (bootSecrets === undefined || !needsSecrets(stack)) return;
  if (destroy) await operation.step(`forget secrets ${stack.id}`, () => bootSecrets.forget(stack, signal));
  else await operation.step(`offer secrets ${stack.id}`, () => bootSecrets.provide(stack, signal));
}

/** Nothing to do in the cloud, but the record may still tell of an older commit's artefact, of no target, or be missing. */
async function noteUnchanged(
  ports: DeployPorts,
  target: Target,
  operation: RunningOperation,
  signal: AbortSignal,
): Promise<void> {
  if (target.destroy) return forget(ports, target, operation, signal);
  const recorded = await ports.records.read(target.stack.id);
  const isTold = recorded?.digest === target.stack.digest && isDeepStrictEqual(recorded.target, target.stack.target);
  if (!isTold) await ports.records.write(recordOf(ports, target, operation.id), operation.locks);
}

/** A stack that is gone: neither the cloud nor the records tell of it any more. */
async function forget(
  ports: DeployPorts,
  { stack }: Target,
  { locks }: RunningOperation,
  signal: AbortSignal,
): Promise<void> {
  await engineOf(ports, stack).unmark?.(stack, signal);
  await ports.records.remove(stack.id, locks);
}

function detailOf({ stack, plan, destroy }: FrozenStackPlan): Record<string, unknown> {
  const actions = plan.changes.map((change) => `${change.action} ${change.address}`);
  return { digest: stack.digest, destroy, actions };
}

/** How many of each action. */
function countsOf(changes: readonly { readonly action: string }[]): Record<string, number> {
  const actions = Map.groupBy(changes, (change) => change.action);
  return Object.fromEntries([...actions].map(([action, own]) => [action, own.length]));
}
