import { driftOf } from '../../deploy/drift.ts';
import { maskPlan } from '../../plan/mask.ts';
import type { Plan } from '../../plan/model.ts';
import { engineOptions, withClouds } from '../clouds.ts';
import { requireProject } from '../configuration.ts';
import type { ActionContext } from '../context.ts';

export interface DriftOptions {
  /** Ids, globs or short names; all applied stacks where there is none. */
  readonly selectors: readonly string[];
}

/** Changes made outside Tandem: what was last applied against the live clouds, in each stack's `drift`. */
export async function drift(context: ActionContext, { selectors }: DriftOptions): Promise<Plan> {
  const project = requireProject(context);
  return await withClouds(context, project, async (ports) => {
    const options = { ...engineOptions(context), concurrentStacks: context.parallelism };
    return maskPlan(await driftOf(ports, project, selectors, options), project.organisation.value.review.masks);
  });
}
