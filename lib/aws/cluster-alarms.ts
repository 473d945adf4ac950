import { Stack } from 'aws-cdk-lib';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnSubscription, Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

export interface ClusterAlarmsProps {
  readonly name: string;
  readonly key: IKey;
  /** E-mail addresses; each confirms once. */
  readonly email: readonly string[];
  readonly groupName: string;
  readonly jobsQueueName: string;
  readonly deadLettersQueueName: string;
  readonly heartbeatsTableName: string;
  /** Namespace of the metrics counted from events. */
  readonly metricNamespace: string;
  /** Age of the oldest waiting job in minutes.
   * @default - 60 */
  readonly oldestJobMinutes?: number;
  /** Instances asked for and not in service for 15 minutes.
   * @default - 5 */
  readonly shortfallInstances?: number;
  /** Spot instances taken within an hour.
   * @default - 50 */
  readonly spotInterruptionsPerHour?: number;
}

interface Threshold {
  readonly what: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: 'Maximum' | 'Sum';
  readonly threshold: number;
  readonly periodSeconds: number;
  readonly periods: number;
}

/** What somebody should be woken for, and whom. Silence is no alarm: an idle queue publishes nothing. */
export class ClusterAlarms extends Construct {
  readonly topic: Topic;
  /** In the order of the addresses. */
  readonly subscriptions: readonly CfnSubscription[];
  readonly oldestJob: CfnAlarm;
  readonly deadLetters: CfnAlarm;
  readonly shortfall: CfnAlarm;
  readonly spotInterruptions: CfnAlarm;
  readonly launchThrottles: CfnAlarm;
  readonly heartbeatThrottles: CfnAlarm;

  constructor(scope: Construct, id: string, props: ClusterAlarmsProps) {
    super(scope, id);
    const { name, metricNamespace } = props;
    this.topic = this.#topic(props);
    this.subscriptions = props.email.map(
      (endpoint, index) =>
        new CfnSubscription(this, `Email${index + 1}`, { topicArn: this.topic.topicArn, protocol: 'email', endpoint }),
    );
    const jobs = { QueueName: props.jobsQueueName };
    this.oldestJob = this.#alarm('OldestJob', {
      what: `The oldest job of ${name} waits for too long`,
      ...sqs('ApproximateAgeOfOldestMessage', jobs),
      threshold: (props.oldestJobMinutes ?? 60) * 60,
    });
    this.deadLetters = this.#alarm('DeadLetters', {
      what: `Jobs of ${name} failed for good`,
      ...sqs('ApproximateNumberOfMessagesVisible', { QueueName: props.deadLettersQueueName }),
      threshold: 1,
    });
    this.shortfall = this.#shortfall(props);
    const counted = { namespace: metricNamespace, dimensions: {}, statistic: 'Sum', periods: 1 } as const;
    this.spotInterruptions = this.#alarm('SpotInterruptions', {
      what: 'Spot capacity is being taken',
      ...counted,
      metricName: 'SpotInterruptions',
      threshold: props.spotInterruptionsPerHour ?? 50,
      periodSeconds: 3600,
    });
    this.launchThrottles = this.#alarm('LaunchThrottles', {
      what: `Launches of ${name} are refused for asking too often`,
      ...counted,
      metricName: 'Throttles',
      threshold: 1,
      periodSeconds: 300,
    });
    this.heartbeatThrottles = this.#alarm('HeartbeatThrottles', {
      what: `Heartbeats of ${name} are refused: living workers would count as lost`,
      namespace: 'AWS/DynamoDB',
      metricName: 'WriteThrottleEvents',
      dimensions: { TableName: props.heartbeatsTableName },
      statistic: 'Sum',
      threshold: 10,
      periodSeconds: 60,
      periods: 3,
    });
  }

  get all(): readonly CfnAlarm[] {
    return [
      this.oldestJob,
      this.deadLetters,
      this.shortfall,
      this.spotInterruptions,
      this.launchThrottles,
      this.heartbeatThrottles,
    ];
  }

  #topic({ name, key }: ClusterAlarmsProps): Topic {
    const topic = new Topic(this, 'Topic', { displayName: `Alarms of ${name}`, masterKey: key, enforceSSL: true });
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'Publishers',
        principals: ['cloudwatch', 'budgets'].map((service) => new ServicePrincipal(`${service}.amazonaws.com`)),
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    return topic;
  }

  #alarm(id: string, at: Threshold): CfnAlarm {
    return new CfnAlarm(this, id, {
      alarmDescription: at.what,
      namespace: at.namespace,
      metricName: at.metricName,
      dimensions: Object.entries(at.dimensions).map(([name, value]) => ({ name, value })),
      statistic: at.statistic,
      period: at.periodSeconds,
      evaluationPeriods: at.periods,
      threshold: at.threshold,
      comparisonOperator: 'GreaterThanOrEqualToThreshold',
      treatMissingData: 'notBreaching',
      alarmActions: [this.topic.topicArn],
      okActions: [this.topic.topicArn],
    });
  }

  #shortfall({ name, groupName, shortfallInstances }: ClusterAlarmsProps): CfnAlarm {
    const size = (id: string, metricName: string) => ({
      id,
      metricStat: {
        metric: {
          namespace: 'AWS/AutoScaling',
          metricName,
          dimensions: [{ name: 'AutoScalingGroupName', value: groupName }],
        },
        stat: 'Average',
        period: 60,
      },
      returnData: false,
    });
    return new CfnAlarm(this, 'Shortfall', {
      alarmDescription: `Instances of ${name} were asked for and are not in service: no capacity, a quota, or they do not start`,
      metrics: [
        size('desired', 'GroupDesiredCapacity'),
        size('inService', 'GroupInServiceInstances'),
        { id: 'shortfall', label: 'shortfall', expression: 'desired - inService', returnData: true },
      ],
      evaluationPeriods: 15,
      threshold: shortfallInstances ?? 5,
      comparisonOperator: 'GreaterThanOrEqualToThreshold',
      treatMissingData: 'notBreaching',
      alarmActions: [this.topic.topicArn],
      okActions: [this.topic.topicArn],
    });
  }
}

function sqs(metricName: string, dimensions: Readonly<Record<string, string>>) {
  return { namespace: 'AWS/SQS', metricName, dimensions, statistic: 'Maximum', periodSeconds: 60, periods: 1 } as const;
}
