import { isDeepStrictEqual } from 'node:util';
import type { FrozenStackPlan } from '../engines/engine.ts';
import { TandemError } from '../errors/tandem-error.ts';
import { toPlan } from '../plan/plan.ts';
import type { StackId } from '../stack/id.ts';
import type { UnfinishedOperation } from '../state/journal.ts';
import { applyStack } from './apply-stack.ts';
import { needsSecrets } from './boot-secrets/open.ts';
import { announceDownstream, type Planned } from './downstream.ts';
import { recordDurations } from './durations.ts';
import { stacksToEmpty } from './emptying.ts';
import { assertIdentities, engineOf } from './engine-of.ts';
import { changeUnfinished, describeTakes, operationFailed } from './errors.ts';
import { forecastOf } from './forecast.ts';
import { climber, orderOf, requireLadder, rungsOf } from './ladder/ladder.ts';
import { leaveBehind } from './leave-behind.ts';
import { claim, type Standing, standingsOf } from './lineage.ts';
import { runOperation } from './operation.ts';
import { prerequisites, runInOrder } from './order.ts';
import { requirePlace } from './place.ts';
import { type LivePlan, pinsOf, planAgain, planTargets } from './plan-targets.ts';
import type {
  DeployOptions,
  DeployPorts,
  DeployRequest,
  DeployResult,
  RunningOperation,
  StackResult,
  Target,
} from './ports.ts';
import { preflightFindings } from './preflight.ts';
import { recordOf } from './record-of.ts';
import { forgetLost } from './recreate.ts';
import { reportOf, skippedBecause } from './report.ts';
import { mayBeGiven } from './takes.ts';
import { isCloudChange } from './unfinished.ts';
import { keepVersion, shrunkOf } from './versions.ts';

/**
 * Brings stacks to what the configuration says, or removes them: checks who we are, locks them, plans against the live clouds, shows
 * and asks, applies in the order of their dependencies, and records what was done.
 *
 * Killed at any moment and run again, it finishes: an interrupted operation on the same stacks is found in the journal, and what it
 * left in the cloud is imported, not made twice. Stacks whose plan is empty are skipped.
 *
 * ```ts
 * const ports = await deployPorts({ root, project, environment: process.env });            // real adapters, lib/deploy/real.ts
 * const targets = await targetsFor(ports, project, [lease], { destroy: false });            // lib/deploy/targets.ts
 * const result = await deployStacks(ports, { project, targets }, { verb: 'env create', signal, confirm, emit, within });
 * ```
 *
 * @throws TandemError `broken-state-file`, `state-locked`, `wrong-cloud`, `target-changed`, `foreign-stack`, `ladder-not-taken`, `ladder-check-failed`, `declined`, `stack-failed`, `operation-failed`, `plan-changed`, `holds-data`, `interrupted`
 */
export async function deployStacks(
  ports: DeployPorts,
  request: DeployRequest,
  options: DeployOptions,
): Promise<DeployResult> {
  const { targets } = request;
  const ids = targets.map((target) => target.stack.id);
  // Without its record, nothing right can be said of a stack: refused before anything is asked or locked.
  await Promise.all(ids.map((id) => ports.records.read(id)));
  const identities = await assertIdentities(
    ports,
    targets.map((target) => target.stack),
    options.signal,
  );
  const left = await requirePlace(ports, targets, options.signal, options.leaveBehind);
  try {
    const refuses = (open: UnfinishedOperation) =>
      options.refuses?.(open) ?? (isCloudChange(open) ? changeUnfinished(open.stacks.join(', '), open) : undefined);
    return await runOperation(ports, ids, { ...options, refuses }, async (operation) => {
      operation.actAs(identities);
      for (const each of left) await leaveBehind(ports, each, operation, options);
      const standings = await standingsOf(ports, targets, operation.interrupted, options.signal);
      const unrecorded = ids.filter((id) => standings.get(id)?.isUnrecorded);
      for (const target of targets)
        if (options.recreate?.has(target.stack.id) === true) await forgetLost(ports, target, operation, options);
      const shrunk = await shrunkOf(ports, targets, operation.interrupted, options);
      const halfMade = new Set([...operation.interrupted, ...unrecorded, ...shrunk]);
      const live = await planTargets(ports, request, options, halfMade);
      try {
        return await confirmAndRun(ports, request, options, operation, live, standings);
      } finally {
        for (const each of live.values())
          if (each.frozen !== undefined) await engineOf(ports, each.target.stack).discard(each.frozen);
      }
    });
  } finally {
    ports.durations.save();
  }
}

