import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labEnvironment } from '../../../lab/aws/credentials.ts';
import { putObject } from '../../../lab/aws/s3/store.ts';
import { putParameter } from '../../../lab/aws/ssm/store.ts';
import { packProgram } from '../../../lib/programs/pack.ts';
import { type AgentProcess, startAgent, until } from '../../packages/worker-agent/agent-process.ts';
import { bundleAgent, LabCluster } from '../../packages/worker-agent/cluster.ts';
import { type AwsOperator, createDeployRole, openOperator } from './operator.ts';

const ACCOUNT = '111122223333';
const REGION = 'eu-west-3';
/** Says how large its job is, in bytes; one that is poisoned fails. */
const PROGRAM =
  '#!/bin/sh\ncat > job\nif grep -q poison job; then echo "no such luck" >&2; exit 3; fi\nif grep -q endless job; then sleep 4711 & wait; fi\nwc -c < job\n';

/** Jobs from the command line to real agents, which run a program that `tandem program pack` packed. */
describe('jobs of a cluster', () => {
  let cluster: LabCluster;
  let operator: AwsOperator;
  let bundle: string;
  let configFile: string;
  const agents: AgentProcess[] = [];

  beforeAll(async () => {
    cluster = await LabCluster.start({ visibilitySeconds: 3, maximumReceives: 2 });
    operator = openOperator(cluster.endpoint.url, ACCOUNT, REGION);
    await createDeployRole(cluster.endpoint.url, ACCOUNT, REGION);
    bundle = bundleAgent(cluster.folder);
    mkdirSync(join(operator.root, 'programs/size'), { recursive: true });
    writeFileSync(join(operator.root, 'programs/size/run'), PROGRAM, { mode: 0o755 });
    const { file, sha256 } = packProgram(operator.root, 'programs/size');
    putObject(cluster.endpoint.state, cluster.bucket, { key: 'tandem-programs/size.tar', body: readFileSync(file) });
    const program = {
      ...{ kind: 'archive', command: ['./run'], version: '1.0.0', sha256 },
      ...{ bucket: cluster.bucket.name, key: 'tandem-programs/size.tar' },
    };
    const heartbeats = { table: 'lab-heartbeats', everySeconds: 1, lostAfterSeconds: 45 };
    configFile = cluster.configFile([], { program, heartbeats });
    putParameter(cluster.realm, '/tandem/acme-prod/worker', readFileSync(configFile, 'utf8'), 'String');
  });
  afterAll(async () => {
    for (const { child } of agents) child.kill('SIGKILL');
    operator.remove();
    await cluster.close();
  });

  const start = async (): Promise<AgentProcess> => {
    const agent = await startAgent(cluster, bundle, configFile);
    agents.push(agent);
    await until('ready', () => agent.log().includes('"ready"'));
    return agent;
  };
  const jobsIn = async (...args: string[]) =>
    (
      JSON.parse(await operator.ok('job', 'list', 'prod', '--json', '--limit', '1000', ...args)) as {
        jobs: { id: string }[];
      }
    ).jobs;
  const input = (name: string, lines: readonly object[]): string => {
    const file = join(operator.root, name);
    writeFileSync(file, lines.map((line) => JSON.stringify(line)).join('\n'));
    return file;
  };
  const submit = (file: string, ...args: string[]) => operator.ok('job', 'submit', 'prod', file, ...args);

  it('are done by agents, large ones too, and failed ones tell why', async () => {
    const small = Array.from({ length: 30 }, (_, index) => ({ id: `job-${index}` }));
    const large = { id: 'large', text: 'x'.repeat(1_200_000) };
    const file = input('jobs.jsonl', [...small, large, { id: 'poison' }]);
    expect(await submit(file)).toMatch(/^32 jobs sent to queue jobs of prod/);
    await Promise.all([start(), start()]);
    await until('31 are done', async () => (await jobsIn('--state', 'done')).length === 31, 120);
    // As the program sees it: the body, fetched from the bucket, and not what stood for it in the queue.
    expect((await operator.ok('job', 'result', 'prod', 'large')).trim()).toBe(String(JSON.stringify(large).length));
    await until('it failed', async () => (await jobsIn('--state', 'failed')).length === 1, 120);
    const shown = await operator.ok('job', 'show', 'prod', 'poison');
    expect(shown).toMatch(/state +failed since/);
    expect(shown).toContain('ended with 3');
    expect(shown).toContain('no such luck');
    expect(await submit(file)).toBe('0 jobs sent to queue jobs of prod; 32 of 32 were sent before.\n');
    for (const { id } of [...small, large]) expect(cluster.versions(id)).toBe(1);
  });

  it('that are dead letters are redriven, and retried', async () => {
    await until('it is buried', () => cluster.deadLetters.counts().ready === 1, 60);
    const shown = await operator.tandem('job', 'redrive', 'prod', '--dry-run');
    expect(shown.out).toMatch(/1 dead letter of queue jobs:\n.+\n +1 +ended with 3.* poison/);
    expect(await operator.ok('job', 'redrive', 'prod', '--yes')).toContain('1 dead letter moved back');
    await until('it failed again', () => cluster.deadLetters.counts().ready === 1, 120);
    await until('it says so', async () => (await jobsIn('--state', 'failed')).length === 1, 60);
    expect(await operator.ok('job', 'retry', 'prod', 'poison')).toBe('poison  sent again\n');
    await until('it failed once more', () => cluster.deadLetters.counts().ready === 2, 120);
    expect(cluster.versions('poison')).toBe(0);
  });

  it('that are cancelled are not run', async () => {
    for (const { child, ended } of agents.splice(0)) {
      child.kill('SIGTERM');
      await ended;
    }
    await submit(input('two.jsonl', [{ id: 'unwanted' }, { id: 'wanted' }]));
    expect(await operator.ok('job', 'cancel', 'prod', 'unwanted')).toBe('unwanted  cancelled\n');
    const agent = await start();
    await until('the queue is empty', () => cluster.versions('wanted') === 1 && cluster.jobs.counts().ready === 0, 60);
    await until('nothing is under way', () => cluster.jobs.counts().inFlight === 0, 60);
    expect(cluster.versions('unwanted')).toBe(0);
    expect((await operator.tandem('job', 'result', 'prod', 'unwanted')).log).toContain(
      'job unwanted is cancelled, and has no result',
    );
    agent.child.kill('SIGTERM');
    await agent.ended;
    agents.pop();
  });

  it('that run are ended when they are cancelled, and not run again', async () => {
    await submit(input('endless.jsonl', [{ id: 'endless' }, { id: 'after' }]));
    const agent = await start();
    await until('it runs', async () => (await jobsIn('--state', 'running')).some(({ id }) => id === 'endless'), 60);
    expect(await operator.ok('job', 'cancel', 'prod', 'endless')).toBe(
      `endless  cancelled; it runs on ${agent.instance.id}, which ends it at its next heartbeat\n`,
    );
    await until('the next one is done', () => cluster.versions('after') === 1, 60);
    await until('nothing is under way', () => cluster.jobs.counts().inFlight + cluster.jobs.counts().ready === 0, 60);
    expect(cluster.versions('endless')).toBe(0);
    expect(await operator.ok('job', 'show', 'prod', 'endless')).toMatch(
      /cancelled since[\s\S]+cancelled after it had run for \d+ s/,
    );
    expect((await jobsIn('--state', 'failed')).map(({ id }) => id)).not.toContain('endless');
    agent.child.kill('SIGTERM');
    await agent.ended;
    agents.pop();
  });

  it('are all sent after a submission was killed, and only what was under way then comes twice', async () => {
    const lines = Array.from({ length: 1500 }, (_, index) => ({ id: `many-${index}` }));
    const file = input('many.jsonl', lines);
    const main = join(import.meta.dirname, '../../../lib/cli/main.ts');
    const env = {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      ...labEnvironment(cluster.endpoint.url, ACCOUNT, REGION),
    };
    const killed = spawn(process.execPath, [main, 'job', 'submit', 'prod', file], {
      cwd: operator.root,
      env,
      stdio: 'ignore',
    });
    await until('some are sent', () => cluster.jobs.counts().ready >= 300, 120);
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    const before = cluster.jobs.counts().ready;
    expect(before).toBeLessThan(1500);
    expect(await submit(file)).toMatch(/^\d+ jobs sent to queue jobs of prod.*; \d+ of 1500 were sent before/);
    const sent = cluster.jobs.receive(10_000, 60, () => false).map(({ body }) => body);
    expect(new Set(sent).size).toBe(1500);
    expect(sent.length - 1500).toBeLessThanOrEqual(400);
  });
});
