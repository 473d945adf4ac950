import { DescribeAutoScalingGroupsCommand, DescribeAutoScalingInstancesCommand } from '@aws-sdk/client-auto-scaling';
import { DescribeInstancesCommand, RebootInstancesCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { GetServiceQuotaCommand, ListServiceQuotasCommand } from '@aws-sdk/client-service-quotas';
import { expect } from 'vitest';
import { type Rule, refused, rule, type Target } from '../rule.ts';
import { run, running } from '../scene.ts';

const THROTTLING = 'ec2/latest/devguide/ec2-api-throttling.html';
const QUOTAS = 'servicequotas/2019-06-24/apireference/API_GetServiceQuota.html';

/** How many of so many calls in a row were let through before the first was refused, and with which code. */
async function burst(most: number, call: () => Promise<unknown>): Promise<{ passed: number; code: string }> {
  for (let passed = 0; passed < most; passed += 1) {
    const code = await call().then(
      () => undefined,
      (error: unknown) => (error as Error).name,
    );
    if (code === 'RequestLimitExceeded' || code === 'Throttling') return { passed, code };
  }
  return { passed: most, code: 'none' };
}

const filtered = (t: Target) => () =>
  t.ec2.send(new DescribeInstancesCommand({ Filters: [{ Name: 'instance-state-name', Values: ['running'] }] }));

export const limitRules: readonly Rule[] = [
  rule('RunInstances: 5 calls at once, then 2 a second', THROTTLING, async (t) => {
    const call = () => run(t, 1);
    expect(await burst(10, call)).toEqual({ passed: 5, code: 'RequestLimitExceeded' });
    await t.pass(1);
    expect((await burst(10, call)).passed).toBe(2);
    await t.pass(60);
    expect((await burst(10, call)).passed).toBe(5);
  }),
  rule(
    'a throttled EC2 call is answered with status 503',
    'AWSEC2/latest/APIReference/errors-overview.html',
    async (t) => {
      await burst(10, () => run(t, 1));
      await expect(run(t, 1)).rejects.toMatchObject({
        name: 'RequestLimitExceeded',
        $metadata: { httpStatusCode: 503 },
      });
    },
  ),
  rule('each API has a bucket of its own', THROTTLING, async (t) => {
    await burst(10, () => run(t, 1));
    await t.ec2.send(new DescribeInstancesCommand({}));
  }),
  rule('RebootInstances: 50 calls at once, then 5 a second', THROTTLING, async (t) => {
    const InstanceIds = await running(t, 1);
    const call = () => t.ec2.send(new RebootInstancesCommand({ InstanceIds }));
    expect((await burst(60, call)).passed).toBe(50);
    await t.pass(1);
    expect((await burst(60, call)).passed).toBe(5);
  }),
  rule('Describe calls with filters: 100 at once, then 20 a second', THROTTLING, async (t) => {
    expect((await burst(120, filtered(t))).passed).toBe(100);
    await t.pass(1);
    expect((await burst(120, filtered(t))).passed).toBe(20);
  }),
  rule('Describe calls without filters and pages: 50 at once, then 10 a second', THROTTLING, async (t) => {
    const call = () => t.ec2.send(new DescribeInstancesCommand({}));
    expect((await burst(60, call)).passed).toBe(50);
    await t.pass(1);
    expect((await burst(60, call)).passed).toBe(10);
    // The bucket of those with filters is another.
    await filtered(t)();
  }),
  rule('RunInstances: 1,000 instances at once, then 2 a second', THROTTLING, async (t) => {
    const launch = (count: number, at: number) =>
      run(t, count, { InstanceType: 't4g.nano', SubnetId: t.subnets[at]!.id });
    await launch(500, 0);
    await launch(500, 1);
    await refused(launch(1, 2), 'RequestLimitExceeded');
    await t.pass(10);
    await refused(launch(30, 2), 'RequestLimitExceeded');
    await launch(20, 2);
  }),
  rule('TerminateInstances: 1,000 instances at once, then 20 a second', THROTTLING, async (t) => {
    const nano = { InstanceType: 't4g.nano' } as const;
    const first = await running(t, 500, nano);
    const second = await running(t, 500, { ...nano, SubnetId: t.subnets[1]!.id });
    const third = await running(t, 1, { ...nano, SubnetId: t.subnets[2]!.id });
    const end = (InstanceIds: string[]) => t.ec2.send(new TerminateInstancesCommand({ InstanceIds }));
    await end([...first, ...second]);
    await refused(end(third), 'RequestLimitExceeded');
    await t.pass(1);
    await end(third);
  }),
  rule('a refused call takes effect on nothing', THROTTLING, async (t) => {
    await burst(10, () => run(t, 1));
    await run(t, 1).catch(() => undefined);
    await t.pass(10);
    const { Reservations = [] } = await t.ec2.send(new DescribeInstancesCommand({}));
    expect(Reservations).toHaveLength(5);
  }),
  rule(
    'all calls of Auto Scaling share one bucket, and are refused as Throttling',
    'autoscaling/ec2/APIReference/CommonErrors.html',
    async (t) => {
      const call = () => t.autoscaling.send(new DescribeAutoScalingInstancesCommand({}));
      expect((await burst(300, call)).code).toBe('Throttling');
      await refused(t.autoscaling.send(new DescribeAutoScalingGroupsCommand({})), 'Throttling');
      await t.pass(30);
      await t.autoscaling.send(new DescribeAutoScalingGroupsCommand({}));
    },
  ),
  rule('the quota of on-demand vCPU is told by its code', QUOTAS, async (t) => {
    const { Quota } = await t.quotas.send(new GetServiceQuotaCommand({ ServiceCode: 'ec2', QuotaCode: 'L-1216C47A' }));
    expect(Quota).toMatchObject({
      QuotaName: expect.stringContaining('On-Demand Standard') as string,
      Adjustable: true,
    });
    expect(Quota?.Value).toBeGreaterThan(0);
  }),
  rule('the quota of Spot vCPU is told by its code', QUOTAS, async (t) => {
    const { Quota } = await t.quotas.send(new GetServiceQuotaCommand({ ServiceCode: 'ec2', QuotaCode: 'L-34B43A08' }));
    expect(Quota?.QuotaName).toContain('Spot Instance Requests');
  }),
  rule('a quota that is not there is refused', QUOTAS, async (t) => {
    await refused(
      t.quotas.send(new GetServiceQuotaCommand({ ServiceCode: 'ec2', QuotaCode: 'L-00000000' })),
      'NoSuchResourceException',
    );
  }),
  rule(
    'quotas are listed by service, in pages',
    'servicequotas/2019-06-24/apireference/API_ListServiceQuotas.html',
    async (t) => {
      const first = await t.quotas.send(new ListServiceQuotasCommand({ ServiceCode: 'ec2', MaxResults: 1 }));
      expect(first.Quotas).toHaveLength(1);
      const { Quotas } = await t.quotas.send(
        new ListServiceQuotasCommand({ ServiceCode: 'ec2', MaxResults: 1, NextToken: first.NextToken }),
      );
      expect(Quotas?.[0]?.QuotaCode).not.toBe(first.Quotas?.[0]?.QuotaCode);
    },
  ),
];
