import { execFileSync } from 'node:child_process';
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { putParameter } from '../../../lab/aws/ssm/store.ts';
import { endpointConnection } from '../../../lib/jobs/lease-endpoint.ts';
import { listJobs } from '../../../lib/jobs/list.ts';
import { type ClusterJobs, openJobs } from '../../../lib/jobs/open.ts';
import { sourcesOf } from '../../../lib/jobs/read-input.ts';
import { readResult, resultFacts } from '../../../lib/jobs/result.ts';
import { submitJobs } from '../../../lib/jobs/submit.ts';
import { Secret } from '../../../lib/secrets/secret.ts';
import { startAgent, until } from '../../packages/worker-agent/agent-process.ts';
import { LabCluster } from '../../packages/worker-agent/cluster.ts';
import { createDeployRole, openOperator } from '../aws/operator.ts';
import { type FormedLease, formLease, whyNoForming } from './support/formation.ts';

const reason = whyNoForming();
if (reason !== undefined) process.stderr.write(`Servers are not formed: ${reason}\n`);

const ROOT = join(import.meta.dirname, '../../..');
const AGENT = join(ROOT, 'packages/worker-agent/dist/worker-agent.mjs');
const REGION = 'eu-west-3';
const SENTENCE = 'the queue has the job and the job has the word';

const sha256 = (file: string): string => execFileSync('sha256sum', [file], { encoding: 'utf8' }).split(' ')[0] ?? '';

const blueprint = (program: string, agent: string): string => `
description: Workers and what stands for AWS
tiers:
  aws:
    image: debian-12
    flavor: small
    runs:
      aws-endpoint:
        clients: [worker]
        workers: { tier: worker }
        program: { url: "http://127.0.0.1:9/program.tar", sha256: ${program} }
        agent: { url: "http://127.0.0.1:9/agent.mjs", sha256: ${agent} }
        agentVersion: "0.3.0"
        visibilityTimeoutSeconds: 10
  worker:
    image: debian-12
    flavor: small
    count: 2
    runs:
      analysis-worker: { endpoint: { tier: aws } }
`;

