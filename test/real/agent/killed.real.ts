import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AgentProcess, startAgent, until } from '../../packages/worker-agent/agent-process.ts';
import { bundleAgent, LabCluster } from '../../packages/worker-agent/cluster.ts';
import { generator } from '../../packages/worker-agent/random.ts';

const JOBS = 300;
const AGENTS = 6;

let cluster: LabCluster;
let bundle: string;
beforeAll(async () => {
  // A poison job ends after so many deliveries, and a killed agent costs a delivery: enough for the unluckiest.
  cluster = await LabCluster.start({ visibilitySeconds: 2, maximumReceives: 50 });
  bundle = bundleAgent(cluster.folder);
});
afterAll(() => cluster.close());

test(`killed at random moments, agents lose none of ${JOBS} jobs and give none two results`, async () => {
  const random = generator(20_261_121);
  // Each run of a job writes something else: a second result could not hide behind the same bytes.
  const configFile = cluster.configFile(['/bin/sh', '-c', 'sleep 0.05; echo "$TANDEM_JOB_ID by $$ at $(date +%s%N)"']);
  const ids = Array.from({ length: JOBS }, (_, index) => `job-${index}`);
  for (const id of ids) cluster.send(JSON.stringify({ id }));
  // Some jobs are in the queue twice, as an impatient producer sends them.
  for (const id of ids.slice(0, 30)) cluster.send(JSON.stringify({ id }));

  const agents: AgentProcess[] = [];
  for (let index = 0; index < AGENTS; index += 1) agents.push(await startAgent(cluster, bundle, configFile));
  const done = (): boolean => {
    const { ready, inFlight } = cluster.jobs.counts();
    return ready === 0 && inFlight === 0;
  };
  let kills = 0;
  const end = performance.now() + 240_000;
  const firstResults = new Map<string, string | undefined>();
  while (!done() && performance.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, random() * 250));
    for (const id of ids) {
      if (!firstResults.has(id) && cluster.versions(id) > 0) firstResults.set(id, cluster.result(id));
    }
    if (kills >= 60) continue;
    const index = Math.floor(random() * agents.length);
    const victim = agents[index]!;
    // One that has not begun yet proves nothing.
    if (!victim.log().includes('"ready"')) continue;
    victim.child.kill('SIGKILL');
    await victim.ended;
    kills += 1;
    agents[index] = await startAgent(cluster, bundle, configFile);
  }
  for (const { child } of agents) child.kill('SIGKILL');

  expect(cluster.jobs.counts()).toMatchObject({ ready: 0, inFlight: 0 });
  expect(cluster.deadLetters.counts().ready).toBe(0);
  expect(kills).toBeGreaterThan(20);
  const wrong = ids.filter((id) => cluster.versions(id) !== 1);
  expect(wrong).toEqual([]);
  expect(ids.filter((id) => firstResults.has(id) && firstResults.get(id) !== cluster.result(id))).toEqual([]);
});

test('an agent that is killed between its result and its acknowledgement leaves no second run', async () => {
  const configFile = cluster.configFile(['/bin/sh', '-c', 'echo "$$"']);
  // The deletion fails as if the agent had died before it.
  cluster.endpoint.faults.failCall({ call: 'sqs:DeleteMessage', code: 'InternalError', status: 400, times: 4 });
  cluster.send(JSON.stringify({ id: 'once' }));
  const agent = await startAgent(cluster, bundle, configFile);
  await until('the job is acknowledged', () => {
    const { ready, inFlight } = cluster.jobs.counts();
    return ready + inFlight === 0;
  });
  expect(cluster.versions('once')).toBe(1);
  expect(agent.log()).toContain('result exists already');
  agent.child.kill('SIGKILL');
});
