import { askStatus } from '../../cloud-operations/status/ask-status.ts';
import { chooseKollaCloud } from '../../private-cloud/kolla/kolla-cloud.ts';
import type { StatusReport } from '../../private-cloud/status/report.ts';
import { requireProject } from '../configuration.ts';
import type { ActionContext } from '../context.ts';
import { openLiveCloud } from './live-cloud.ts';

export interface CloudStatusOptions {
  /** @default the organisation's `defaultCloud` */
  readonly cloud?: string | undefined;
}

/**
 * Asks a live cloud for what its configuration and the predictions say of it. Changes nothing.
 * @throws TandemError `no-such-cloud`, `not-kolla`, `no-ansible`, `wrong-cloud`
 */
export async function cloudStatus(context: ActionContext, options: CloudStatusOptions): Promise<StatusReport> {
  const cloud = openLiveCloud(context, chooseKollaCloud(requireProject(context), options.cloud));
  const { expected, surveys, services, liveServers } = cloud;
  const api = async (signal: AbortSignal) => {
    const { computeServices, networkAgents, volumeServices } = await services();
    const [compute, agents, volumes, live] = await Promise.all([
      computeServices(signal),
      networkAgents(signal),
      volumeServices(signal),
      liveServers(signal),
    ]);
    return { compute, agents, volumes, live };
  };
  return await askStatus({ surveys, api }, expected, context.signal);
}
