import type { AwsModel } from '../../aws-model/model.ts';
import type { FleetDefinition } from './definition.ts';

const TEMPLATE = { LaunchTemplateName: 'workers', Version: '1' };

/** Makes the fleet in an account, as CloudFormation would: its group, what scales it, and what the group tells CloudWatch. */
export function installFleet(model: AwsModel, fleet: FleetDefinition): void {
  const { group, policies, alarms, schedules, warmPool } = fleet;
  const { autoscaling, cloudwatch, ec2 } = model;
  const mixed = group.MixedInstancesPolicy;
  const [first] = mixed?.LaunchTemplate?.Overrides ?? [];
  ec2.createLaunchTemplate({
    LaunchTemplateName: TEMPLATE.LaunchTemplateName,
    LaunchTemplateData: { ImageId: 'ami-00000000', InstanceType: first?.InstanceType ?? 'm7g.xlarge' },
  });
  autoscaling.createAutoScalingGroup({
    ...group,
    VPCZoneIdentifier: 'subnet-a,subnet-b,subnet-c',
    ...(mixed === undefined
      ? { LaunchTemplate: TEMPLATE }
      : {
          MixedInstancesPolicy: {
            ...mixed,
            LaunchTemplate: {
              LaunchTemplateSpecification: TEMPLATE,
              Overrides: mixed.LaunchTemplate?.Overrides?.map(({ InstanceType }) => ({ InstanceType })),
            },
          },
        }),
  });
  const Metrics = metricsOf(fleet);
  if (Metrics.length > 0)
    autoscaling.enableMetricsCollection({
      ...{ AutoScalingGroupName: group.AutoScalingGroupName, Granularity: '1Minute', Metrics },
    });
  const arns = new Map(policies.map((each) => [each.PolicyName, autoscaling.putScalingPolicy(each).PolicyARN]));
  for (const alarm of alarms)
    cloudwatch.putMetricAlarm({
      ...alarm,
      // Those that tell people have nobody to tell here.
      AlarmActions: (alarm.AlarmActions ?? []).flatMap((action) => arns.get(action) ?? []),
    });
  for (const schedule of schedules) autoscaling.putScheduledUpdateGroupAction(schedule);
  if (warmPool !== undefined) autoscaling.putWarmPool(warmPool);
}

/** Of the group's metrics, those that something looks at: the others would cost time and change nothing. */
function metricsOf({ alarms, policies }: FleetDefinition): string[] {
  const queries = [
    ...alarms.flatMap(({ Metrics = [] }) => Metrics),
    ...policies.flatMap(
      ({ TargetTrackingConfiguration: target }) => target?.CustomizedMetricSpecification?.Metrics ?? [],
    ),
  ];
  const names = queries.flatMap(({ MetricStat }) =>
    MetricStat?.Metric.Namespace === 'AWS/AutoScaling' ? (MetricStat.Metric.MetricName ?? []) : [],
  );
  return [...new Set(names)];
}
