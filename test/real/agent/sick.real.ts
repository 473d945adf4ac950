import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ownCgroup } from '../../../packages/worker-agent/src/adapters/cgroup-cells.ts';
import { type AgentProcess, startAgent, until } from '../../packages/worker-agent/agent-process.ts';
import { bundleAgent, LabCluster } from '../../packages/worker-agent/cluster.ts';

let cluster: LabCluster;
let bundle: string;
let started: AgentProcess[] = [];
beforeAll(async () => {
  cluster = await LabCluster.start({ visibilitySeconds: 3, maximumReceives: 5 });
  bundle = bundleAgent(cluster.folder);
});
afterEach(() => {
  for (const { child } of started) child.kill('SIGKILL');
  started = [];
  cluster.endpoint.faults.clear();
  cluster.jobs.purge();
});
afterAll(() => cluster.close());

async function agentFor(configFile: string, env: Readonly<Record<string, string>> = {}): Promise<AgentProcess> {
  const agent = await startAgent(cluster, bundle, configFile, undefined, env);
  started.push(agent);
  await until('ready', () => agent.log().includes('"ready"'));
  return agent;
}

const sh = (script: string): string[] => ['/bin/sh', '-c', script];
/** Whether such a command runs on this machine. */
const runs = (command: string): boolean => spawnSync('pgrep', ['-f', '-x', command]).status === 0;

test('an agent whose command fails at once beside a busy one sends none of 40 healthy jobs to the dead-letter queue', async () => {
  const sick = await agentFor(cluster.configFile(sh('exit 1')));
  await agentFor(cluster.configFile(sh('sleep 0.5; echo done')));
  const ids = Array.from({ length: 40 }, (_, index) => `healthy-${index}`);
  for (const id of ids) cluster.send(JSON.stringify({ id }));
  await until('all are done', () => ids.every((id) => cluster.versions(id) === 1), 200);
  expect(cluster.deadLetters.counts().ready).toBe(0);
  expect(sick.log()).toContain('"this machine takes no more jobs","verdict":"machine"');
  expect(sick.log()).toContain('"instance set unhealthy","answer":"done"');
  // The group replaces it: it drains, and still says why.
  const reason = expect.stringContaining('5 jobs in a row failed') as string;
  expect(await cluster.heartbeat(sick.instance.id)).toMatchObject({ reason });
});

describe('a job ends with all that it started', () => {
  test('also what left its process group and session', async () => {
    const agent = await agentFor(cluster.configFile(sh("setsid sh -c 'exec sleep 7701' & sleep 0.2; echo done")));
    cluster.send('{"id":"setsid"}');
    await until('done', () => cluster.versions('setsid') === 1);
    expect(runs('sleep 7701')).toBe(false);
    expect(agent.log()).toContain('no control group of their own');
  });

  const root = ownCgroup();
  const own = root === undefined ? undefined : join(root, `tandem-test-${process.pid}`);
  const canDelegate = own !== undefined && process.getuid?.() === 0 && makes(own);

  test.skipIf(!canDelegate)('in a control group of its own, also what cleared its environment', async () => {
    const group = own ?? '';
    const script = "setsid env -i sleep 7702 & sleep 0.2; grep -o 'job-.*' /proc/self/cgroup";
    const inside = await agentFor(cluster.configFile(sh(script)), {
      ...{ TANDEM_TEST_CGROUP: group, TANDEM_CGROUP: 'delegated' },
    });
    cluster.send('{"id":"cgroup"}');
    await until('done', () => cluster.versions('cgroup') === 1);
    expect(cluster.result('cgroup')).toMatch(/^job-/);
    expect(runs('sleep 7702')).toBe(false);
    inside.child.kill('SIGKILL');
    await inside.ended;
    await until('the group is empty', () => remove(group));
  });

  // Each leaves its parent, its session and its environment, too.
  const gone = 'setsid env -i sh -c';
  test.skipIf(!canDelegate).each([
    ['into the group of the agent', `mv=$G/agent/cgroup.procs; ${gone} "echo \\$\\$ > $mv; exec sleep 7703" &`, 7703],
    ['into the group above', `${gone} "echo \\$\\$ > $G/cgroup.procs; exec sleep 7704" &`, 7704],
    [
      'into one that it made',
      `mkdir -p $G/own/deep; ${gone} "echo \\$\\$ > $G/own/deep/cgroup.procs; exec sleep 7705" &`,
      7705,
    ],
    [
      'into one below its own',
      `mkdir $C/a $C/a/b; ${gone} "echo \\$\\$ > $C/a/b/cgroup.procs; exec sleep 7706" &`,
      7706,
    ],
  ])('also what it moved %s', async (name, script, seconds) => {
    const group = `${own ?? ''}-${seconds}`;
    mkdirSync(group);
    const find = 'C=$(sed -n "s/^0:://p" /proc/self/cgroup); C=$MOUNT$C; G=$(dirname $C);';
    const inside = await agentFor(
      cluster.configFile(sh(`${find} ${script} sleep 0.3; pgrep -fx "sleep ${seconds}"; echo end`)),
      {
        ...{ TANDEM_TEST_CGROUP: group, TANDEM_CGROUP: 'delegated', MOUNT: cgroupMount() },
      },
    );
    cluster.send(JSON.stringify({ id: `moved-${seconds}` }));
    await until('done', () => cluster.versions(`moved-${seconds}`) === 1);
    // It ran, somewhere.
    expect({ name, result: cluster.result(`moved-${seconds}`) }).toEqual({
      name,
      result: expect.stringMatching(/^\d+\nend/) as string,
    });
    expect(runs(`sleep ${seconds}`)).toBe(false);
    inside.child.kill('SIGKILL');
    await inside.ended;
    await until('the group is empty', () => remove(group));
  });
});

