import pLimit from 'p-limit';
import type { Project } from '../config/project.ts';
import type { EngineOptions } from '../engines/engine.ts';
import { TandemError } from '../errors/tandem-error.ts';
import type { Plan, StackPlan } from '../plan/model.ts';
import { toPlan } from '../plan/plan.ts';
import { selectIds } from '../stack/select.ts';
import { assertIdentities, engineOf } from './engine-of.ts';
import { takesMissing } from './errors.ts';
import { requirePlace } from './place.ts';
import type { DeployPorts, Target } from './ports.ts';
import { withGiven } from './takes.ts';
import { targetsFor } from './targets.ts';

/** Concurrent stacks, where nobody says how many. */
const AT_ONCE = 4;

/** What changed in the clouds since stacks were applied. One that cannot be compared is told as such; the others go on. */
export async function driftOf(
  ports: DeployPorts,
  project: Project,
  selectors: readonly string[],
  { concurrentStacks = AT_ONCE, ...options }: EngineOptions & { readonly concurrentStacks?: number | undefined },
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
  return toPlan({ kind: 'live', ref: '' }, plans);
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
    const { id, engine } = stack;
    return { id, engine, status: 'error', changes: [], unresolvedInputs: [], drift: [], reason: error.message };
  }
}
