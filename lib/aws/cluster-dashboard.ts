import { Stack } from 'aws-cdk-lib';
import { CfnDashboard } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';

export interface ClusterDashboardProps {
  /** Name of the dashboard. */
  readonly name: string;
  readonly groupName: string;
  readonly jobsQueueName: string;
  readonly deadLettersQueueName: string;
  /** Namespace of the metrics counted from events. */
  readonly metricNamespace: string;
  readonly alarmArns: readonly string[];
}

type Series = readonly [namespace: string, metric: string, ...dimensions: string[]];

/** One page: is work done, is there capacity, what goes wrong. */
export class ClusterDashboard extends Construct {
  readonly dashboard: CfnDashboard;

  constructor(scope: Construct, id: string, props: ClusterDashboardProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const jobs = (metric: string): Series => ['AWS/SQS', metric, 'QueueName', props.jobsQueueName];
    const size = (metric: string): Series => ['AWS/AutoScaling', metric, 'AutoScalingGroupName', props.groupName];
    const graph = (title: string, at: { x: number; y: number }, metrics: readonly Series[]) => ({
      type: 'metric',
      ...at,
      width: 12,
      height: 6,
      properties: { title, region: stack.region, view: 'timeSeries', period: 60, stat: 'Maximum', metrics },
    });
    this.dashboard = new CfnDashboard(this, 'Dashboard', {
      dashboardName: props.name,
      dashboardBody: stack.toJsonString({
        widgets: [
          {
            type: 'alarm',
            x: 0,
            y: 0,
            width: 24,
            height: 3,
            properties: { title: 'Alarms', alarms: props.alarmArns },
          },
          graph('Jobs', { x: 0, y: 3 }, [
            jobs('ApproximateNumberOfMessagesVisible'),
            jobs('ApproximateNumberOfMessagesNotVisible'),
            ['AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'QueueName', props.deadLettersQueueName],
          ]),
          graph('Age of the oldest job in seconds', { x: 12, y: 3 }, [jobs('ApproximateAgeOfOldestMessage')]),
          graph('Instances', { x: 0, y: 9 }, [
            size('GroupDesiredCapacity'),
            size('GroupInServiceInstances'),
            size('GroupPendingInstances'),
            size('GroupTerminatingInstances'),
          ]),
          graph('Taken, failed, refused', { x: 12, y: 9 }, [
            [props.metricNamespace, 'SpotInterruptions'],
            [props.metricNamespace, 'LaunchFailures'],
            [props.metricNamespace, 'Throttles'],
          ]),
        ],
      }),
    });
  }
}
