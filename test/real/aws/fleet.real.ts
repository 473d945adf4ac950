import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, GROUP, REGION, type TestCluster, testCluster } from '../../lib/fleet/look/cluster.ts';
import { type AwsOperator, openOperator } from './operator.ts';

/** `tandem fleet` from a checkout, on instances whose heartbeats this test sends. */
describe('a fleet in the hands of an operator', { timeout: 240_000 }, () => {
  let cluster: TestCluster;
  let operator: AwsOperator;
  let beats: NodeJS.Timeout;
  const instances = async () => {
    const { config } = cluster.lab;
    const asked = new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [GROUP] });
    const { AutoScalingGroups: [group] = [] } = await new AutoScalingClient(config).send(asked);
    return (group?.Instances ?? []).filter(({ LifecycleState }) => LifecycleState === 'InService');
  };

  beforeAll(async () => {
    cluster = await testCluster(12, { timings: { boot: { mean: 2, spread: 1 }, running: { mean: 1, spread: 0 } } });
    operator = openOperator(cluster.lab.endpoint.url, ACCOUNT, REGION);
    beats = setInterval(() => {
      void instances().then(
        (all) => cluster.beat(all.map(({ InstanceId = '' }) => InstanceId)),
        () => undefined,
      );
    }, 3000);
  });
  afterAll(async () => {
    clearInterval(beats);
    operator.remove();
    await cluster.lab.endpoint.close();
  });

  it('is told of in text, JSON and a page', async () => {
    expect(await operator.ok('fleet', 'status', 'prod')).toContain('12 of 12 instances in service');
    expect(JSON.parse(await operator.ok('fleet', 'status', 'prod', '--json'))).toMatchObject({
      format: 'tandem.fleet/1',
      total: 12,
    });
    const refused = await operator.tandem('fleet', 'status', 'prod', '--where', 'zone==a');
    expect([refused.code, refused.log]).toEqual([1, expect.stringContaining('error bad-selector')]);
  });

  it('is planned without an effect, and refused above its maximum', async () => {
    const out = await operator.ok('fleet', 'replace', 'prod', '--count', '3', '--floor', '50', '--dry-run');
    expect(out).toContain('predicted finish');
    const { code, log } = await operator.tandem('fleet', 'scale', 'prod', '601', '--yes');
    expect([code, log]).toEqual([1, expect.stringContaining('error fleet-above-maximum')]);
    expect((await instances()).length).toBe(12);
  });

  it('is replaced, killed at once and gone on with: every instance is another, and none is left over', async () => {
    const before = (await instances()).map(({ InstanceId }) => InstanceId);
    const arguments_ = ['fleet', 'replace', 'prod', '--rung', 'terminate', '--floor', '50', '--bake', '1s', '--yes'];
    const killed = await operator.killedAt(/stage [12] of 3: .*under way/, ...arguments_);
    expect(killed.code, killed.log).toBeNull();
    const { code, log, out } = await operator.tandem('fleet', 'replace', 'prod', '--resume');
    expect(code, log).toBe(0);
    expect(out).toMatch(/12 instances, 12 done/);
    const after = (await instances()).map(({ InstanceId }) => InstanceId);
    expect(after).toHaveLength(12);
    expect(after.filter((id) => before.includes(id))).toEqual([]);
    expect((await operator.tandem('fleet', 'replace', 'prod', '--resume')).code).toBe(1);
  });
});
