import { asError, TandemError } from '../errors/tandem-error.ts';
import { livePlan } from '../plan/plan.ts';
import type { StackId } from '../stack/id.ts';
import { announceDownstream, type Planned } from './downstream.ts';
import { stacksToEmpty } from './emptying.ts';
import { operationFailed } from './errors.ts';
import { forecastOf } from './forecast.ts';
import { climber, orderOf, requireLadder, rungsOf } from './ladder/ladder.ts';
import type { Standing } from './lineage/lineage.ts';
import { prerequisites, runInOrder } from './order.ts';
import type { LivePlan } from './plan-targets.ts';
import {
  type DeployOptions,
  type DeployPorts,
  type DeployRequest,
  type DeployResult,
  type RunningOperation,
  STACKS_AT_ONCE,
  type StackResult,
} from './ports.ts';
import { preflightFindings } from './preflight.ts';
import { type Outcome, reportOf, skippedBecause } from './report.ts';
import { runStack } from './run-stack.ts';
import { mayBeGiven } from './takes.ts';

/** Shows plans, asks, and carries them out in the order of their stacks. */
export async function confirmAndRun(
  ports: DeployPorts,
  request: DeployRequest,
  options: DeployOptions,
  operation: RunningOperation,
  live: ReadonlyMap<StackId, LivePlan>,
  standings: ReadonlyMap<StackId, Standing>,
): Promise<DeployResult> {
  const plans = [...live.values()];
  const findings = await preflightFindings(ports, plans, options.signal);
  const plan = { ...livePlan(plans.map(({ shown }) => shown)), findings };
  const changing = plans.filter(
    ({ target, frozen, shown }) => (frozen?.hasEffect ?? mayBeGiven(target, request)) || shown.after !== undefined,
  );
  const promoted = options.skipLadder === true ? [] : changing.map(({ target }) => target);
  const rungs = await rungsOf(ports, request.project, promoted);
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
  const outcomes = await runInOrder(before, options.parallelism ?? STACKS_AT_ONCE, async (id) => {
    const own = live.get(id);
    if (own === undefined) throw new Error(`no plan of ${id}`);
    const standing = standings.get(id) ?? { kind: 'unmarked' };
    // What others of this operation changed beyond what was shown reaches it as well.
    const announced = await announceDownstream(ports, request.project, [own, ...done]);
    const renewed = announced.find((each) => each.id === id);
    const isRenewed = own.shown.after !== undefined || renewed?.after !== undefined;
    const run = { ...own, standing, isRenewed, done, climb, empty: emptied.has(id) };
    return await runStack(ports, request, options, operation, run);
  });
  return { operation: operation.id, plan, ...resultOf(outcomes, before, options) };
}

/** What became of the stacks. @throws TandemError the error of the one that failed, or `operation-failed` of several */
function resultOf(
  outcomes: ReadonlyMap<StackId, Outcome>,
  before: ReadonlyMap<StackId, readonly StackId[]>,
  { emit }: Pick<DeployOptions, 'emit'>,
): Pick<DeployResult, 'stacks' | 'waiting'> {
  const failed: { stack: StackId; error: Error }[] = [];
  const waiting: { stack: StackId; beyond: readonly string[] }[] = [];
  const stacks: StackResult[] = [];
  for (const [id, outcome] of outcomes) {
    if (outcome === 'skipped') {
      const reason = skippedBecause(id, outcomes, before);
      emit({ kind: 'stack', stack: id, phase: 'skipped', seconds: 0, reason });
      stacks.push({ id, outcome: 'skipped', seconds: 0, changes: 0 });
    } else if (outcome.status === 'fulfilled') stacks.push(outcome.value);
    else if (isWaiting(outcome.reason))
      waiting.push({ stack: id, beyond: outcome.reason.details['beyond'] as readonly string[] });
    else failed.push({ stack: id, error: asError(outcome.reason) });
  }
  if (failed.length > 0 && outcomes.size > 1) emit({ kind: 'report', stacks: reportOf(outcomes, before) });
  const [only] = failed;
  if (only !== undefined) throw failed.length === 1 ? only.error : operationFailed(failed);
  // What was approved is done; the rest is another bundle's.
  for (const { stack: id } of waiting) stacks.push({ id, outcome: 'waiting', seconds: 0, changes: 0 });
  return { stacks, ...(waiting.length === 0 ? {} : { waiting }) };
}

/** Whether a stack is left for a second approval. */
function isWaiting(reason: unknown): reason is TandemError {
  return reason instanceof TandemError && reason.code === 'waiting-approval';
}
