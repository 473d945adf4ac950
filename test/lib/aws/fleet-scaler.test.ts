import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { describe, expect, test } from 'vitest';
import { scalerMetric } from '../../../lib/aws/fleet-scaler.ts';
import { backlogPerInstance, missingInstances, ONE_MINUTE, unlessScaled } from '../../../lib/aws/scaling-metrics.ts';
import { readSettings } from '../../../packages/fleet-scaler/src/settings.ts';
import { clusterTemplate, exampleCluster, only } from './example.ts';
import { metricMath } from './metric-math.ts';

const template = clusterTemplate({
  queues: { jobs: {}, urgent: {} },
  fleet: { warmupSeconds: 90 },
  worker: { jobsPerInstance: 4 },
  scaler: { waitSeconds: 45, idleSeconds: 30 },
});
const lambda = only(template, 'AWS::Lambda::Function').Properties;

describe('the function', () => {
  test('is told all that its settings want', () => {
    const { Variables } = lambda['Environment'] as { Variables: Record<string, unknown> };
    const told = Object.fromEntries(
      Object.entries(Variables).map(([name, value]) => [
        name,
        typeof value === 'string' ? value : JSON.stringify(value),
      ]),
    );
    expect(readSettings(told)).toMatchObject({
      ...{ group: 'example-workers', namespace: 'Tandem/example' },
      ...{ waitSeconds: 45, bootSeconds: 90, idleSeconds: 30, slots: 4 },
    });
    expect(JSON.stringify(Variables['TANDEM_QUEUE_URLS'])).toMatch(/Queue.*Queueurgent/);
  });

  test('runs alone, below a minute, and a minute is not tried again', () => {
    expect(lambda).toMatchObject({ ReservedConcurrentExecutions: 1, Timeout: 58, Architectures: ['arm64'] });
    expect(only(template, 'AWS::Lambda::EventInvokeConfig').Properties).toMatchObject({ MaximumRetryAttempts: 0 });
  });

  test('is started once a minute by its rule, and by nothing else', () => {
    const rule = only(template, 'AWS::Events::Rule', 'Scaler');
    expect(rule.Properties).toMatchObject({ ScheduleExpression: 'rate(1 minute)' });
    expect(JSON.stringify(only(template, 'AWS::Lambda::Permission').Properties['SourceArn'])).toContain('ScalerMinute');
  });

  test('has no place in a cluster without a scaler', () => {
    for (const type of ['AWS::Lambda::Function', 'AWS::Lambda::Permission', 'AWS::Lambda::EventInvokeConfig'])
      clusterTemplate().resourceCountIs(type, 0);
    expect(JSON.stringify(clusterTemplate().toJSON())).not.toContain('AWS/Lambda');
  });
});

describe("AWS's own policies", () => {
  const { queues, fleet } = exampleCluster();
  const source = { queues: [...queues.values()].map(({ jobs }) => jobs), group: fleet.group };
  const scaler = {
    started: scalerMetric('example', 'Invocations', ONE_MINUTE),
    failed: scalerMetric('example', 'Errors', ONE_MINUTE),
  };
  const last = (metric: IMetric, metrics: Record<string, (number | null)[]>) =>
    metricMath(metric.toMetricConfig().mathExpression?.expression ?? '', metrics).at(-1);
  const backlog = (started: (number | null)[], failed: (number | null)[]) =>
    last(unlessScaled(backlogPerInstance(source), 10, scaler), {
      ...{ waiting: [500, 500, 500], inService: [2, 2, 2] },
      ...{ started, failed },
    });

  test('see their own target while the scaler runs', () => expect(backlog([1, 1, 1], [0, 0, 0])).toBe(10));
  test('bear a minute of which Lambda has not told', () => expect(backlog([1, 1, null], [0, 0, null])).toBe(10));
  test('decide where it never ran', () => expect(backlog([null, null, null], [null, null, null])).toBe(250));
  test('decide where it fails, at once', () => expect(backlog([1, 1, 1], [0, 0, 1])).toBe(250));
  test('miss nothing while it runs', () => {
    const missing = unlessScaled(missingInstances(source, 10), 0, scaler);
    const metrics = { waiting: [500], desired: [2], started: [1], failed: [0] };
    expect(last(missing, metrics)).toBe(0);
    expect(last(missing, { ...metrics, failed: [1] })).toBe(48);
  });
  test('are what they were without a scaler', () => {
    const metric = backlogPerInstance(source);
    expect(unlessScaled(metric, 10, undefined)).toBe(metric);
  });
});

describe('the alarm', () => {
  const { Metrics } = only(template, 'AWS::CloudWatch::Alarm', 'SilentScaler').Properties as {
    Metrics: { Expression?: string }[];
  };
  const expression = Metrics.find((each) => each.Expression !== undefined)?.Expression ?? '';
  const silent = (started: number | null, failed: number | null) =>
    metricMath(expression, { started: [started], failed: [failed] }).at(-1);

  test('is of minutes in which it did not run, and in which it failed', () => {
    expect([silent(1, 0), silent(1, 1), silent(null, null)]).toEqual([0, 1, 1]);
    expect(only(template, 'AWS::CloudWatch::Alarm', 'SilentScaler').Properties).toMatchObject({ EvaluationPeriods: 5 });
  });
});
