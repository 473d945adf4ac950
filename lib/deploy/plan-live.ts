import pLimit from 'p-limit';
import type { EngineOptions, PlanOptions } from '../engines/engine.ts';
import type { Mark } from '../engines/lineage.ts';
import { TandemError } from '../errors/tandem-error.ts';
import type { Plan, StackPlan } from '../plan/model.ts';
import { livePlan } from '../plan/plan.ts';
import type { SynthesizedStack } from '../stack/synthesized.ts';
import type { StackRecord } from '../state/record.ts';
import { citeSources } from './cite-sources.ts';
import { announceDownstream } from './downstream.ts';
import { assertIdentities, engineOf } from './engine-of.ts';
import { foreignStack } from './lineage/errors.ts';
import { askLineage, stacksBegun, toldOf } from './lineage/lineage.ts';
import { movedStack } from './place.ts';
import { asArrival, asArtefact, waitsFor, withAhead } from './plan-targets.ts';
import { type DeployPorts, type DeployRequest, STACKS_AT_ONCE, type Target } from './ports.ts';
import { preflightFindings } from './preflight.ts';
import { withGiven } from './takes.ts';
import { requireState } from './versions/versions.ts';

type LookOptions = Omit<EngineOptions, 'readOnly'> & Pick<PlanOptions, 'mac'>;

/**
 * What `deploy` would do, against the live clouds, for somebody who only looks: nothing is locked, journaled or kept. A stack that cannot
 * be planned is told with its reason, beside the others.
 * @throws TandemError `wrong-cloud`, `wrong-account`, `no-engine`
 */
export async function planLive(
  ports: DeployPorts,
  request: DeployRequest,
  { concurrentStacks = STACKS_AT_ONCE, ...options }: LookOptions & { readonly concurrentStacks?: number | undefined },
): Promise<Plan> {
  const { targets } = request;
  await assertIdentities(
    ports,
    targets.map(({ stack }) => stack),
    options.signal,
  );
  const plans = await pLimit(concurrentStacks).map(targets, (target) => planOne(ports, request, target, options));
  const planned = targets.flatMap((target, index) => {
    const shown = plans[index];
    return shown === undefined ? [] : [{ target, shown }];
  });
  const plan = livePlan(await announceDownstream(ports, request.project, planned));
  return { ...plan, findings: await preflightFindings(ports, planned, options.signal) };
}

async function planOne(
  ports: DeployPorts,
  request: DeployRequest,
  target: Target,
  options: LookOptions,
): Promise<StackPlan> {
  const { destroy } = target;
  const { project } = request;
  let { stack } = target;
  try {
    const moved = await movedStack(ports, stack, options.signal);
    if (moved !== undefined) return await asArrival(ports, project, moved);
    const standing = await askLineage(ports, stack, await stacksBegun(ports), options.signal);
    if (standing.kind === 'foreign' && standing.mark !== undefined)
      return foreign(stack, standing.mark, standing.record);
    if (!destroy && (await waitsFor(ports, request, target))) return await asArtefact(ports, project, stack);
    const given = await withGiven(ports, target, options.signal);
    if (given === undefined) return await asArtefact(ports, project, stack);
    stack = given;
    const engine = engineOf(ports, stack);
    await requireState(ports, stack, false);
    const applied = (await ports.records.read(stack.id))?.artefact;
    const frozen = await engine.plan(stack, {
      ...options,
      destroy,
      adopt: standing.isUnrecorded && !destroy,
      readOnly: true,
      applied,
    });
    await engine.discard(frozen);
    return await withAhead(ports, target, citeSources(project, stack, frozen.plan));
  } catch (error) {
    options.signal.throwIfAborted();
    if (!(error instanceof TandemError)) throw error;
    if (error.code === 'inputs-missing') return asArtefact(ports, project, stack);
    return unplanned(stack, error.message);
  }
}

/** A stack of which nothing can be said but why. */
export function unplanned({ id, engine }: Pick<SynthesizedStack, 'id' | 'engine'>, reason: string): StackPlan {
  return { id, engine, status: 'error', changes: [], unresolvedInputs: [], drift: [], reason };
}

/** Another state's: no plan from here would be right. */
function foreign(stack: SynthesizedStack, mark: Mark, record: StackRecord | undefined): StackPlan {
  const { message, next } = foreignStack(stack.id, mark, record);
  return { ...unplanned(stack, `${message}; ${next}`), belongsTo: toldOf(mark) };
}
