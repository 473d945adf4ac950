import { zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../lab/aws/clock.ts';
import { removeOutOfBand } from '../../../lab/aws/control.ts';
import { logOf } from '../../../lab/aws/lambda/functions.ts';
import { modelOf } from '../../../lab/aws/model/model.ts';
import { newBucket, putObject } from '../../../lab/aws/s3/store.ts';
import { ACCOUNT, create, REGION, type Rig, rig } from './rig.ts';

const HANDLER = `
import { setTimeout as sleep } from 'node:timers/promises';
let runs = 0;
export async function handler(event) {
  runs += 1;
  console.log('run', runs, event.time, process.env.GREETING);
  await sleep(Number(process.env.SLEEP_MS));
  if (process.env.FAILS === 'yes') throw new Error('as told');
}
`;

function template(variables: Readonly<Record<string, string>>, more: object = {}): object {
  const trust = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
  return {
    Resources: {
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: { AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [trust] } },
      },
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          ...{ FunctionName: 'ticks', Handler: 'index.handler', Runtime: 'nodejs24.x', Timeout: 30 },
          Code: { S3Bucket: 'code', S3Key: 'ticks.zip' },
          Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
          Environment: { Variables: { SLEEP_MS: '15000', GREETING: 'hello', ...variables } },
        },
      },
      Minute: {
        Type: 'AWS::Events::Rule',
        Properties: {
          Name: 'minute',
          ScheduleExpression: 'rate(1 minute)',
          Targets: [{ Id: 'ticks', Arn: { 'Fn::GetAtt': ['Function', 'Arn'] } }],
        },
      },
      Start: {
        Type: 'AWS::Lambda::Permission',
        Properties: {
          ...{ Action: 'lambda:InvokeFunction', FunctionName: { Ref: 'Function' }, Principal: 'events.amazonaws.com' },
          SourceArn: { 'Fn::GetAtt': ['Minute', 'Arn'] },
        },
      },
      ...more,
    },
  };
}

/** SPEC.md, "Functions and schedules". */
describe('functions', () => {
  const clock = new VirtualClock();
  let lab: Rig;
  const realm = () => lab.endpoint.state.realm(ACCOUNT, REGION);
  beforeEach(async () => {
    clock.setRate(1);
    lab = await rig({ clock });
    const bucket = newBucket(lab.endpoint.state, 'code', ACCOUNT, REGION);
    const archive = zipSync({ 'index.mjs': Buffer.from(HANDLER) });
    putObject(lab.endpoint.state, bucket, { key: 'ticks.zip', body: Buffer.from(archive) });
  });
  afterEach(() => lab.endpoint.close());

  const deploy = async (stack: object): Promise<void> => {
    expect((await create(lab.cfn, 'ticks', stack)).StackStatus).toBe('CREATE_COMPLETE');
    clock.setRate(0);
  };
  const sum = (MetricName: string): number => {
    const Metric = { Namespace: 'AWS/Lambda', MetricName, Dimensions: [{ Name: 'FunctionName', Value: 'ticks' }] };
    const { MetricDataResults } = modelOf(realm()).cloudwatch.getMetricData({
      StartTime: clock.now() - 3_600_000,
      EndTime: clock.now() + 60_000,
      MetricDataQueries: [{ Id: 'sum', MetricStat: { Metric, Period: 60, Stat: 'Sum' } }],
    });
    return MetricDataResults[0]?.Values.reduce((total, value) => total + value, 0) ?? 0;
  };

  it('run once a minute of its time, in a process that stays, and CloudWatch is told', async () => {
    await deploy(template({}));
    await clock.advance(3 * 60_000 + 20_000);
    expect(logOf(realm(), 'ticks').match(/run \d .*Z hello/g)).toHaveLength(3);
    expect(logOf(realm(), 'ticks')).toContain('run 3');
    expect([sum('Invocations'), sum('Errors')]).toEqual([3, 0]);
  });

  it('fail, and go on', async () => {
    await deploy(template({ FAILS: 'yes' }));
    await clock.advance(2 * 60_000 + 20_000);
    expect(logOf(realm(), 'ticks')).toContain('as told');
    expect([sum('Invocations'), sum('Errors')]).toEqual([2, 2]);
  });

  it('are ended where they take too long', async () => {
    await deploy(template({ SLEEP_MS: '45000' }));
    await clock.advance(2 * 60_000 + 40_000);
    expect(logOf(realm(), 'ticks')).toContain('Task timed out after 30.00 seconds');
    // The second one has a process of its own.
    expect(logOf(realm(), 'ticks').match(/run 1/g)).toHaveLength(2);
    expect(sum('Errors')).toBe(2);
  });

  it('run one at a time', async () => {
    await deploy(template({ SLEEP_MS: '100000' }, {}));
    const { properties } = realm().ofType('AWS::Lambda::Function')[0] ?? {};
    Object.assign(properties ?? {}, { Timeout: 300 });
    await clock.advance(2 * 60_000 + 1000);
    expect(sum('Throttles')).toBe(1);
  });

  it.each([
    ['no permission', undefined],
    ['a permission for another rule', 'arn:aws:events:eu-west-3:111122223333:rule/other'],
  ])('do not run with %s', async (_, SourceArn) => {
    const Properties = {
      Action: 'lambda:InvokeFunction',
      FunctionName: 'ticks',
      Principal: 'events.amazonaws.com',
      SourceArn,
    };
    const Start = SourceArn === undefined ? undefined : { Type: 'AWS::Lambda::Permission', Properties };
    await deploy(template({}, { Start }));
    await clock.advance(2 * 60_000);
    expect(logOf(realm(), 'ticks')).toBe('');
  });

  it('run no more once their rule is gone', async () => {
    await deploy(template({}));
    await clock.advance(90_000);
    removeOutOfBand(lab.endpoint.state, realm().ofType('AWS::Events::Rule')[0]?.physicalId ?? '');
    await clock.advance(3 * 60_000);
    expect(sum('Invocations')).toBe(1);
  });

  it('are refused without their code, and schedules that are no rates', async () => {
    const code = { Code: { S3Bucket: 'code', S3Key: 'nothing.zip' } };
    const base = template({}) as { Resources: Record<string, { Type: string; Properties: object }> };
    const { Function: lambda, Minute: minute } = base.Resources;
    const without = { ...base.Resources, Function: { ...lambda, Properties: { ...lambda?.Properties, ...code } } };
    expect((await create(lab.cfn, 'no-code', { Resources: without })).StackStatus).toBe('ROLLBACK_COMPLETE');
    const ScheduleExpression = 'cron(0 12 * * ? *)';
    const other = {
      ...base.Resources,
      Minute: { ...minute, Properties: { ...minute?.Properties, ScheduleExpression } },
    };
    expect((await create(lab.cfn, 'cron', { Resources: other })).StackStatus).toBe('ROLLBACK_COMPLETE');
  });
});
