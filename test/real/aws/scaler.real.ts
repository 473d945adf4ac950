import { CloudFormationClient, GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../lab/aws/clock.ts';
import { removeOutOfBand } from '../../../lab/aws/control.ts';
import { type AwsEndpoint, labCredentials, startAwsEndpoint } from '../../../lab/aws/index.ts';
import { logOf } from '../../../lab/aws/lambda/functions.ts';
import { modelOf } from '../../../lab/aws/model/model.ts';
import type { FleetDefinition } from '../../../lib/simulate/fleet/definition.ts';
import { fleetOfTemplate } from '../../../lib/simulate/fleet/from-template.ts';
import { loadDecide, tandemPolicy } from '../../../lib/simulate/policy/tandem.ts';
import { simulate } from '../../../lib/simulate/run/simulation.ts';
import { workloadOf } from '../../../lib/simulate/workload/workload.ts';
import { readSettings } from '../../../packages/fleet-scaler/src/settings.ts';
import { SCALER_VERSION } from '../../../stacks/aws/assets.ts';
import { slice } from '../../lib/simulate/workload/slice.ts';
import { type AwsOperator, createBootstrap, createDeployRole, openOperator } from './operator.ts';
import { WorkedQueue } from './worked-queue.ts';

const ACCOUNT = '222233334444';
const REGION = 'eu-west-3';
const STAGING = 'config/environments/staging.yaml';
const GROUP = 'acme-staging-workers';
const FUNCTION = 'acme-staging-scaler';
const STEP_SECONDS = 5;
const MINUTE = 60;

const [FAILS, RECOVERS] = [30 * MINUTE, 55 * MINUTE];
const ENDS = 63 * MINUTE;
/** Two waves while it runs, one while it fails, and one after it lost its rule; in seconds. */
const WAVES = workloadOf(
  'waves',
  [
    { at: 170, seconds: 90, size: 40 },
    { at: 900, seconds: 45, size: 25 },
    { at: FAILS + 30, seconds: 90, size: 40 },
    { at: ENDS + 30, seconds: 90, size: 40 },
  ],
  88 * MINUTE,
);

/** A cluster with a scaler: its function is the bundle in a process, started by its rule. Each test goes on from where the last one ended. */
describe('a scaler on the endpoint', { timeout: 900_000 }, () => {
  const clock = new VirtualClock();
  let endpoint: AwsEndpoint;
  let operator: AwsOperator;
  let fleet: FleetDefinition;
  let queue: WorkedQueue;
  const realm = () => endpoint.state.realm(ACCOUNT, REGION);
  const desired = (): number => {
    const { autoscaling } = modelOf(realm());
    const [group] = autoscaling.describeAutoScalingGroups({ AutoScalingGroupNames: [GROUP] }).AutoScalingGroups;
    return group?.DesiredCapacity ?? -1;
  };
  const alarm = (word: string): string | undefined =>
    modelOf(realm())
      .cloudwatch.describeAlarms({})
      .MetricAlarms.find(({ AlarmName }) => AlarmName.includes(word))?.StateValue;
  /** Lets so many minutes go by; the desired capacity at the end of each. */
  const minutes = async (count: number): Promise<number[]> => {
    const seen: number[] = [];
    for (let step = 1; step <= (count * MINUTE) / STEP_SECONDS; step += 1) {
      await clock.advance(STEP_SECONDS * 1000);
      queue.work();
      if (step % (MINUTE / STEP_SECONDS) === 0) seen.push(desired());
    }
    return seen;
  };
  beforeAll(async () => {
    endpoint = await startAwsEndpoint({
      stepMilliseconds: 10,
      clock,
      model: { consistency: { share: 0, mostSeconds: 0 } },
    });
    operator = openOperator(endpoint.url, ACCOUNT, REGION);
    await createDeployRole(endpoint.url, ACCOUNT, REGION);
    await createBootstrap(endpoint.url, ACCOUNT, REGION);
    operator.edit(STAGING, (text) =>
      text
        .replace('  capacity:\n', '  scaling:\n    scaler: { waitSeconds: 120 }\n  capacity:\n')
        .replace('maximum: 6', 'maximum: 60'),
    );
    const { code, log } = await operator.tandem('deploy', 'staging', '--yes');
    expect(code, log).toBe(0);
    expect(log).toContain(`tandem-fleet-scaler-${SCALER_VERSION}.zip`);
    clock.setRate(0);
    const cloudFormation = new CloudFormationClient({
      ...{ endpoint: endpoint.url, region: REGION, credentials: labCredentials(ACCOUNT) },
    });
    const { TemplateBody = '' } = await cloudFormation.send(
      new GetTemplateCommand({ StackName: 'aws-staging-cluster' }),
    );
    fleet = fleetOfTemplate(TemplateBody);
  });
  afterAll(async () => {
    await endpoint.close();
    operator.remove();
  });

  it('sets the capacity as the simulator says of the same jobs', async () => {
    const [lambda] = realm().ofType('AWS::Lambda::Function');
    const { Variables } = lambda?.properties['Environment'] as { Variables: Record<string, string> };
    const simulated = simulate({
      ...{ workload: slice(WAVES, 0, FAILS), fleet, begin: clock.now() },
      policy: tandemPolicy(await loadDecide(), readSettings(Variables)),
    }).minutes.desired;
    const arn = `arn:aws:sqs:${REGION}:${ACCOUNT}:acme-staging-jobs`;
    queue = new WorkedQueue(realm(), fleet, { arn, namespace: 'Tandem/acme-staging' }, WAVES);
    const deployed = await minutes(FAILS / MINUTE);
    process.stdout.write(`desired, deployed:  ${deployed.join(' ')}\ndesired, simulated: ${simulated.join(' ')}\n`);
    expect(queue.jobs.done).toBe(65);
    expect(Math.max(...deployed)).toBe(Math.max(...simulated));
    // Looks, boots and the fleet's minute fall a little otherwise: each minute is within what the simulator has within a minute of it.
    for (const [minute, value] of deployed.entries()) {
      const near = [-1, 0, 1].map((shift) => simulated[minute + shift] ?? 0);
      expect(value, `minute ${minute}`).toBeGreaterThanOrEqual(Math.min(...near) - 2);
      expect(value, `minute ${minute}`).toBeLessThanOrEqual(Math.max(...near) + 2);
    }
    expect(alarm('SilentScaler')).toBe('OK');
    expect(logOf(realm(), FUNCTION)).toContain('"message":"capacity set","from":0');
  });

  it("leaves the fleet to AWS's policies where it fails, and says so", async () => {
    endpoint.faults.failCall({ call: 'sqs:GetQueueAttributes', code: 'InternalError', status: 500, times: 100_000 });
    const capacity = await minutes((RECOVERS - FAILS) / MINUTE);
    process.stdout.write(`desired, while it fails: ${capacity.join(' ')}\n`);
    expect(queue.jobs.done).toBe(105);
    expect(Math.max(...capacity)).toBeGreaterThan(0);
    expect(capacity.at(-1)).toBe(0);
    expect(alarm('SilentScaler')).toBe('ALARM');
    expect(logOf(realm(), FUNCTION)).toContain('all 4 looks of this minute failed');
    endpoint.faults.clear();
    await minutes((ENDS - RECOVERS) / MINUTE);
    expect(alarm('SilentScaler')).toBe('OK');
  });

  it('is missed where its rule is gone', async () => {
    const rule = realm()
      .ofType('AWS::Events::Rule')
      .find(({ properties }) => properties['ScheduleExpression'] !== undefined);
    removeOutOfBand(endpoint.state, rule?.physicalId ?? '');
    await minutes(25);
    expect(queue.jobs.done).toBe(145);
    expect([desired(), alarm('SilentScaler')]).toEqual([0, 'ALARM']);
  });
});
