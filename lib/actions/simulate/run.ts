import { setImmediate } from 'node:timers/promises';
import { noSuchEnvironment } from '../../aws-api/errors.ts';
import { fleetOfTemplate } from '../../simulate/fleet/from-template.ts';
import { loadDecide } from '../../simulate/policy/tandem.ts';
import { type ContenderOptions, contendersOf } from '../../simulate/report/contenders.ts';
import { forecastsFor } from '../../simulate/report/forecasts.ts';
import { bestOf, type Judged, type JudgeOptions, judge } from '../../simulate/report/judge.ts';
import type { ForecastPoint, Report, WorkloadReport } from '../../simulate/report/report.ts';
import { openWorkload } from '../../simulate/workload/open.ts';
import { recordedWorkload } from '../../simulate/workload/recorded.ts';
import type { Workload } from '../../simulate/workload/workload.ts';
import { StackId } from '../../stack/id.ts';
import { stacksOf } from '../../synthesis/catalogue.ts';
import { requireProject } from '../configuration.ts';
import { type ActionContext, progressOf, warnerOf } from '../context.ts';
import { synthesizeCached } from '../synthesize.ts';
import { requireWritable, writeText } from '../write-text.ts';

export interface RunOptions {
  readonly environment: string;
  /** Files, or names of made ones. @default - the recorded one; without a record, made:social-week */
  readonly workloads?: readonly string[] | undefined;
  /** Names of policies, beside the environment's own. @default all */
  readonly policies?: readonly string[] | undefined;
  /** Seconds that a job may wait. @default - none is too long */
  readonly goalSeconds?: number | undefined;
  /** @default 1 */
  readonly seed?: number | undefined;
  /** Percent of Spot instances that are interrupted in an hour. @default 0 */
  readonly spotInterruptions?: number | undefined;
  /** File of a page with pictures. @default - none is written */
  readonly html?: string | undefined;
}

export const DEFAULT_WORKLOAD = 'made:social-week';

/**
 * Runs workloads through the fleet of an environment as its template has it, and through the same fleet under AWS's own policies. Asks no
 * cloud.
 * @throws TandemError `no-such-environment`, `no-such-scaling-policy`, `cannot-write`, those of `openWorkload` and `requireProject`
 */
export async function run(context: ActionContext, options: RunOptions): Promise<Report> {
  const { environment: name, policies, goalSeconds, seed = 1, html } = options;
  const project = requireProject(context);
  const environment = project.environments.get(name)?.value;
  if (environment === undefined) throw noSuchEnvironment(name, [...project.environments.keys()]);
  if (html !== undefined) requireWritable(html);
  const places = options.workloads ?? [recordedWorkload(context.root, name) ?? DEFAULT_WORKLOAD];
  const { scaling, worker } = environment.cluster;
  const prices = project.awsPrices?.value.regions[environment.aws.region];
  if (prices === undefined)
    warnerOf(context)(
      `config/prices/aws.yaml has no prices of ${environment.aws.region}, so that hours are told and no money: add them there`,
    );
  const { jobSeconds } = scaling;
  const slots = worker.jobsPerInstance;
  const workloads: Workload[] = [];
  for (const place of places) workloads.push(await openWorkload(place, seed, { jobSeconds }));
  const [stack] = await synthesizeCached(context, stacksOf(project), new Set([StackId.cluster(name)]));
  const fleet = fleetOfTemplate(stack?.text ?? '');
  const decide = await loadDecide();
  // Made anew for each workload, since a policy may remember.
  const settings: ContenderOptions = { ...scaling, slots, decide, policies, goalSeconds };
  const contenders = () => contendersOf(fleet, settings);
  // Each takes as long as a policy, and only the page shows them.
  const forecasts = workloads.map((workload) =>
    html === undefined ? [] : forecastsFor(workload, fleet, { ...settings, seed }),
  );
  const total = contenders().length * workloads.length + forecasts.flat().length;
  const tell = progressOf(context, 'simulating policies');
  const judging: JudgeOptions = {
    ...{ seed, slots, goalSeconds, prices },
    interruptionsPerHour: (options.spotInterruptions ?? 0) / 100,
  };
  const reports: WorkloadReport[] = [];
  let done = 0;
  tell(done, total);
  for (const [index, workload] of workloads.entries()) {
    const [configured] = contenders();
    if (configured === undefined) continue;
    const best = bestOf(configured, workload, judging);
    const judged: Judged[] = [];
    for (const contender of contenders()) {
      // Ctrl-C is heard between two of them.
      await setImmediate();
      judged.push(judge(contender, workload, best, judging));
      tell((done += 1), total);
    }
    const points: ForecastPoint[] = [];
    for (const { contender, errors } of forecasts[index] ?? []) {
      await setImmediate();
      const { policy, regret = 0, waits } = judge(contender, workload, best, judging);
      for (const errorPercent of errors)
        points.push({ policy, errorPercent, regretPercent: 100 * regret, p95: waits.p95 });
      tell((done += 1), total);
    }
    reports.push({ workload, best, policies: judged, forecasts: points });
  }
  const report: Report = { environment: name, seed, goalSeconds, slots, workloads: reports };
  if (html !== undefined) {
    const { reportPage } = await import('../../simulate/report/page.ts');
    writeText(html, await reportPage(report));
  }
  return report;
}
