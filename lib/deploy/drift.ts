import pLimit from 'p-limit';
import type { Project } from '../config/project.ts';
import type { EngineOptions } from '../engines/engine.ts';
import { TandemError } from '../errors/tandem-error.ts';
import type { Plan, StackPlan } from '../plan/model.ts';
import { livePlan } from '../plan/plan.ts';
import { selectIds } from '../stack/select.ts';
import { assertIdentities, engineOf } from './engine-of.ts';
import { takesMissing } from './errors.ts';
import { requirePlace } from './place.ts';
import { unplanned } from './plan-live.ts';
import { type DeployPorts, STACKS_AT_ONCE, type Target } from './ports.ts';
import { withGiven } from './takes.ts';
import { targetsFor } from './targets.ts';

/** What changed in the clouds since stacks were applied. One that cannot be compared is told as such; the others go on. */
export async function driftOf(
  ports: DeployPorts,
  project: Project,
  selectors: readonly string[],
  { concurrentStacks = STACKS_AT_ONCE, ...options }: EngineOptions & { readonly concurrentStacks?: number | undefined },
): Promise<Plan> {
  const recorded = await ports.records.list();
  const chosen = selectIds(
    recorded.map((record) => record.stack),
    selectors,
  );
  const targets = await targetsFor(ports, project, [...chosen], { destroy: true });
  const known = targets.map(({ stack }) => stack).filter(({ engine }) => ports.engines[engine] !== undefined);
  await assertIdentities(ports, known, options.signal);
  const plans = await pLimit(concurrentStacks).map(targets, (target) => compare(ports, target, options));
  return livePlan(plans);
}

async function compare(ports: DeployPorts, { stack }: Target, options: EngineOptions): Promise<StackPlan> {
  try {
    // Asked elsewhere, all of it would be gone.
    await requirePlace(ports, [{ stack }], options.signal);
    const given = await withGiven(ports, { stack, destroy: false }, options.signal);
    if (given === undefined) throw takesMissing(stack);
    return await engineOf(ports, stack).drift(given, options);
  } catch (error) {
    if (!(error instanceof TandemError)) throw error;
    return unplanned(stack, error.message);
  }
}
