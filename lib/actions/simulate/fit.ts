import { noSuchEnvironment } from '../../aws-api/errors.ts';
import type { Project } from '../../config/project.ts';
import type { Environment } from '../../config/schema/environment.ts';
import { fit as fitSettings, scoreOf, type Tried } from '../../simulate/fit/fit.ts';
import { Outcomes } from '../../simulate/fit/outcomes.ts';
import { fitSpace, fitStart, withSettings, yamlOf } from '../../simulate/fit/settings.ts';
import { digestOfSetup, type FitPrices, type FitSetup, type FitTask, type Outcome } from '../../simulate/fit/task.ts';
import { Workbench } from '../../simulate/fit/workbench.ts';
import { fleetOfTemplate } from '../../simulate/fleet/from-template.ts';
import { isBetter } from '../../simulate/search/search.ts';
import type { Point } from '../../simulate/search/space.ts';
import { openWorkload } from '../../simulate/workload/open.ts';
import { recordedWorkload } from '../../simulate/workload/recorded.ts';
import type { Workload } from '../../simulate/workload/workload.ts';
import { hashOfParts } from '../../stack/content-hash.ts';
import { StackId } from '../../stack/id.ts';
import { stacksOf } from '../../synthesis/catalogue.ts';
import { codeHashOf } from '../../synthesis/code.ts';
import { synthesizeInProcess } from '../../synthesis/in-process.ts';
import { requireProject } from '../configuration.ts';
import { type ActionContext, progressOf, warnerOf } from '../context.ts';
import { DEFAULT_WORKLOAD } from './run.ts';

export interface FitOptions {
  readonly environment: string;
  /** Files, or names of made ones. @default - what was recorded of it, else made:social-week */
  readonly workloads?: readonly string[] | undefined;
  /** Wait in seconds that 95 of 100 jobs shall not exceed. */
  readonly goalSeconds: number;
  /** @default 1 */
  readonly seed?: number | undefined;
  /** Settings that are tried at most. @default 80 */
  readonly budget?: number | undefined;
  /** Percent of Spot instances that are interrupted in an hour. @default 0, and the share of Spot stays */
  readonly spotInterruptions?: number | undefined;
}

/** Settings, and what they came to. */
export interface FitSide {
  readonly settings: Point;
  readonly outcome: Outcome;
  /** Of other chance, with the next seed: what was found by luck shows here. Undefined where the search was stopped. */
  readonly check: Outcome | undefined;
}

export interface FitResult {
  readonly kind: 'fit';
  readonly environment: string;
  readonly goalSeconds: number;
  readonly seed: number;
  readonly workloads: readonly string[];
  readonly before: FitSide;
  readonly after: FitSide;
  /** Lines for `config/environments/<environment>.yaml`; empty where nothing is to be changed. */
  readonly yaml: string;
  /** Settings that were simulated, and how many of them an earlier search had. */
  readonly tried: number;
  readonly known: number;
  /** False where it was asked to stop: the same command goes on. */
  readonly isComplete: boolean;
}

export const DEFAULT_BUDGET = 80;

/** What outcomes depend on besides setup and fleet. */
const SIMULATOR = ['lib/simulate', 'lib/aws-model', 'packages/fleet-scaler/dist'];

/**
 * Searches for settings with which 95 of 100 jobs wait at most so long at least cost. Each is synthesized, and what its template deploys is
 * simulated, on as many threads as there are cores. What is worked out is kept, so that a search that was stopped goes on.
 * @throws TandemError `no-such-environment`, and those of `openWorkload` and `requireProject`
 */
