import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { labEnvironment } from '../../../../lab/aws/index.ts';
import { scale } from '../../../../lib/actions/fleet/scale.ts';
import { status } from '../../../../lib/actions/fleet/status.ts';
import { fleetClients, type OpenFleetClients } from '../../../../lib/aws-api/fleet-clients.ts';
import type { CloudFault, FleetCloud } from '../../../../lib/fleet/cloud.ts';
import { awsCloud } from '../../../../lib/fleet/look/aws-cloud.ts';
import { CODE_ROOT } from '../../../../lib/synthesis/code.ts';
import { ACCOUNT, GROUP, REGION, type TestCluster, testCluster } from './cluster.ts';

const context = () => ({
  ...{ root: CODE_ROOT, folder: CODE_ROOT, environment: process.env, now: () => new Date() },
  signal: new AbortController().signal,
  io: {
    emit: () => undefined,
    confirm: async () => true,
    text: async () => undefined,
    secret: async () => undefined,
  },
});

/** What only a large fleet tells, and the verbs that stand on the adapter; its rules are in `../cloud/contract.ts`. */
describe('a fleet of 500 in AWS', () => {
  let cluster: TestCluster;
  let clients: OpenFleetClients;
  let cloud: FleetCloud;
  beforeAll(async () => {
    cluster = await testCluster(500);
    const { endpoint, config } = cluster.lab;
    for (const [name, value] of Object.entries(labEnvironment(endpoint.url, ACCOUNT, REGION))) vi.stubEnv(name, value);
    clients = fleetClients({ region: REGION, credentials: async () => config.credentials });
    cloud = awsCloud({ clients, parts: cluster.parts, environment: 'prod', now: () => cluster.clock.now() });
    const QueueUrl = cluster.parts.queues[0]?.url;
    await new SQSClient(config).send(new SendMessageCommand({ QueueUrl, MessageBody: '{"id":"a"}' }));
    cluster.calls();
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    clients.close();
    await cluster.lab.endpoint.close();
  });

  it('costs at most 12 calls to tell of, who asks included', async () => {
    const report = await status(context(), { environment: 'prod' });
    const calls = cluster.calls();
    expect(calls.length, calls.join('\n')).toBeLessThanOrEqual(12);
    expect(report.machines).toHaveLength(500);
    expect(report.group).toMatchObject({ name: GROUP, desired: 500, maximum: 600, inService: 500 });
    expect(report.queues).toMatchObject([{ name: 'jobs', waiting: 1, running: 0, deadLetters: 0 }]);
    expect(report.limits.find(({ name }) => name === 'vCPUs on demand')).toMatchObject({ used: 2000, limit: 4000 });
    expect(report.limits.find(({ name }) => name === 'addresses in eu-west-3a')?.left).toBeLessThan(1019);
    expect(Object.keys(report.counts.zone)).toHaveLength(3);
    // No deploy of Tandem has made this group.
    expect(report.findings.map(({ code }) => code)).toEqual(['rebalancing']);
  });

  it('says which environment is none, and which cluster is not there', async () => {
    await expect(status(context(), { environment: 'nope' })).rejects.toMatchObject({ code: 'no-such-environment' });
    await expect(status(context(), { environment: 'prod', where: 'colour=red' })).rejects.toMatchObject({
      code: 'bad-selector',
    });
  });

  it('is looked at whole, with quotas, addresses, launches and boots', async () => {
    const view = await cloud.look();
    expect(view.machines).toHaveLength(500);
    expect(view.current).toEqual({ template: '1', image: 'ami-0a1b2c3d4e5f60001', program: '1.2.0' });
    expect(await cloud.launchFaults(0)).toEqual([]);
    expect(await cloud.headroom()).toMatchObject({ instances: 500 });
    const { boots } = await cloud.observed();
    expect(boots.length).toBeGreaterThan(0);
  });

  it('detaches twenty at once, and not one more', async () => {
    const ids = (await cluster.ids()).slice(0, 21);
    await expect(cloud.detach(ids, false)).rejects.toMatchObject({
      facts: { kind: 'refused', api: 'DetachInstances' },
    });
    await cloud.detach(ids.slice(1), true);
    expect((await cloud.look()).group.desired).toBe(480);
  });

  it('tells a throttle of the published limits from a refusal', async () => {
    const [first = ''] = await cluster.ids();
    const kinds = await Promise.all(
      Array.from({ length: 60 }, () =>
        cloud.reboot([first]).then(
          () => 'done',
          (fault: unknown) => (fault as CloudFault).facts.kind,
        ),
      ),
    );
    expect(new Set(kinds)).toEqual(new Set(['done', 'throttled']));
  });

  it('is not scaled beyond its bounds', async () => {
    const root = mkdtempSync(join(tmpdir(), 'tandem-fleet-'));
    cpSync(join(CODE_ROOT, 'config'), join(root, 'config'), { recursive: true });
    const to = (desired: number) => scale({ ...context(), root }, { environment: 'prod', desired });
    await expect(to(601)).rejects.toMatchObject({ code: 'fleet-above-maximum' });
    await expect(to(0)).rejects.toMatchObject({ code: 'fleet-below-minimum' });
    expect(existsSync(join(root, '.tandem/journal'))).toBe(false);
    rmSync(root, { recursive: true });
  });
});

describe('a fleet with four queues', () => {
  it('costs at most 12 calls as well, and tells of each queue and its dead letters', async () => {
    const cluster = await testCluster(2, {}, { queues: ['urgent', 'jobs', 'nightly', 'bulk'], behindMs: 180_000 });
    const { config, endpoint } = cluster.lab;
    for (const [name, value] of Object.entries(labEnvironment(endpoint.url, ACCOUNT, REGION))) vi.stubEnv(name, value);
    const sqs = new SQSClient(config);
    const [urgent = '', jobs] = cluster.parts.queues.map(({ url }) => url);
    await sqs.send(new SendMessageCommand({ QueueUrl: jobs, MessageBody: '{"id":"a"}' }));
    await sqs.send(new SendMessageCommand({ QueueUrl: urgent, MessageBody: '{"id":"b"}' }));
    // Received twice, it is dead.
    for (let turn = 0; turn < 2; turn += 1)
      await sqs.send(new ReceiveMessageCommand({ QueueUrl: urgent, VisibilityTimeout: 0 }));
    await cluster.clock.advance(180_000);
    cluster.calls();
    const report = await status(context(), { environment: 'prod' });
    const calls = cluster.calls();
    expect(calls.length, calls.join('\n')).toBeLessThanOrEqual(12);
    expect(report.queues).toMatchObject([
      { name: 'urgent', waiting: 0, running: 0, deadLetters: 1 },
      { name: 'jobs', waiting: 1, running: 0, deadLetters: 0 },
      { name: 'nightly', waiting: 0, deadLetters: 0 },
      { name: 'bulk', waiting: 0, deadLetters: 0 },
    ]);
    expect(report.queues[1]?.oldestSeconds).toBeGreaterThan(60);
    vi.unstubAllEnvs();
    await endpoint.close();
  });
});
