import { type EnvironmentRow, type ListOptions, listEnvironments } from '../../dev/list.ts';
import type { ActionContext } from '../context.ts';
import { withEnvironments } from './ports.ts';

export interface ListedEnvironments {
  /** Of the costs. */
  readonly currency: string;
  /** Sorted by name. */
  readonly environments: readonly EnvironmentRow[];
}

/** Every lease of this checkout. */
export async function list(context: ActionContext, options: ListOptions): Promise<ListedEnvironments> {
  return await withEnvironments(context, 'env-list', async ({ project, ports }) => ({
    currency: project.organisation.value.currency,
    environments: await listEnvironments(ports, project, options),
  }));
}
