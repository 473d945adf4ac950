import { describe, expect, test } from 'vitest';
import { ALARMS, type AlarmName, settingOf } from '../../../lib/aws/alarm-table.ts';
import { alarmsSchema } from '../../../lib/config/schema/environment-scaling.ts';
import { all, clusterTemplate, only } from './example.ts';

const template = clusterTemplate({
  alarms: { email: ['a@example.org', 'b@example.org'], oldestJobMinutes: 15, shortfallInstances: 3 },
  budget: { monthlyUsd: 800, tag: { key: 'owner', value: 'ops' } },
  scaler: { waitSeconds: 120, idleSeconds: 60 },
});
const alarm = (word: string) => only(template, 'AWS::CloudWatch::Alarm', word).Properties;

describe('alarms', () => {
  test('tell of a job that waits for too long', () => {
    expect(alarm('OldestJob')).toMatchObject({ MetricName: 'ApproximateAgeOfOldestMessage', Threshold: 900 });
  });

  test('tell of the first dead letter', () => expect(alarm('AlarmsDeadLetters')).toMatchObject({ Threshold: 1 }));

  test('tell of instances that do not come for a quarter of an hour', () => {
    expect(alarm('Shortfall')).toMatchObject({ Threshold: 3, EvaluationPeriods: 15 });
  });

  test('tell of Spot capacity that is taken', () => {
    expect(alarm('SpotInterruptions')).toMatchObject({ Namespace: 'Tandem/example', Threshold: 50, Period: 3600 });
  });

  test.each(Object.keys(ALARMS) as AlarmName[])('%s notifies the topic when it begins and when it ends', (name) => {
    const [topic] = Object.keys(template.findResources('AWS::SNS::Topic'));
    expect(alarm(`Alarms${name}`)).toMatchObject({ AlarmActions: [{ Ref: topic }], OKActions: [{ Ref: topic }] });
  });

  const { email: _, ...thresholds } = alarmsSchema.parse({});

  test.each(Object.keys(thresholds))('have one for the threshold %s, whose value they use', (setting) => {
    const names = (Object.keys(ALARMS) as AlarmName[]).filter((name) => settingOf(name) === setting);
    const changed = clusterTemplate({ alarms: { ...thresholds, [setting]: 7 } });
    const ratio = names.map((name) => {
      const { Threshold } = only(changed, 'AWS::CloudWatch::Alarm', `Alarms${name}`).Properties;
      const { Threshold: usual } = only(clusterTemplate(), 'AWS::CloudWatch::Alarm', `Alarms${name}`).Properties;
      return Number(Threshold) / Number(usual);
    });
    expect(ratio).toEqual([7 / thresholds[setting as keyof typeof thresholds]]);
  });

  test('tell of the first throttled launch', () => expect(alarm('LaunchThrottles')).toMatchObject({ Threshold: 1 }));

  test('do not breach where data is missing', () => {
    for (const each of all(template, 'AWS::CloudWatch::Alarm')) expect(each['TreatMissingData']).toBe('notBreaching');
  });

  test('reach everybody who is named', () => {
    const addresses = all(template, 'AWS::SNS::Subscription').map((each) => each['Endpoint']);
    expect(addresses).toEqual(['a@example.org', 'b@example.org']);
  });

  test('may be published, decrypted and read: by CloudWatch and budgets of this account only', () => {
    const services = { Service: ['budgets.amazonaws.com', 'cloudwatch.amazonaws.com'] };
    const policies = JSON.stringify([
      only(template, 'AWS::SNS::TopicPolicy').Properties,
      only(template, 'AWS::KMS::Key', 'OperationsKey').Properties,
    ]);
    for (const service of services.Service) expect(policies.split(service)).toHaveLength(3);
    expect(policies.split('"aws:SourceAccount":"111122223333"')).toHaveLength(3);
  });
});

