import pLimit from 'p-limit';
import type { Project } from '../config/project.ts';
import type { EngineOptions } from '../engines/engine.ts';
import { TandemError } from '../errors/tandem-error.ts';
import type { Plan, StackPlan } from '../plan/model.ts';
import { toPlan } from '../plan/plan.ts';
import { citeSources } from './cite-sources.ts';
import { assertIdentities, engineOf } from './engine-of.ts';
import { asArtefact, waitsFor } from './plan-targets.ts';
import type { DeployPorts, DeployRequest, Target } from './ports.ts';

/** Concurrent stacks, where nobody says how many. */
const AT_ONCE = 4;

/**
 * What `deploy` would do, against the live clouds, for somebody who only looks: nothing is locked, journaled or kept. A stack that cannot
 * be planned is told with its reason, beside the others.
 * @throws TandemError `wrong-cloud`, `wrong-account`, `no-engine`
 */
export async function planLive(
  ports: DeployPorts,
  request: DeployRequest,
  {
    concurrentStacks = AT_ONCE,
    ...options
  }: Omit<EngineOptions, 'readOnly'> & { readonly concurrentStacks?: number | undefined },
): Promise<Plan> {
  const { targets } = request;
  await assertIdentities(
    ports,
    targets.map(({ stack }) => stack),
    options.signal,
  );
  const plans = await pLimit(concurrentStacks).map(targets, (target) => planOne(ports, request, target, options));
  return toPlan({ kind: 'live', ref: '' }, plans);
}

async function planOne(
  ports: DeployPorts,
  request: DeployRequest,
  target: Target,
  options: Omit<EngineOptions, 'readOnly'>,
): Promise<StackPlan> {
  const { stack, destroy } = target;
  const { project }: { readonly project: Project } = request;
  try {
    if (!destroy && (await waitsFor(ports, request, target))) return await asArtefact(ports, project, stack);
    const engine = engineOf(ports, stack);
    const frozen = await engine.plan(stack, { ...options, destroy, adopt: false, readOnly: true });
    await engine.discard(frozen);
    return citeSources(project, stack, frozen.plan);
  } catch (error) {
    options.signal.throwIfAborted();
    if (!(error instanceof TandemError)) throw error;
    if (error.code === 'inputs-missing') return asArtefact(ports, project, stack);
    const { id, engine } = stack;
    return { id, engine, status: 'error', changes: [], unresolvedInputs: [], drift: [], reason: error.message };
  }
}
