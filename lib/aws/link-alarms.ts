import type { CfnAutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { CfnAlarm, type IMetric, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { CfnVPNConnection } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnSubscription, type Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { TUNNELS_PER_GATEWAY } from '../config/link/tunnels.ts';
import { majorityOf } from '../config/majority.ts';
import { alarmTopic } from './alarm-topic.ts';
import { alarmMetric } from './metric-queries.ts';
import { groupMetric, math, ONE_MINUTE } from './scaling-metrics.ts';

export interface LinkAlarmsProps {
  /** `acme-prod`. */
  readonly name: string;
  /** One for each gateway of the other side, in their order. */
  readonly connections: readonly CfnVPNConnection[];
  /** Groups of one instance each, servers of Consul. */
  readonly servers: readonly CfnAutoScalingGroup[];
  /** Encrypts the notifications. */
  readonly key: IKey;
  /** E-mail addresses that are notified; each confirms once. */
  readonly email: readonly string[];
}

/** Tunnels that must be up, so that the next loss ends nothing. */
const LEAST = 2;

/**
 * Alarms of the link. The state of a connection is the mean of its tunnels, each 1 where BGP is established and 0 otherwise
 * (vpn/latest/s2svpn/monitoring-cloudwatch-vpn.html: "fractional values between 0 and 1 indicate that at least one tunnel is not up"): below 1, one
 * of them is down, and at 0 both. Which one is not told: a tunnel's own metric has its outside address, which CloudFormation does not know.
 * Without data a tunnel counts as down.
 */
export class LinkAlarms extends Construct {
  readonly topic: Topic;
  readonly subscriptions: readonly CfnSubscription[];
  readonly all: readonly CfnAlarm[];

  constructor(scope: Construct, id: string, { name, connections, servers, key, email }: LinkAlarmsProps) {
    super(scope, id);
    this.topic = alarmTopic(this, 'Topic', { name: `the link of ${name}`, key, publishers: ['cloudwatch'] });
    this.subscriptions = email.map(
      (endpoint, index) =>
        new CfnSubscription(this, `Email${index + 1}`, { topicArn: this.topic.topicArn, protocol: 'email', endpoint }),
    );
    const states = connections.map(stateOf);
    const ids = states.map((_, index) => `gateway${index + 1}`);
    const up = math(
      'up',
      `${TUNNELS_PER_GATEWAY} * (${ids.join(' + ')})`,
      Object.fromEntries(ids.map((each, at) => [each, states[at] as IMetric])),
    );
    this.all = [
      ...states.flatMap((state, at) => {
        const gateway = at + 1;
        const [one, both] = [
          `Warning: a tunnel of ${name} to gateway ${gateway} is down, and the others carry its traffic`,
          `Critical: both tunnels of ${name} to gateway ${gateway} are down, and only the other gateway's carry traffic`,
        ];
        return [
          this.#alarm(`Gateway${gateway}`, one, state, 1),
          this.#alarm(`Gateway${gateway}Down`, both, state, 0, 'LessThanOrEqualToThreshold'),
        ];
      }),
      this.#alarm(
        'TooFewTunnels',
        `Critical: fewer than ${LEAST} tunnels of ${name} are up, and the next loss may end the link`,
        up,
        LEAST,
      ),
      ...this.#ofServers(name, servers),
    ];
  }

  /** As Auto Scaling sees them: an instance that fails the status checks of EC2 is in service no longer, and its group replaces it. */
  #ofServers(name: string, servers: readonly CfnAutoScalingGroup[]): CfnAlarm[] {
    if (servers.length === 0) return [];
    const series = servers.map(
      ({ ref }, at) => [`server${at + 1}`, groupMetric(ref, 'GroupInServiceInstances')] as const,
    );
    const running = math('running', series.map(([each]) => each).join(' + '), Object.fromEntries(series));
    const needed = majorityOf(servers.length);
    return [
      this.#alarm('ServerMissing', `Warning: a server of Consul of ${name} is not running`, running, servers.length),
      this.#alarm(
        'TooFewServers',
        `Critical: fewer than ${needed} servers of Consul of ${name} are running, and nothing can be registered`,
        running,
        needed,
      ),
    ];
  }

  #alarm(
    id: string,
    alarmDescription: string,
    metric: IMetric,
    threshold: number,
    comparisonOperator = 'LessThanThreshold',
  ): CfnAlarm {
    return new CfnAlarm(this, id, {
      ...alarmMetric(metric),
      ...{ alarmDescription, threshold, comparisonOperator, treatMissingData: 'breaching' },
      evaluationPeriods: 3,
      alarmActions: [this.topic.topicArn],
      okActions: [this.topic.topicArn],
    });
  }
}

function stateOf(connection: CfnVPNConnection): IMetric {
  return new Metric({
    ...{ namespace: 'AWS/VPN', metricName: 'TunnelState', statistic: 'Average', period: ONE_MINUTE },
    dimensionsMap: { VpnId: connection.attrVpnConnectionId },
  });
}
