import { ArnFormat, CfnDeletionPolicy, type Duration, Stack } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { PolicyDocument, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnLogGroup, CfnMetricFilter, CfnResourcePolicy } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { HardenedFleet } from './hardened-fleet.ts';
import { logRetentionDays } from './log-retention.ts';

export interface FleetEventsProps {
  readonly fleet: HardenedFleet;
  /** `/tandem/<name>/events`. */
  readonly logGroupName: string;
  readonly retentionDays: number;
  readonly key: IKey;
  /** Namespace of the metrics counted from the events. */
  readonly metricNamespace: string;
}

/** Metrics that are counted from events: what they count, and the pattern of the event. */
const COUNTED = {
  SpotInterruptions: '{ $.detail-type = "EC2 Spot Instance Interruption Warning" }',
  LaunchFailures: '{ $.detail-type = "EC2 Instance Launch Unsuccessful" }',
  // The message is the only place where the throttled call behind a launch shows.
  Throttles:
    '{ $.detail.StatusMessage = "*RequestLimitExceeded*" || $.detail.StatusMessage = "*Throttl*" || $.detail.StatusMessage = "*Rate exceeded*" }',
} as const;

export type CountedEvent = keyof typeof COUNTED;

/**
 * Every launch, termination and Spot notice, kept in a log group and counted. It replaces the group's SNS notifications,
 * which cannot be searched. Spot notices do not name a group: those of the whole account and Region are counted.
 */
export class FleetEvents extends Construct {
  readonly logGroup: CfnLogGroup;
  readonly filters: Readonly<Record<CountedEvent, CfnMetricFilter>>;
  readonly #metricNamespace: string;

  constructor(scope: Construct, id: string, props: FleetEventsProps) {
    super(scope, id);
    this.#metricNamespace = props.metricNamespace;
    this.logGroup = new CfnLogGroup(this, 'Group', {
      logGroupName: props.logGroupName,
      retentionInDays: logRetentionDays(props.retentionDays),
      kmsKeyId: props.key.keyArn,
    });
    this.logGroup.cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
    this.logGroup.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.DELETE;
    const rules = [
      this.#rule('Scaling', `Launches and terminations of ${props.fleet.name}`, {
        source: ['aws.autoscaling'],
        detail: { AutoScalingGroupName: [props.fleet.name] },
      }),
      this.#rule('Spot', 'Spot instances that are, or may soon be, taken', {
        source: ['aws.ec2'],
        'detail-type': ['EC2 Spot Instance Interruption Warning', 'EC2 Instance Rebalance Recommendation'],
      }),
    ];
    this.#allowDelivery(props.logGroupName, rules);
    const count = (name: CountedEvent) =>
      new CfnMetricFilter(this, name, {
        logGroupName: this.logGroup.ref,
        filterPattern: COUNTED[name],
        metricTransformations: [
          { metricNamespace: props.metricNamespace, metricName: name, metricValue: '1', defaultValue: 0 },
        ],
      });
    this.filters = {
      SpotInterruptions: count('SpotInterruptions'),
      LaunchFailures: count('LaunchFailures'),
      Throttles: count('Throttles'),
    };
  }

  /** How many of them there were in each period. */
  metric(metricName: CountedEvent, period: Duration): Metric {
    return new Metric({ namespace: this.#metricNamespace, metricName, statistic: 'Sum', period });
  }

  #rule(id: string, description: string, eventPattern: Readonly<Record<string, unknown>>): CfnRule {
    const arn = Stack.of(this).formatArn({
      service: 'logs',
      resource: 'log-group',
      resourceName: this.logGroup.ref,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    return new CfnRule(this, id, { description, eventPattern, targets: [{ id: 'events', arn }] });
  }

  /** EventBridge needs a resource policy of CloudWatch Logs; an account and Region may have ten of them. */
  #allowDelivery(logGroupName: string, rules: readonly CfnRule[]): void {
    const stack = Stack.of(this);
    const streams = stack.formatArn({
      service: 'logs',
      resource: 'log-group',
      resourceName: `${logGroupName}:*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const document = new PolicyDocument({
      statements: [
        new PolicyStatement({
          principals: [
            new ServicePrincipal('events.amazonaws.com'),
            new ServicePrincipal('delivery.logs.amazonaws.com'),
          ],
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          resources: [streams],
          conditions: { ArnEquals: { 'aws:SourceArn': rules.map((rule) => rule.attrArn) } },
        }),
      ],
    });
    new CfnResourcePolicy(this, 'Policy', {
      policyName: logGroupName.slice(1).replaceAll('/', '-'),
      policyDocument: stack.toJsonString(document),
    });
  }
}
