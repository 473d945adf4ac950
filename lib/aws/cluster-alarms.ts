import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnSubscription, type Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { type AlarmThresholds, alarmsSchema } from '../config/schema/environment-scaling.ts';
import { type AlarmName, type AlarmSources, alarmDefinitions, thresholdOf } from './alarm-table.ts';
import { alarmTopic } from './alarm-topic.ts';
import { alarmMetric } from './metric-queries.ts';

/** Thresholds that are absent have the defaults of the configuration. */
export interface ClusterAlarmsProps extends AlarmSources, Partial<AlarmThresholds> {
  /** Encrypts the notifications. */
  readonly key: IKey;
  /** E-mail addresses that are notified; each confirms once.
   * @default - none */
  readonly email?: readonly string[];
}

/** CloudWatch alarms and the SNS topic they notify. Missing data does not breach: an idle queue publishes none. */
export class ClusterAlarms extends Construct {
  readonly topic: Topic;
  /** In the order of the addresses. */
  readonly subscriptions: readonly CfnSubscription[];
  readonly all: ReadonlyMap<AlarmName, CfnAlarm>;

  constructor(scope: Construct, id: string, props: ClusterAlarmsProps) {
    super(scope, id);
    this.topic = alarmTopic(this, 'Topic', { name: props.name, key: props.key, publishers: ['cloudwatch', 'budgets'] });
    this.subscriptions = (props.email ?? []).map(
      (endpoint, index) =>
        new CfnSubscription(this, `Email${index + 1}`, { topicArn: this.topic.topicArn, protocol: 'email', endpoint }),
    );
    const thresholds = { ...alarmsSchema.parse({}), ...props };
    this.all = new Map(
      alarmDefinitions.flatMap(([name, definition]) => {
        const metric = definition.metric(props);
        if (metric === undefined) return [];
        // Not the CDK's `Alarm`: its resource is one level further down, and construct ids are an API.
        const alarm = new CfnAlarm(this, name, {
          ...alarmMetric(metric),
          alarmDescription: definition.description(props.name),
          evaluationPeriods: definition.periods ?? 1,
          threshold: thresholdOf(definition, thresholds, props.fleet.maximum),
          comparisonOperator: 'GreaterThanOrEqualToThreshold',
          treatMissingData: 'notBreaching',
          alarmActions: [this.topic.topicArn],
          okActions: [this.topic.topicArn],
        });
        return [[name, alarm] as const];
      }),
    );
  }
}
