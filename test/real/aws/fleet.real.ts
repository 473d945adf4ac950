import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unreachable } from '../../../lab/aws/ssm/command-store.ts';
import { SimulatedAgents } from '../../lib/fleet/look/agents.ts';
import { ACCOUNT, REGION, type TestCluster, testCluster } from '../../lib/fleet/look/cluster.ts';
import { type AwsOperator, openOperator } from './operator.ts';

/** `tandem fleet` from a checkout, without a terminal, on instances whose workers this test plays. */
describe('a fleet in the hands of an operator', { timeout: 240_000 }, () => {
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
    const [lost = ''] = agents.members();
    unreachable(cluster.lab.endpoint.state.realm(ACCOUNT, REGION)).add(lost);
    const all = ['restart', 'prod', '--rung', 'process', '--floor', '50', '--bake', '1s', '--no-canary', '--yes'];
    const { code, log, out } = await fleet(...all);
    expect(code, log).toBe(0);
    expect(out).toMatch(/12 instances, 11 done, 1 failed/);
    expect(out).toContain('Systems Manager does not reach it');
    unreachable(cluster.lab.endpoint.state.realm(ACCOUNT, REGION)).delete(lost);
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