async function confirmAndRun(
  ports: DeployPorts,
  request: DeployRequest,
  options: DeployOptions,
  operation: RunningOperation,
  live: ReadonlyMap<StackId, LivePlan>,
  standings: ReadonlyMap<StackId, Standing>,
): Promise<DeployResult> {
  const bare = toPlan(
    { kind: 'live', ref: '' },
    [...live.values()].map((each) => each.shown),
  );
  const plan = { ...bare, findings: await preflightFindings(ports, [...live.values()], options.signal) };
  const changing = [...live.values()].filter(
    ({ target, frozen, shown }) => (frozen?.hasEffect ?? mayBeGiven(target, request)) || shown.after !== undefined,
  );
  const rungs =
    options.skipLadder === true
      ? []
      : await rungsOf(
          ports,
          request.project,
          changing.map(({ target }) => target),
        );
  await requireLadder(ports, request.project, rungs, request.targets);
  let emptied: ReadonlySet<StackId> = new Set();
  if (changing.length > 0) {
    if (!(await options.confirm(plan))) throw operation.declined();
    const reverting = changing.filter(({ shown }) => shown.ahead !== undefined).map(({ shown }) => shown);
    const mayRevert = reverting.length === 0 || ((await options.confirmRevert?.(reverting)) ?? true);
    if (!mayRevert) throw operation.declined();
    const asked = await stacksToEmpty(changing, options);
    if (asked === undefined) throw operation.declined();
    emptied = asked;
    options.emit({ kind: 'forecast', ...forecastOf(ports, options, changing) });
  }
  const before = prerequisites(request.targets, [...plan.stacks, ...orderOf(rungs)]);
  const climb = climber(ports, rungs, operation, options);
  const done: Planned[] = [];
  const outcomes = await runInOrder(before, options.parallelism ?? 4, async (id) => {
    const own = live.get(id);
    if (own === undefined) throw new Error(`no plan of ${id}`);
    const standing = standings.get(id) ?? { kind: 'unmarked' };
    // What others of this operation changed beyond what was shown reaches it as well.
    const [renewed] = (await announceDownstream(ports, request.project, [own, ...done])).filter(
      (each) => each.id === id,
    );
    const isRenewed = own.shown.after !== undefined || renewed?.after !== undefined;
    return runStack(ports, request, options, operation, {
      ...own,
      standing,
      isRenewed,
      done,
      climb,
      empty: emptied.has(id),
    });
  });
  const failed: { stack: StackId; error: Error }[] = [];
  const waiting: { stack: StackId; beyond: readonly string[] }[] = [];
  const stacks: StackResult[] = [];
  for (const [id, outcome] of outcomes) {
    if (outcome === 'skipped') {
      const reason = skippedBecause(id, outcomes, before);
      options.emit({ kind: 'stack', stack: id, phase: 'skipped', seconds: 0, reason });
      stacks.push({ id, outcome: 'skipped', seconds: 0, changes: 0 });
    } else if (outcome.status === 'fulfilled') stacks.push(outcome.value);
    else if (isWaiting(outcome.reason))
      waiting.push({ stack: id, beyond: outcome.reason.details['beyond'] as readonly string[] });
    else failed.push({ stack: id, error: asError(outcome.reason) });
  }
  if (failed.length > 0 && outcomes.size > 1) options.emit({ kind: 'report', stacks: reportOf(outcomes, before) });
  const [only] = failed;
  if (only !== undefined) throw failed.length === 1 ? only.error : operationFailed(failed);
  // What was approved is done; the rest is another bundle's.
  for (const { stack: id } of waiting) stacks.push({ id, outcome: 'waiting', seconds: 0, changes: 0 });
  return { operation: operation.id, plan, stacks, ...(waiting.length === 0 ? {} : { waiting }) };
}