describe('events of the fleet', () => {
  const pattern = (word: string) => only(template, 'AWS::Logs::MetricFilter', word).Properties['FilterPattern'];

  test('are those of its own group', () => {
    expect(only(template, 'AWS::Events::Rule', 'Scaling').Properties['EventPattern']).toEqual({
      source: ['aws.autoscaling'],
      detail: { AutoScalingGroupName: ['example-workers'] },
    });
  });

  test('are written by these rules only', () => {
    const policy = JSON.stringify(only(template, 'AWS::Logs::ResourcePolicy').Properties);
    const rules = Object.keys(template.findResources('AWS::Events::Rule'));
    // That of the scaler starts a function.
    for (const id of rules) expect(policy.includes(id)).toBe(!id.includes('Scaler'));
    expect(policy).toContain('aws:SourceArn');
  });

  test.each(['RequestLimitExceeded', 'Throttl', 'Rate exceeded'])('count as throttled with "%s"', (word) => {
    expect(pattern('Throttles')).toContain(`"*${word}*"`);
  });

  test('count as taken with a Spot notice', () => {
    expect(pattern('SpotInterruptions')).toContain('EC2 Spot Instance Interruption Warning');
  });
});

describe('the budget', () => {
  const budget = only(template, 'AWS::Budgets::Budget').Properties;

  test('counts what carries the tag', () => {
    expect(budget['Budget']).toMatchObject({
      BudgetLimit: { Amount: 800, Unit: 'USD' },
      CostFilters: { TagKeyValue: ['user:owner$ops'] },
    });
  });

  test('tells before the money is gone, when it is, and when it will be', () => {
    const told = (budget['NotificationsWithSubscribers'] as { Notification: object }[]).map(
      (each) => each.Notification,
    );
    expect(told).toMatchObject([
      { NotificationType: 'ACTUAL', Threshold: 80 },
      { NotificationType: 'ACTUAL', Threshold: 100 },
      { NotificationType: 'FORECASTED', Threshold: 100 },
    ]);
  });

  test('is none where none was asked for', () => clusterTemplate().resourceCountIs('AWS::Budgets::Budget', 0));
});

test('heartbeats of instances that are gone vanish', () => {
  expect(only(template, 'AWS::DynamoDB::Table', 'Heartbeats').Properties).toMatchObject({
    KeySchema: [{ AttributeName: 'instanceId', KeyType: 'HASH' }],
    TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
  });
});

test('the dashboard shows every alarm of the cluster', () => {
  const body = JSON.stringify(only(template, 'AWS::CloudWatch::Dashboard').Properties);
  for (const id of Object.keys(template.findResources('AWS::CloudWatch::Alarm')))
    if (id.startsWith('ClusterAlarms')) expect(body).toContain(id);
});

describe('the worker configuration', () => {
  const { Name, Value } = only(template, 'AWS::SSM::Parameter').Properties;
  const join = (Value as { 'Fn::Join': [string, unknown[]] })['Fn::Join'][1];
  const config = JSON.parse(join.map((part) => (typeof part === 'string' ? part : '<there>')).join('')) as object;

  test('stands where the user data looks', () => {
    const userData = JSON.stringify(only(template, 'AWS::EC2::LaunchTemplate').Properties);
    expect(userData).toContain(`TANDEM_PARAMETER=${String(Name)}`);
  });

  test('is all that an agent needs', () => {
    expect(config).toEqual({
      format: 'tandem.worker/2',
      cluster: 'example',
      region: 'eu-west-3',
      agent: { version: '1.2.3', bucket: 'assets', key: 'agent-1.2.3.mjs', sha256: 'a'.repeat(64) },
      node: {
        key: 'tandem-node/v24.21.0/linux-arm64.gz',
        sha256: '0f8949d1028f6d61506b2d5bc57e7e6fe893d7b1997509b7847294fc9c616584',
      },
      program: { kind: 'command', command: ['/bin/true'], version: 'image' },
      slots: 1,
      limits: {},
      breaker: { consecutiveFailures: 5, window: 20, failureShare: 0.8 },
      queues: [
        {
          name: 'jobs',
          url: '<there>',
          priority: 1,
          visibilityTimeoutSeconds: 300,
          timeoutSeconds: 3600,
          maximumReceives: 5,
        },
      ],
      bucket: '<there>',
      documentsPrefix: 'documents/',
      resultsPrefix: 'results/',
      jobs: { table: '<there>' },
      metrics: { namespace: 'Tandem/example' },
      heartbeats: { table: '<there>', everySeconds: 15, lostAfterSeconds: 45 },
      group: 'example-workers',
      hooks: { launching: 'first-heartbeat', terminating: 'drain', terminatingHeartbeatSeconds: 300 },
    });
  });
});
