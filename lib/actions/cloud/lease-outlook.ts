import type { Project } from '../../config/project.ts';
import { leaseGit } from '../../dev/lease-git.ts';
import { arrivalsOf } from '../../simulate/cloud/arrivals.ts';
import { ADDED_LEASES, leaseOf, leasesInPatch, pastLeases } from '../../simulate/cloud/history.ts';
import { leaseOutlook } from '../../simulate/cloud/outlook.ts';
import type { OutlookReport } from '../../simulate/cloud/report.ts';
import { type ActionContext, progressOf } from '../context.ts';
import { requireWritable, writeText } from '../write-text.ts';

export interface OutlookOptions {
  readonly days: number;
  /** New leases. @default - as many as began lately, by the configuration and its history */
  readonly perWeek?: number | undefined;
  /** Hosts to compare with. @default 0 */
  readonly moreHosts?: number | undefined;
  /** @default 1 */
  readonly seed?: number | undefined;
  /** File of a page with pictures. @default - none is written */
  readonly html?: string | undefined;
}

/** Leases over time against the hosts of a cloud. Reads the history of `config/dev`; asks no cloud. */
export async function outlookOfLeases(
  context: ActionContext,
  project: Project,
  cloud: string,
  { days, perWeek, moreHosts = 0, seed = 1, html }: OutlookOptions,
): Promise<OutlookReport> {
  if (html !== undefined) requireWritable(html);
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
  const report = { days, seed, arrivals, outlooks };
  if (html !== undefined) {
    const { outlookPage } = await import('../../simulate/cloud/page.ts');
    writeText(html, await outlookPage(cloud, report));
  }
  return report;
}
