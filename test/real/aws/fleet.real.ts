import { AutoScalingClient, UpdateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import { CreateLaunchTemplateVersionCommand, EC2Client } from '@aws-sdk/client-ec2';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modelOf } from '../../../lab/aws/model/model.ts';
import { unreachable } from '../../../lab/aws/ssm/command-store.ts';
import { SimulatedAgents } from '../../lib/fleet/look/agents.ts';
import { ACCOUNT, GROUP, REGION, type TestCluster, testCluster } from '../../lib/fleet/look/cluster.ts';
import { type AwsOperator, openOperator } from './operator.ts';

/** `tandem fleet` from a checkout, without a terminal, on instances whose workers this test plays. */
describe('a fleet in the hands of an operator', () => {
  let cluster: TestCluster;
  let operator: AwsOperator;
  /** Another checkout, which has the same state by the bucket alone. */
  let open: () => AwsOperator;
  let agents: SimulatedAgents;
  const fleet = (...args: string[]) => operator.tandem('fleet', ...args);

  beforeAll(async () => {
    const quick = { mean: 2, spread: 1 };
    const timings = { boot: quick, reboot: quick, rootVolume: quick, running: { mean: 1, spread: 0 } };
    cluster = await testCluster(12, { timings });
    const { config, endpoint } = cluster.lab;
    const bucket = 'acme-tandem-state';
    const CreateBucketConfiguration = { LocationConstraint: REGION } as const;
    await new S3Client({ ...config, forcePathStyle: true }).send(
      new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration }),
    );
    open = () => {
      const one = openOperator(endpoint.url, ACCOUNT, REGION);
      const s3 = JSON.stringify({ bucket, region: REGION, endpoint: endpoint.url });
      one.edit('config/tandem.yaml', (text) => text.replace('{ backend: local }', `{ backend: s3, s3: ${s3} }`));
      return one;
    };
    operator = open();
    agents = new SimulatedAgents(cluster);
    agents.start();
  });
  afterAll(async () => {
    agents.stop();
    operator.remove();
    await cluster.lab.endpoint.close();
  });

  it('is told of in text, JSON and a page', async () => {
    expect(await operator.ok('fleet', 'status', 'prod')).toContain('12 of 12 instances in service');
    expect(JSON.parse(await operator.ok('fleet', 'status', 'prod', '--json'))).toMatchObject({
      format: 'tandem.fleet/1',
      total: 12,
    });
    const refused = await fleet('status', 'prod', '--where', 'zone==a');
    expect([refused.code, refused.log]).toEqual([1, expect.stringContaining('error bad-selector')]);
  });

  it('is planned without an effect, refused above its maximum, and not begun where nobody can be asked', async () => {
    const out = await operator.ok('fleet', 'replace', 'prod', '--count', '3', '--floor', '50', '--dry-run');
    expect(out).toContain('predicted finish');
    const { code, log } = await fleet('scale', 'prod', '601', '--yes');
    expect([code, log]).toEqual([1, expect.stringContaining('error fleet-above-maximum')]);
    const unasked = await fleet('restart', 'prod', '--count', '1');
    expect([unasked.code, unasked.log]).toEqual([1, expect.stringContaining('error no-terminal')]);
    expect(unasked.log).toContain('`tandem fleet restart prod --count 1 --dry-run`');
    expect(unasked.log).toContain('`tandem fleet restart prod --count 1 --yes`');
    expect(agents.members()).toHaveLength(12);
  });

  it('has its workers restarted through Systems Manager, and says whom that does not reach', async () => {
    const restart = ['restart', 'prod', '--rung', 'process', '--floor', '50', '--bake', '1s', '--no-canary'];
    const planned = await fleet(...restart, '--dry-run');
    expect(planned.out).toContain('a job may take 30 min to end');
    const [, low, high] = /nine in ten end within (.+) to (.+)/.exec(planned.out) ?? [];
    expect(low).not.toBe(high);
    const [lost = ''] = agents.members();
    unreachable(cluster.lab.endpoint.state.realm(ACCOUNT, REGION)).add(lost);
    const { code, log, out } = await fleet(...restart, '--yes');
    expect(code, log).toBe(0);
    expect(out).toMatch(/12 instances, 11 done, 1 failed/);
    expect(out).toContain('Systems Manager does not reach it');
    unreachable(cluster.lab.endpoint.state.realm(ACCOUNT, REGION)).delete(lost);
  });

  it('has a version that fails paused and marked, and goes back to the one before', async () => {
    const ssm = new SSMClient(cluster.lab.config);
    /** As a deploy of the cluster does it. */
    const deploy = async (program: string): Promise<void> => {
      const Name = '/tandem/acme-prod/worker';
      const text = (await ssm.send(new GetParameterCommand({ Name }))).Parameter?.Value ?? '';
      const Value = text.replace(/"version":"[^"]+"/, `"version":"${program}"`);
      await ssm.send(new PutParameterCommand({ Name, Value, Overwrite: true }));
      agents.program = program;
    };
    const all = ['rollout', 'prod', '--floor', '50', '--bake', '1s', '--yes'];
    agents.broken.add('2.0.0');
    await deploy('2.0.0');
    const paused = await fleet(...all);
    expect([paused.code, paused.log]).toEqual([1, expect.stringContaining('error fleet-paused')]);
    const again = await fleet(...all);
    expect([again.code, again.log]).toEqual([1, expect.stringContaining('error fleet-version-broken')]);
    const early = await fleet(...all, '--back');
    expect([early.code, early.log]).toEqual([1, expect.stringContaining('error fleet-back-not-deployed')]);
    await deploy('1.2.0');
    const back = await fleet(...all, '--back');
    expect(back.code, back.log).toBe(0);
    expect(back.out).toContain('1 done');
    expect(await operator.ok('fleet', 'status', 'prod', '--where', 'program=2.0.0')).toContain('0 of');
    agents.broken.clear();
  });

  it('is brought to a new launch template', async () => {
    const { config } = cluster.lab;
    const LaunchTemplateData = { ImageId: 'ami-0a1b2c3d4e5f60001', InstanceType: 'c7g.large' } as const;
    await new EC2Client(config).send(
      new CreateLaunchTemplateVersionCommand({ LaunchTemplateName: GROUP, LaunchTemplateData }),
    );
    const LaunchTemplate = { LaunchTemplateName: GROUP, Version: '2' };
    await new AutoScalingClient(config).send(
      new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: GROUP, LaunchTemplate }),
    );
    const before = agents.members();
    const all = ['rollout', 'prod', '--count', '2', '--floor', '50', '--bake', '1s', '--no-canary', '--yes'];
    const { code, log, out } = await fleet(...all);
    expect(code, log).toBe(0);
    expect(out).toMatch(/2 instances, 2 done/);
    expect(agents.members().filter((id) => !before.includes(id))).toHaveLength(2);
  });

  it('is watched: an instance whose status check fails is replaced', async () => {
    const [sick = ''] = agents.members();
    modelOf(cluster.lab.endpoint.state.realm(ACCOUNT, REGION)).world.impair(sick, 'system');
    const { log } = await operator.killedAt(/1 instance replaced, 0 failed/, 'fleet', 'watch', 'prod');
    expect(log).toContain(`replacing ${sick} (its health is impaired-system)`);
    expect(agents.members()).toHaveLength(12);
    expect(agents.members()).not.toContain(sick);
  });

  it('is killed while it reboots, gone on with by nobody, and what was suspended is given back by doctor', async () => {
    const all = ['fleet', 'restart', 'prod', '--rung', 'reboot', '--floor', '50', '--bake', '1s', '--yes'];
    const killed = await operator.killedAt(/stage 2 of 3/, ...all);
    expect(killed.code, killed.log).toBeNull();
    expect(agents.suspended()).toHaveLength(4);
    expect(await operator.ok('fleet', 'status', 'prod')).toContain('which was interrupted');
    const found = await operator.tandem('doctor');
    expect([found.code, found.out]).toEqual([1, expect.stringContaining('suspended-processes: operation')]);
    expect((await operator.tandem('doctor', '--repair')).out).toContain('repaired: given back');
    expect(agents.suspended()).toEqual([]);
    const other = await fleet('scale', 'prod', '13', '--yes');
    expect([other.code, other.log]).toEqual([1, expect.stringContaining('`tandem fleet restart prod --resume`')]);
  });

  it('is gone on with from a second checkout, in CI', async () => {
    const second = open();
    const { code, log, out } = await second.as({ CI: 'true' }).tandem('fleet', 'restart', 'prod', '--resume', '--json');
    expect(code, log).toBe(0);
    expect(JSON.parse(out.trim().split('\n').at(-1) ?? '')).toMatchObject({
      format: 'tandem.fleet-operation/1',
      outcome: { done: 12, failed: 0 },
    });
    expect(agents.suspended()).toEqual([]);
    second.remove();
  });

  it('is replaced, killed at once and gone on with: every instance is another, and none is left over', async () => {
    const before = agents.members();
    const arguments_ = ['fleet', 'replace', 'prod', '--rung', 'terminate', '--floor', '50', '--bake', '1s', '--yes'];
    const killed = await operator.killedAt(/stage [12] of 3: .*under way/, ...arguments_);
    expect(killed.code, killed.log).toBeNull();
    const { code, log, out } = await fleet('replace', 'prod', '--resume');
    expect(code, log).toBe(0);
    expect(out).toMatch(/12 instances, 12 done/);
    const after = agents.members();
    expect(after).toHaveLength(12);
    expect(after.filter((id) => before.includes(id))).toEqual([]);
    expect((await fleet('replace', 'prod', '--resume')).code).toBe(1);
  });
});
