import type { Project } from '../../config/project.ts';
import { leaseGit } from '../../dev/lease-git.ts';
import { type Arrivals, arrivalsOf } from '../../simulate/cloud/arrivals.ts';
import { ADDED_LEASES, leaseOf, leasesInPatch, pastLeases } from '../../simulate/cloud/history.ts';
import { type LeaseOutlook, leaseOutlook } from '../../simulate/cloud/outlook.ts';
import { type ActionContext, progressOf } from '../context.ts';

export interface OutlookOptions {
  readonly days: number;
  /** New leases. @default - as many as began lately, by the configuration and its history */
  readonly perWeek?: number | undefined;
  /** Hosts to compare with. @default 0 */
  readonly moreHosts?: number | undefined;
  /** @default 1 */
  readonly seed?: number | undefined;
}

export interface OutlookResult {
  readonly days: number;
  readonly seed: number;
  readonly arrivals: Arrivals;
  /** With the hosts that are there, and then with more, where that was asked. */
  readonly outlooks: readonly LeaseOutlook[];
}

/** Leases over time against the hosts of a cloud. Reads the history of `config/dev`; asks no cloud. */
export async function outlookOfLeases(
  context: ActionContext,
  project: Project,
  cloud: string,
  { days, perWeek, moreHosts = 0, seed = 1 }: OutlookOptions,
): Promise<OutlookResult> {
  const now = context.now().getTime();
  const patch = await leaseGit(context.root, undefined).ask(...ADDED_LEASES);
  const written = [...project.leases.values()].flatMap(({ name, value }) => leaseOf(name, value) ?? []);
  const { defaultCloud } = project.organisation.value;
  const past = pastLeases(written, leasesInPatch(patch ?? ''), { cloud, defaultCloud });
  const arrivals = arrivalsOf(past, now, perWeek);
  const tell = progressOf(context, 'asking chance');
  const runs = 100;
  const all = moreHosts === 0 ? [0] : [0, moreHosts];
  const outlooks = all.flatMap((hosts, index) => {
    const onRun = (done: number): void => tell(index * runs + done, all.length * runs);
    return leaseOutlook({ project, cloud, now, days, arrivals, runs, seed, moreHosts: hosts, onRun }) ?? [];
  });
  return { days, seed, arrivals, outlooks };
}
