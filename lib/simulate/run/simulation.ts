import { AwsModel } from '../../aws-model/model.ts';
import { draw, type RandomState } from '../../aws-model/random.ts';
import type { Spread } from '../../aws-model/types.ts';
import type { FleetDefinition } from '../fleet/definition.ts';
import { installFleet } from '../fleet/install.ts';
import { beginOf, type Workload } from '../workload/workload.ts';
import { Bills, type Stretch } from './bill.ts';
import { Jobs } from './jobs.ts';
import { type Happened, Losses } from './losses.ts';
import type { OwnPolicy } from './policy.ts';
import { tellOfScaler } from './scaler-metrics.ts';
import { Workers } from './workers.ts';

export interface SimulationOptions {
  readonly workload: Workload;
  readonly fleet: FleetDefinition;
  /** @default - AWS's policies alone */
  readonly policy?: OwnPolicy | undefined;
  /** @default 1 */
  readonly seed?: number | undefined;
  /** Jobs that an instance does at once. @default 1 */
  readonly slots?: number;
  /** From the boot until the worker is ready. @default 5 +- 2 */
  readonly workerStart?: Spread;
  /** Spot instances that are interrupted in an hour, of one. @default 0 */
  readonly interruptionsPerHour?: number | undefined;
  /** Milliseconds since 1970 at the beginning: schedules go by it. @default - the workload's; of one without, a Monday, 0:00 UTC */
  readonly begin?: number;
}

/** What was, minute by minute. */
export interface Minutes {
  readonly desired: number[];
  readonly inService: number[];
  /** Instances that are charged. */
  readonly charged: number[];
  readonly waiting: number[];
  readonly running: number[];
}

export interface Simulated {
  readonly jobs: Jobs;
  readonly stretches: readonly Stretch[];
  readonly minutes: Minutes;
  readonly losses: readonly Happened[];
  /** Milliseconds since 1970, at the beginning and at the end. */
  readonly begin: number;
  readonly end: number;
}

const MINUTE = 60_000;
/** SQS publishes metrics of a queue for six hours after it held a message (SQS developer guide, "Available CloudWatch metrics"). */
const ACTIVE_MS = 6 * 3_600_000;
/** How long after the workload's span jobs may take to end. */
const TAIL_MS = 2 * 86_400_000;

/**
 * Runs a workload through a fleet: a queue and workers on the instances of an account in memory, which launches, fails and scales them as
 * AWS does. The same options give the same result.
 */
export function simulate(options: SimulationOptions): Simulated {
  const { workload, fleet, seed = 1, interruptionsPerHour = 0 } = options;
  const begin = options.begin ?? beginOf(workload);
  const random: RandomState = { seed, streams: new Map() };
  const model = new AwsModel({
    ...{ seed, now: begin, quotas: { onDemandVcpus: 100_000, spotVcpus: 100_000 } },
    // The simulator looks at the account itself, not through calls that may be late.
    consistency: { share: 0, mostSeconds: 0 },
  });
  const jobs = new Jobs(workload, begin);
  const bills = new Bills(model);
  const losses = new Losses(workload.losses ?? [], begin);
  const workers = new Workers(model, fleet, jobs, {
    random,
    slots: options.slots ?? 1,
    start: options.workerStart ?? { mean: 5, spread: 2 },
  });
  installFleet(model, fleet);
  const minutes: Minutes = { desired: [], inService: [], charged: [], waiting: [], running: [] };
  const spanEnd = begin + Math.ceil(workload.span * 1000);
  let nextMinute = begin + MINUTE;
  let nextLook = options.policy === undefined ? Infinity : begin;
  let activeUntil = begin;
  let hasDecided = false;
  for (;;) {
    const isOver = jobs.done === jobs.count && model.now >= spanEnd;
    if (isOver || model.now >= spanEnd + TAIL_MS) break;
    const own = Math.min(jobs.nextAt(), workers.nextAt(), losses.nextAt(), nextMinute, nextLook);
    model.advanceTo(Math.max(Math.min(own, model.nextEventAt() ?? Infinity), model.now));
    jobs.arrive(model.now);
    losses.happen(model, bills, jobs, random);
    workers.work();
    if (jobs.waiting + jobs.running > 0) activeUntil = model.now + ACTIVE_MS;
    if (model.now >= nextLook && options.policy !== undefined) {
      hasDecided = look(model, fleet, options.policy, { jobs, workers }) || hasDecided;
      nextLook += options.policy.everySeconds * 1000;
    }
    if (model.now < nextMinute) continue;
    nextMinute += MINUTE;
    if (model.now < activeUntil) publish(model, fleet.queue, jobs);
    if (hasDecided && fleet.scaler !== undefined) tellOfScaler(model, fleet.scaler);
    hasDecided = false;
    if (interruptionsPerHour > 0) interrupt(model, bills, interruptionsPerHour / 60, random);
    const { desired } = sizesOf(model, fleet.group);
    minutes.desired.push(desired);
    minutes.inService.push(workers.inService);
    minutes.charged.push(bills.open);
    minutes.waiting.push(jobs.waiting);
    minutes.running.push(jobs.running);
  }
  const { happened } = losses;
  return { jobs, stretches: bills.stretches, minutes, losses: happened, begin, end: Math.max(model.now, spanEnd) };
}

