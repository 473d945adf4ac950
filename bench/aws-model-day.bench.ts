import { AwsModel } from '../lib/aws-model/model.ts';
import { type Benchmark, median } from './benchmark.ts';

/** What a day of the fleet may take. */
const SECONDS = 10;
const MINUTE_MS = 60_000;
const MINUTES = 24 * 60;
const MACHINES = 500;
const GROUP = 'analysis';

/** A day of 500 machines in virtual time, with hooks, a warm pool, metrics, and target tracking that acts on a load which comes and goes. */
export const benchmark: Benchmark = {
  title: `a day of ${MACHINES} machines in the model of AWS, against ${SECONDS} s`,
  atMost: 1,
  measure: (progress) => {
    const runs = [1, 2, 3].map((seed) => {
      const started = performance.now();
      const { launches, most, alarms } = day(seed);
      const seconds = (performance.now() - started) / 1000;
      progress(
        `seed ${seed}: ${seconds.toFixed(2)} s, ${launches} launches, ${most} in service at most, ${alarms} changes of alarms`,
      );
      return { seconds, most, launches };
    });
    const broken = runs
      .filter(({ most, launches }) => most < MACHINES || launches < MACHINES)
      .map(() => 'the fleet never was whole');
    return Promise.resolve({
      measured: median(runs.map(({ seconds }) => seconds)),
      yardstick: SECONDS,
      unit: 's',
      broken,
    });
  },
};

function day(seed: number): { launches: number; most: number; alarms: number } {
  const model = new AwsModel({ seed, now: Date.UTC(2026, 10, 28) });
  const counts = { launches: 0, most: 0, alarms: 0 };
  model.onEvent((event) => {
    if (event.type === 'alarm-state') counts.alarms += 1;
    else if (event.type === 'instance-booted') complete(model, 'ready', event.instanceId);
    else if (event.type === 'lifecycle-action' && event.hook === 'drain') complete(model, 'drain', event.instanceId);
    else if (event.type === 'instance-state' && event.state === 'pending') counts.launches += 1;
  });
  makeGroup(model);
  for (let minute = 0; minute < MINUTES; minute += 1) {
    // Two waves of work a day, each of which wants the whole fleet for hours; every machine takes ten jobs a minute of the backlog.
    const wanted = MACHINES * Math.max(0.1, Math.min(1.1, 1.6 * Math.sin((minute / MINUTES) * 4 * Math.PI)));
    const [group] = model.autoscaling.describeAutoScalingGroups({ AutoScalingGroupNames: [GROUP] }).AutoScalingGroups;
    const inService = group?.Instances.filter(({ LifecycleState }) => LifecycleState === 'InService').length ?? 0;
    counts.most = Math.max(counts.most, inService);
    const Value = (10 * wanted) / Math.max(1, inService);
    model.cloudwatch.putMetricData({ Namespace: 'Bench', MetricData: [{ MetricName: 'Backlog', Value }] });
    model.advanceTo(model.now + MINUTE_MS);
  }
  return counts;
}

function makeGroup(model: AwsModel): void {
  const { ec2, autoscaling } = model;
  ec2.createLaunchTemplate({
    LaunchTemplateName: 'worker',
    LaunchTemplateData: { ImageId: 'ami-1', InstanceType: 'm6g.large' },
  });
  autoscaling.createAutoScalingGroup({
    AutoScalingGroupName: GROUP,
    MinSize: 0,
    MaxSize: MACHINES,
    DesiredCapacity: 50,
    LaunchTemplate: { LaunchTemplateName: 'worker', Version: '1' },
    VPCZoneIdentifier: 'subnet-a,subnet-b,subnet-c',
    LifecycleHookSpecificationList: [
      { LifecycleHookName: 'ready', LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING', HeartbeatTimeout: 600 },
      {
        LifecycleHookName: 'drain',
        LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
        HeartbeatTimeout: 600,
      },
    ],
  });
  autoscaling.putWarmPool({ AutoScalingGroupName: GROUP, MaxGroupPreparedCapacity: 100 });
  autoscaling.enableMetricsCollection({ AutoScalingGroupName: GROUP, Granularity: '1Minute' });
  autoscaling.putScalingPolicy({
    AutoScalingGroupName: GROUP,
    PolicyName: 'backlog',
    PolicyType: 'TargetTrackingScaling',
    EstimatedInstanceWarmup: 60,
    TargetTrackingConfiguration: {
      TargetValue: 10,
      CustomizedMetricSpecification: { Namespace: 'Bench', MetricName: 'Backlog', Statistic: 'Average' },
    },
  });
}

/** What waits in the hook goes on; the others of its kind do not. */
function complete(model: AwsModel, LifecycleHookName: string, InstanceId: string): void {
  const [instance] = model.autoscaling.describeAutoScalingInstances({ InstanceIds: [InstanceId] }).AutoScalingInstances;
  if (instance?.LifecycleState.endsWith(':Wait') !== true) return;
  model.autoscaling.completeLifecycleAction({
    AutoScalingGroupName: GROUP,
    LifecycleHookName,
    InstanceId,
    LifecycleActionResult: 'CONTINUE',
  });
}
