import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { interruptOne, terminateOne } from '../../../lab/aws/model/instances.ts';
import { type AgentProcess, startAgent, until } from '../../packages/worker-agent/agent-process.ts';
import { bundleAgent, LabCluster } from '../../packages/worker-agent/cluster.ts';

let cluster: LabCluster;
let bundle: string;
const started: AgentProcess[] = [];
beforeAll(async () => {
  cluster = await LabCluster.start({ visibilitySeconds: 3, maximumReceives: 3 });
  bundle = bundleAgent(cluster.folder);
});
afterAll(async () => {
  for (const { child } of started) child.kill('SIGKILL');
  await cluster.close();
});

async function agentFor(command: readonly string[], more: Readonly<Record<string, unknown>> = {}) {
  const agent = await startAgent(cluster, bundle, cluster.configFile(command, more));
  started.push(agent);
  await until('ready', () => agent.log().includes('"ready"'));
  return agent;
}

async function stop(agent: AgentProcess): Promise<void> {
  agent.child.kill('SIGTERM');
  await agent.ended;
}

const busyWith = (agent: AgentProcess) =>
  until('a job is taken', () => cluster.jobs.counts().inFlight > 0 && agent.child.exitCode === null);

test('the instance comes into service after the first heartbeat', async () => {
  const agent = await agentFor(['/bin/true']);
  expect(agent.instance.state).toBe('InService');
  await stop(agent);
});

test('SIGTERM lets the job end, and the process with it', async () => {
  const agent = await agentFor(['/bin/sh', '-c', 'sleep 2; echo done']);
  cluster.send('{"id":"to-the-end"}');
  await busyWith(agent);
  agent.child.kill('SIGTERM');
  expect(await agent.ended).toBe(0);
  expect(cluster.result('to-the-end')).toBe('done\n');
  expect(cluster.jobs.counts().inFlight).toBe(0);
});

test('a second signal gives the job back at once', async () => {
  const agent = await agentFor(['/bin/sleep', '60']);
  cluster.send('{"id":"given-back"}');
  await busyWith(agent);
  agent.child.kill('SIGTERM');
  await until('the drain began', () => agent.log().includes('"draining"'));
  agent.child.kill('SIGTERM');
  await agent.ended;
  // The job would have slept for a minute: it was not waited for, and its message is back.
  expect(cluster.jobs.counts()).toMatchObject({ ready: 1, inFlight: 0 });
  cluster.jobs.purge();
});

test('a job that outlives its visibility is not seen by others', async () => {
  const agent = await agentFor(['/bin/sh', '-c', 'sleep 5; echo "$$"']);
  const other = await agentFor(['/bin/sh', '-c', 'echo other']);
  cluster.send('{"id":"long"}');
  await until('done', () => cluster.versions('long') > 0);
  await sleep(500);
  expect(`${agent.log()}${other.log()}`.match(/"job":"long"/g)).toHaveLength(1);
  await Promise.all([stop(agent), stop(other)]);
});

test('a poison job ends in the dead-letter queue, and the next is worked on', async () => {
  const agent = await agentFor([
    '/bin/sh',
    '-c',
    'grep -q poison && { echo token=hidden-value >&2; exit 3; }; echo fine',
  ]);
  cluster.send('{"id":"bad","kind":"poison"}');
  cluster.send('no job at all');
  cluster.send('{"id":"good"}');
  await until('both are buried', () => cluster.deadLetters.counts().ready === 2);
  expect(cluster.result('good')).toBe('fine\n');
  expect(cluster.versions('bad')).toBe(0);
  expect(agent.log()).toContain('ended with 3');
  expect(agent.log()).not.toContain('hidden-value');
  await stop(agent);
});

test('a job that takes too long is ended, with all that it started', async () => {
  const agent = await agentFor(['/bin/sh', '-c', 'sleep 4242 & wait'], { timeoutSeconds: 1 });
  cluster.send('{"id":"too-long"}');
  await until('ended', () => agent.log().includes('"timeout"'));
  cluster.jobs.purge();
  await stop(agent);
});

test('a Spot notice gives the job back in time', async () => {
  const agent = await agentFor(['/bin/sleep', '60']);
  cluster.send('{"id":"interrupted"}');
  await busyWith(agent);
  // Ten seconds before the end the job is given back: at twelve, that is in two.
  interruptOne(cluster.realm, agent.instance.id, 12);
  await until('the job is back', () => cluster.jobs.counts().ready === 1, 10);
  expect(agent.log()).toContain('"spot"');
  cluster.jobs.purge();
  await stop(agent);
});

test('an instance that is scaled in ends its job first, then the hook', async () => {
  const agent = await agentFor(['/bin/sh', '-c', 'sleep 2; echo whole']);
  cluster.send('{"id":"before-the-end"}');
  await busyWith(agent);
  terminateOne(cluster.realm, agent.instance.id);
  await until('terminated', () => agent.instance.state === 'Terminated');
  expect(cluster.result('before-the-end')).toBe('whole\n');
  cluster.send('{"id":"too-late"}');
  await sleep(1000);
  expect(cluster.versions('too-late')).toBe(0);
  cluster.jobs.purge();
  await stop(agent);
});

test('the instance of a long job is protected from scale-in, and released when idle', async () => {
  const agent = await agentFor(['/bin/sleep', '3'], {
    protection: { afterSeconds: 1, idleSeconds: 1, collectSeconds: 0.2 },
  });
  cluster.send('{"id":"protected"}');
  await until('protected', () => agent.instance.protectedFromScaleIn);
  await until('released', () => !agent.instance.protectedFromScaleIn);
  await stop(agent);
});

test('the sample job counts the words of documents in the bucket', async () => {
  cluster.putDocument('a.txt', 'Le vent se lève ! Il faut tenter de vivre.\n');
  cluster.putDocument('b.txt', 'le vent\nle vent');
  const agent = await agentFor([process.execPath, bundle, 'job', 'word-statistics']);
  cluster.send('{"id":"words","prefix":"","top":2}');
  await until('counted', () => cluster.versions('words') > 0);
  expect(JSON.parse(cluster.result('words') ?? '')).toEqual({
    documents: 2,
    words: 13,
    distinct: 9,
    longest: 'tenter',
    most: [
      { word: 'le', count: 3 },
      { word: 'vent', count: 3 },
    ],
  });
  await stop(agent);
});

test('fails to start, and stays out of service, where the command is missing', async () => {
  const agent = await startAgent(cluster, bundle, cluster.configFile(['/opt/none/such']));
  expect(await agent.ended).toBe(78);
  expect(agent.instance.state).toBe('Pending:Wait');
});

test('throttled calls are repeated until they work', async () => {
  for (const call of ['autoscaling:CompleteLifecycleAction', 'dynamodb:PutItem', 'sqs:ReceiveMessage', 's3:PutObject'])
    cluster.endpoint.faults.failCall({ call, code: 'ThrottlingException', message: 'Rate exceeded', times: 3 });
  cluster.send('{"id":"throttled"}');
  const agent = await agentFor(['/bin/echo', 'through']);
  await until('done', () => cluster.result('throttled') === 'through\n');
  await stop(agent);
});