function sizesOf(model: AwsModel, group: FleetDefinition['group']) {
  const [found] = model.autoscaling.describeAutoScalingGroups({
    AutoScalingGroupNames: [group.AutoScalingGroupName],
    IncludeInstances: false,
  }).AutoScalingGroups;
  return { desired: found?.DesiredCapacity ?? 0, minimum: found?.MinSize ?? 0, maximum: found?.MaxSize ?? 0 };
}

/** Sets the capacity; whether there was a decision. */
function look(
  model: AwsModel,
  { group }: FleetDefinition,
  policy: OwnPolicy,
  { jobs, workers }: { readonly jobs: Jobs; readonly workers: Workers },
): boolean {
  const { AutoScalingGroupName } = group;
  const { desired, minimum, maximum } = sizesOf(model, group);
  const observation = {
    now: model.now / 1000,
    ...{ waiting: jobs.waiting, running: jobs.running, ...jobs.endedLately(model.now) },
    ...{ desired, minimum, maximum, inService: workers.inService },
  };
  const within = (least: number, wanted: number): number => Math.min(maximum, Math.max(least, Math.round(wanted)));
  const MinSize = policy.floor === undefined ? minimum : within(group.MinSize, policy.floor(observation));
  if (MinSize !== minimum) model.autoscaling.updateAutoScalingGroup({ AutoScalingGroupName, MinSize });
  const wanted = policy.decide(observation);
  // No number is no decision.
  if (wanted === undefined || Number.isNaN(wanted)) return false;
  const DesiredCapacity = within(MinSize, wanted);
  if (DesiredCapacity !== desired)
    model.autoscaling.setDesiredCapacity({ AutoScalingGroupName, DesiredCapacity, HonorCooldown: false });
  return true;
}

function publish(model: AwsModel, queue: string, jobs: Jobs): void {
  const Dimensions = [{ Name: 'QueueName', Value: queue }];
  const series = {
    ApproximateNumberOfMessagesVisible: jobs.waiting,
    ApproximateNumberOfMessagesNotVisible: jobs.running,
    ApproximateAgeOfOldestMessage: Math.floor(jobs.oldestMs(model.now) / 1000),
  };
  model.cloudwatch.putMetricData({
    Namespace: 'AWS/SQS',
    MetricData: Object.entries(series).map(([MetricName, Value]) => ({ MetricName, Dimensions, Value })),
  });
}

/** Each Spot instance with the same chance, on its own. */
function interrupt(model: AwsModel, bills: Bills, chance: number, random: RandomState): void {
  const taken = bills.running('spot').filter(() => draw(random, 'choice') < chance);
  if (taken.length > 0) model.world.interruptSpot(taken);
}
