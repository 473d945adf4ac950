import { type ListedStack, listStacks } from '../../deploy/list.ts';
import { withClouds } from '../clouds.ts';
import { requireProject } from '../configuration.ts';
import type { ActionContext } from '../context.ts';

export interface ListOptions {
  /** Ids, globs or short names; all stacks where there is none. */
  readonly selectors: readonly string[];
}

export interface ListResult {
  readonly stacks: readonly ListedStack[];
}

/** Stacks that are configured or recorded. Asks no cloud. */
export async function list(context: ActionContext, { selectors }: ListOptions): Promise<ListResult> {
  const project = requireProject(context);
  return await withClouds(context, project, async (ports) => ({ stacks: await listStacks(ports, project, selectors) }));
}