export async function fit(context: ActionContext, options: FitOptions): Promise<FitResult> {
  const { environment: name, goalSeconds, seed = 1, budget = DEFAULT_BUDGET } = options;
  const interruptionsPerHour = (options.spotInterruptions ?? 0) / 100;
  const project = requireProject(context);
  const environment = project.environments.get(name)?.value;
  if (environment === undefined) throw noSuchEnvironment(name, [...project.environments.keys()]);
  const { cluster } = environment;
  const space = fitSpace(cluster, { interruptionsPerHour });
  const start = fitStart(cluster, space);
  const places = options.workloads ?? [recordedWorkload(context.root, name) ?? DEFAULT_WORKLOAD];
  const open = (of: number): Promise<Workload[]> =>
    Promise.all(places.map((place) => openWorkload(place, of, { jobSeconds: cluster.scaling.jobSeconds })));
  const [workloads, checks] = await Promise.all([open(seed), open(seed + 1)]);
  const setup: FitSetup = {
    ...{ workloads, checks, seed, interruptionsPerHour, slots: cluster.worker.jobsPerInstance },
    prices: pricesOf(project, environment),
  };
  if (setup.prices === undefined)
    warnerOf(context)(
      `config/prices/aws.yaml has no prices of ${environment.aws.region}: hours are compared, not money`,
    );
  const key = hashOfParts([codeHashOf(SIMULATOR), digestOfSetup(setup)]).replace(/^sha256:/, '');
  const outcomes = new Outcomes(context.root, key, context.now().getTime());
  const tasks = new Map<string, FitTask>();
  const taskOf = async (point: Point): Promise<FitTask> => {
    const text = JSON.stringify(point);
    const task = tasks.get(text) ?? (await taskFor(project, name, withSettings(cluster, point)));
    tasks.set(text, task);
    return task;
  };
  const tell = progressOf(context, 'trying settings');
  const { signal } = context;
  const bench = new Workbench({
    ...{ setup, outcomes, taskOf, signal, threads: context.parallelism },
    onTried: (tried) => tell(Math.min(tried, budget - 1), budget),
  });
  const side = ({ point, outcome }: Tried, check?: Outcome): FitSide => ({ settings: point, outcome, check });
  const resultOf = (before: FitSide, after: FitSide, isComplete: boolean): FitResult => ({
    ...{ kind: 'fit', environment: name, goalSeconds, seed, before, after, isComplete },
    workloads: workloads.map((each) => each.name),
    yaml: yamlOf(withSettings(cluster, before.settings), withSettings(cluster, after.settings)),
    ...{ tried: bench.tried.length, known: bench.known },
  });
  try {
    const { before, after } = await fitSettings({ space, start, goalSeconds, budget, seed }, (points) =>
      bench.work(points),
    );
    const checks = await bench.work([before.point, after.point], { isCheck: true });
    return resultOf(side(before, checks[0]), side(after, checks[1]), true);
  } catch (error) {
    const [before] = bench.tried;
    if (!signal.aborted || before === undefined) throw error;
    const better = (one: Tried, other: Tried): boolean =>
      isBetter(scoreOf(one.outcome, goalSeconds), scoreOf(other.outcome, goalSeconds));
    const best = bench.tried.reduce((one, other) => (better(other, one) ? other : one));
    return resultOf(side(before), side(best), false);
  } finally {
    tell(budget, budget);
    await bench.close();
  }
}

/** What the cluster's template deploys, of a configuration that is not written. */
async function taskFor(project: Project, name: string, cluster: Environment['cluster']): Promise<FitTask> {
  const environment = project.environments.get(name);
  if (environment === undefined) throw noSuchEnvironment(name, [...project.environments.keys()]);
  const changed = { ...environment, value: { ...environment.value, cluster } };
  const environments = new Map([...project.environments, [name, changed]]);
  const id = StackId.cluster(name);
  const made = await synthesizeInProcess(stacksOf({ ...project, environments }).filter((each) => each.id === id));
  const { scaler, warmupSeconds } = cluster.scaling;
  return {
    fleet: fleetOfTemplate(made.get(id)?.text ?? ''),
    warmupSeconds,
    ...(scaler === undefined ? {} : { scaler }),
  };
}

function pricesOf(project: Project, { aws, cluster }: Environment): FitPrices | undefined {
  const book = project.awsPrices?.value;
  const prices = book?.regions[aws.region];
  if (book === undefined || prices === undefined) return undefined;
  const { instanceHour, spotPercent, volumeGiB } = prices;
  const volumeHour = (cluster.instances.rootVolumeGiB * volumeGiB) / book.hoursPerMonth;
  return { instanceHour, spotPercent, volumeHour };
}
