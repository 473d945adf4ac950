import { type ShownEnvironment, showEnvironment } from '../../dev/show.ts';
import type { ActionContext } from '../context.ts';
import { withEnvironments } from './ports.ts';

export interface ShowResult extends ShownEnvironment {
  /** Of the cost. */
  readonly currency: string;
}

/** All that is known of one environment. @throws TandemError `no-such-lease` */
export async function show(context: ActionContext, { name }: { readonly name: string }): Promise<ShowResult> {
  return await withEnvironments(context, 'env-show', async ({ project, ports }) => ({
    currency: project.organisation.value.currency,
    ...(await showEnvironment(ports, project, name)),
  }));
}
