import { CertificateFolder } from '../../cloud-operations/certificates/folder.ts';
import { listCertificates } from '../../cloud-operations/certificates/look.ts';
import { askStatus } from '../../cloud-operations/status/ask-status.ts';
import { certificateUses } from '../../private-cloud/certificates/uses.ts';
import { chooseKollaCloud } from '../../private-cloud/kolla/kolla-cloud.ts';
import type { StatusReport } from '../../private-cloud/status/report.ts';
import { requireProject } from '../configuration.ts';
import type { ActionContext } from '../context.ts';
import { openLiveCloud } from './live-cloud.ts';

/** Days before its end from which on a certificate differs, as `cloud certificates` has it. */
const WARN_DAYS = 30;

export interface CloudStatusOptions {
  /** @default the organisation's `defaultCloud` */
  readonly cloud?: string | undefined;
}

/**
 * Asks a live cloud for what its configuration and the predictions say of it. Changes nothing.
 * @throws TandemError `no-such-cloud`, `not-kolla`, `no-ansible`, `wrong-cloud`
 */
export async function cloudStatus(context: ActionContext, options: CloudStatusOptions): Promise<StatusReport> {
  const cloud = chooseKollaCloud(requireProject(context), options.cloud);
  const { expected, surveys, services, liveServers } = openLiveCloud(context, cloud);
  const certificates = () =>
    listCertificates(
      new CertificateFolder(cloud.value.kolla.secrets),
      certificateUses(cloud.name, cloud.value),
      context.now(),
      WARN_DAYS,
    ).map(({ name, state, daysLeft, problems }) => ({ name, state, daysLeft, problems }));
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
  return await askStatus({ surveys, certificates, api }, expected, context.signal);
}