async function runStack(
  ports: DeployPorts,
  request: DeployRequest,
  options: DeployOptions,
  operation: RunningOperation,
  own: LivePlan & {
    readonly standing: Pick<Standing, 'kind'>;
    /** What it reads is another by now. */
    readonly isRenewed: boolean;
    /** What was applied, this stack too once it was. */
    readonly done: Planned[];
    readonly climb: (stack: StackId) => Promise<void>;
    /** Whether its data is taken out before it is removed. */
    readonly empty: boolean;
  },
): Promise<StackResult> {
  const { target, shown, standing } = own;
  const planned = own.isRenewed ? undefined : own.frozen;
  const { stack, destroy } = target;
  const started = ports.now().getTime();
  const seconds = (): number => (ports.now().getTime() - started) / 1000;
  try {
    options.signal.throwIfAborted();
    await own.climb(stack.id);
    if (planned === undefined && own.frozen !== undefined) await engineOf(ports, stack).discard(own.frozen);
    const frozen = planned ?? (await planAgain(ports, request, options, own));
    if (frozen === undefined) {
      const reason = describeTakes(stack);
      options.emit({ kind: 'stack', stack: stack.id, phase: 'waiting', seconds: seconds(), reason });
      return { id: stack.id, outcome: 'waiting', seconds: seconds(), changes: 0 };
    }
    const confirmed = planned === undefined ? frozen.plan : shown;
    // Before the first effect: of two who begin at the same time, the cloud lets one begin.
    if (!destroy) await claim(ports, target, standing, options.signal);
    if (!frozen.hasEffect) {
      if (options.only === undefined) await noteUnchanged(ports, target, operation, options.signal);
      await keepVersion(ports, stack, { operation: operation.id, moment: 'unchanged' });
      await provideSecrets(ports, target, operation, options);
      options.emit({ kind: 'stack', stack: stack.id, phase: 'unchanged', seconds: seconds() });
      return { id: stack.id, outcome: 'unchanged', seconds: seconds(), changes: 0 };
    }
    options.emit({ kind: 'stack', stack: stack.id, phase: 'applying', seconds: seconds() });
    const part = options.only === undefined ? '' : ` ${options.only.name}`;
    const key = `${destroy ? 'destroy' : 'apply'} ${stack.id}${part}`;
    const work = async (): Promise<void> => {
      const verb = destroy ? 'destroy' : 'apply';
      await keepVersion(ports, stack, { operation: operation.id, moment: `before ${verb}` });
      try {
        await applyStack(ports, {
          engine: engineOf(ports, stack),
          frozen,
          confirmed,
          options: {
            signal: options.signal,
            parallelism: options.resourceParallelism ?? 20,
            fence: () => operation.assertHeld(stack.id),
            empty: own.empty,
            ...(await pinsOf(ports, options, target)),
          },
          emit: recordDurations(ports.durations, frozen, options.emit),
        });
      } catch (error) {
        // What is told is why it failed; the next run keeps what this one could not.
        await keepVersion(ports, stack, { operation: operation.id, moment: `failed ${verb}` }).catch(() => undefined);
        throw error;
      }
      if (destroy) await forget(ports, target, operation, options.signal);
      else if (options.only === undefined)
        await ports.records.write(recordOf(ports, target, operation.id), operation.locks);
      // What was made can carry the mark itself by now.
      if (!destroy) await claim(ports, target, standing, options.signal);
      await keepVersion(ports, stack, { operation: operation.id, moment: `after ${verb}` });
    };
    await operation.step(key, work, {
      detail: { ...detailOf(frozen), ...(own.empty ? { empties: true } : {}) },
      result: () => ({ seconds: seconds(), changes: countsOf(frozen.plan.changes) }),
    });
    own.done.push({ target, shown: frozen.plan });
    await provideSecrets(ports, target, operation, options);
    options.emit({ kind: 'stack', stack: stack.id, phase: 'done', seconds: seconds() });
    return {
      id: stack.id,
      outcome: destroy ? 'destroyed' : 'applied',
      seconds: seconds(),
      changes: frozen.plan.changes.length,
    };
  } catch (error) {
    options.emit({
      kind: 'stack',
      stack: stack.id,
      phase: 'failed',
      seconds: seconds(),
      reason: asError(error).message,
    });
    throw error;
  }
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

/** Whether a stack is left for a second approval. */
function isWaiting(reason: unknown): reason is TandemError {
  return reason instanceof TandemError && reason.code === 'waiting-approval';
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