function cgroupMount(): string {
  return /^\S+ (\S+) cgroup2 /m.exec(readFileSync('/proc/self/mounts', 'utf8'))?.[1] ?? '';
}

function makes(folder: string): boolean {
  try {
    mkdirSync(folder);
    return readFileSync(join(folder, 'cgroup.procs'), 'utf8') === '';
  } catch {
    return false;
  }
}

function remove(folder: string): boolean {
  try {
    for (const each of ['agent', '']) rmdirSync(join(folder, each));
    return true;
  } catch {
    return false;
  }
}

describe('a result', () => {
  test('of more than 64 MiB is stored although the bucket fails at its end, and the job runs once', async () => {
    const count = join(cluster.folder, 'large-runs');
    const agent = await agentFor(cluster.configFile(sh(`echo run >> ${count}; head -c 90000000 /dev/zero`)));
    cluster.endpoint.faults.failCall({ call: 's3:CompleteMultipartUpload', code: 'SlowDown', status: 503, times: 6 });
    cluster.endpoint.faults.failCall({ call: 's3:UploadPart', code: 'InternalError', status: 500, times: 2 });
    cluster.send('{"id":"large"}');
    await until('stored', () => cluster.versions('large') === 1, 120);
    expect(cluster.result('large')).toHaveLength(90_000_000);
    expect(readFileSync(count, 'utf8')).toBe('run\n');
    expect(agent.peakMegabytes()).toBeLessThan(130);
  });

  test('is kept until it is stored, also by a killed agent; the job runs once', async () => {
    const count = join(cluster.folder, 'kept-runs');
    const state = { STATE_DIRECTORY: mkdtempSync(join(cluster.folder, 'kept-')) };
    const configFile = cluster.configFile(sh(`echo run >> ${count}; echo kept`));
    cluster.endpoint.faults.failCall({ call: 's3:PutObject', code: 'SlowDown', status: 503, times: 10_000 });
    const agent = await agentFor(configFile, state);
    cluster.send('{"id":"kept"}');
    await until('it was tried', () => agent.log().includes('result not stored yet'), 120);
    agent.child.kill('SIGKILL');
    await agent.ended;
    cluster.endpoint.faults.clear();
    await agentFor(configFile, state);
    await until('stored', () => cluster.result('kept') === 'kept\n');
    await until('acknowledged', () => cluster.jobs.counts().ready + cluster.jobs.counts().inFlight === 0);
    expect(readFileSync(count, 'utf8')).toBe('run\n');
  });
});

describe('a machine that cannot work', () => {
  const wrong = (): string =>
    cluster.configFile(['/opt/none/such'], { program: { kind: 'command', command: ['/opt/none/such'], version: '1' } });

  test('is given up and replaced, but no more than a few: then they stay, and say why', async () => {
    const ends: string[] = [];
    for (let index = 0; index < 5; index += 1) {
      const configFile = wrong();
      const on = await cluster.launch();
      const state = { STATE_DIRECTORY: mkdtempSync(join(cluster.folder, 'wrong-')) };
      const agent = await startAgent(cluster, bundle, configFile, on, state);
      expect(await agent.ended).toBe(78);
      const last = await startAgent(cluster, bundle, ['give-up', configFile], on, state);
      started.push(last);
      await until('it is judged', () => ['Terminated', 'InService'].includes(on.instance.state));
      ends.push(on.instance.state);
      expect(await cluster.heartbeat(on.instance.id)).toMatchObject({
        state: 'broken',
        reason: expect.stringContaining("'/opt/none/such' is not on this instance") as string,
      });
    }
    // Counted with the black hole above, three were given up.
    expect(ends.filter((state) => state === 'InService').length).toBeGreaterThanOrEqual(2);
    expect(ends[0]).toBe('Terminated');
  });
});

describe('a program', () => {
  test('is fetched as an archive, checked, and has its version; a job that was cancelled is skipped', async () => {
    const folder = mkdtempSync(join(cluster.folder, 'program-'));
    writeFileSync(join(folder, 'analyse'), '#!/bin/sh\ncat "$1"\necho "$TANDEM_PROGRAM_VERSION $TANDEM_QUEUE"\n', {
      mode: 0o755,
    });
    writeFileSync(join(folder, 'model.txt'), 'model\n');
    execFileSync('tar', ['-czf', join(folder, 'a.tar.gz'), '-C', folder, 'analyse', 'model.txt']);
    const archive = readFileSync(join(folder, 'a.tar.gz'));
    cluster.putDocument('a.tar.gz', archive);
    const program = {
      ...{
        kind: 'archive',
        command: ['analyse', './model.txt'],
        version: '1.2.0',
        bucket: 'lab-results',
        key: 'documents/a.tar.gz',
      },
      sha256: createHash('sha256').update(archive).digest('hex'),
    };
    await cluster.cancel('cancelled');
    const agent = await agentFor(cluster.configFile([], { program, slots: 3 }));
    cluster.send('{"id":"cancelled"}');
    cluster.send('{"id":"archive"}');
    await until('done', () => cluster.result('archive') === 'model\n1.2.0 jobs\n');
    await until('skipped', () => agent.log().includes('job was cancelled'));
    expect(cluster.versions('cancelled')).toBe(0);
    expect(await cluster.heartbeat(agent.instance.id)).toMatchObject({ program: '1.2.0' });
    const other = cluster.configFile([], { program: { ...program, version: '2', sha256: '0'.repeat(64) } });
    expect(await (await startAgent(cluster, bundle, other)).ended).toBe(78);
  });
});