describe.skipIf(reason !== undefined && process.env['CI'] === undefined)('analysis in a lease', () => {
  let folder: string;
  let files: Server;
  let lease: FormedLease;
  let cluster: ClusterJobs;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tandem-analysis-'));
    const program = join(folder, 'program.tar');
    execFileSync(process.execPath, [join(ROOT, 'packages/lab-aws/scripts/server.mts'), program]);
    files = createServer((request, response) => {
      createReadStream(request.url === '/program.tar' ? program : AGENT).pipe(response);
    });
    await new Promise<void>((resolve) => files.listen(0, '0.0.0.0', resolve));
    const address = files.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    lease = await formLease({ yaml: blueprint(sha256(program), sha256(AGENT)), name: 'alice' });
    const at = `http://${lease.gateway}:${port ?? 0}`;
    await lease.tell({ 'aws-endpoint.program-url': `${at}/program.tar`, 'aws-endpoint.agent-url': `${at}/agent.mjs` });
    await lease.healthy();
    const key = new Secret(lease.secrets['aws-endpoint']?.['secret-key'] ?? '', 'secret:x');
    const endpoint = `http://${lease.server('aws', 1).address}:4566`;
    cluster = await openJobs(endpointConnection(endpoint, REGION, key), 'env/alice', 'alice');
  });
  afterAll(async () => {
    cluster.close();
    await lease.stop();
    files.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const jobsFile = (jobs: readonly object[]): string => {
    const file = join(folder, 'jobs.jsonl');
    writeFileSync(file, jobs.map((job) => JSON.stringify(job)).join('\n'));
    return file;
  };
  const submit = async (jobs: readonly object[]) => {
    const [queue] = cluster.places.queues;
    if (queue === undefined) throw new Error('the lease has no queue');
    return await submitJobs(cluster, {
      ...{ sources: await sourcesOf([jobsFile(jobs)]), queue, idPrefix: '', by: 'test', keepSeconds: 86_400 },
      ...{ now: () => new Date(), signal: new AbortController().signal, onProgress: () => undefined },
    });
  };
  /** How many are done by now; asked once a second, as an operator would. */
  const done = async (): Promise<number> => {
    await sleep(1000);
    return (await listJobs(cluster, { states: ['done'], limit: 200 })).jobs.length;
  };
  const resultOf = async (id: string): Promise<string> => {
    const pieces: Uint8Array[] = [];
    for await (const each of readResult(cluster, await resultFacts(cluster, id), 0)) pieces.push(each);
    return Buffer.concat(pieces).toString('utf8');
  };

  it('runs the agent and the units of production, byte for byte', async () => {
    for (const worker of lease.ofTier('worker')) {
      const sum = await worker.must(['sha256sum', '/opt/tandem/worker-agent.mjs']);
      expect(sum.split(' ')[0]).toBe(sha256(AGENT));
      expect((await worker.must(['stat', '-c', '%a %U', '/etc/tandem/worker.env'])).trim()).toBe('600 root');
      expect(await worker.must(['stat', '-c', '%U', '/var/lib/tandem-bring-up/secrets'])).toBe('root\n');
    }
  });

  it('refuses whoever has not the key of the lease, and lets nobody set its clock', async () => {
    const endpoint = `http://${lease.server('aws', 1).address}:4566`;
    const known = new Secret('lab-secret-of-111122223333', 'secret:x');
    await expect(openJobs(endpointConnection(endpoint, REGION, known), 'env/alice', 'alice')).rejects.toMatchObject({
      message: expect.stringContaining('SignatureDoesNotMatch') as string,
    });
    const { status } = await fetch(`${endpoint}/_lab/time`, { method: 'POST', body: '{"advance":600}' });
    expect(status).toBeGreaterThanOrEqual(400);
  });

  it('gives a job the result that it has at the rehearsal endpoint of staging', async () => {
    const job = { id: 'words', documents: ['a.txt'], top: 3 };
    await cluster.objects.put('documents/a.txt', SENTENCE);
    expect(await submit([job])).toMatchObject({ jobs: 1, sent: 1 });
    await until('the lease did it', async () => (await done()) === 1, 120);
    const own = await resultOf('words');
    expect(own).toContain('"job"');

    const staging = await LabCluster.start();
    const operator = openOperator(staging.endpoint.url, '222233334444', REGION);
    try {
      // Rehearsed as `staging`, whose cluster is that of this account.
      operator.edit('config/environments/staging.yaml', (text) => text.replace('222233334444', '111122223333'));
      await createDeployRole(staging.endpoint.url, '111122223333', REGION);
      const config = staging.configFile([process.execPath, AGENT, 'job', 'word-statistics']);
      const told = staging.workerConfig([]);
      putParameter(staging.realm, '/tandem/acme-staging/worker', JSON.stringify(told), 'String');
      staging.putDocument('a.txt', SENTENCE);
      const agent = await startAgent(staging, AGENT, config);
      const rehearse = operator.as({
        AWS_ACCESS_KEY_ID: 'AKIALAB0111122223333',
        AWS_SECRET_ACCESS_KEY: 'lab-secret-of-111122223333',
      });
      await rehearse.ok('job', 'submit', 'staging', jobsFile([job]));
      await until('staging did it', () => staging.result('words') !== undefined, 60);
      agent.child.kill('SIGKILL');
      expect(own).toBe(staging.result('words'));
    } finally {
      operator.remove();
      await staging.close();
    }
  });

  it('loses no job with a worker', async () => {
    const jobs = Array.from({ length: 40 }, (_, index) => ({ id: `job-${index}`, documents: ['a.txt'], top: 3 }));
    await submit(jobs);
    const gone = lease.server('worker', 1);
    await until('some are done', async () => (await done()) > 3, 120);
    await gone.kill();
    const began = performance.now();
    await until('all are done', async () => (await done()) === jobs.length + 1, 240);
    process.stdout.write(
      `40 jobs were done ${((performance.now() - began) / 1000).toFixed(1)} s after a worker's end\n`,
    );
    for (const { id } of jobs) expect(await resultOf(id)).toContain('"job"');
    await gone.boot();
    await lease.healthy([gone]);
  });
});
