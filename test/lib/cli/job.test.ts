import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { labEnvironment } from '../../../lab/aws/credentials.ts';
import { addRole } from '../../../lab/aws/iam/store.ts';
import { CODE_ROOT } from '../../../lib/synthesis/code.ts';
import { ACCOUNT, type LabJobs, labJobs, REGION, taken } from '../jobs/lab-cluster.ts';
import { tandemInProcess } from './in-process.ts';

let lab: LabJobs;
beforeAll(async () => {
  lab = await labJobs();
  cpSync(join(CODE_ROOT, 'config'), join(lab.folder, 'config'), { recursive: true });
  Object.assign(process.env, labEnvironment(lab.endpoint.url, ACCOUNT, REGION));
  addRole(lab.endpoint.state.realm(ACCOUNT, REGION), 'tandem-deploy', '/');
});
afterAll(() => lab.close());

const tandem = (...args: string[]) => tandemInProcess(lab.folder, args);

function input(name: string, text: string): string {
  writeFileSync(join(lab.folder, name), text);
  return join(lab.folder, name);
}

/** As an agent says that a job failed. */
async function fail(id: string, reason: string): Promise<void> {
  await lab.cluster.table.change({ id, from: ['queued'], to: 'failed', at: '2026-11-28T03:00:00.000Z' });
  const item = { ...(await lab.cluster.table.get(id))!, reason, instanceId: 'i-0abc', receives: 5 };
  // Written anew: only the table's owner and agents change a reason.
  const { DynamoDBClient, PutItemCommand } = await import('@aws-sdk/client-dynamodb');
  const { itemOf } = await import('../../../lib/jobs/aws/item.ts');
  const client = new DynamoDBClient({});
  const { failedOn: _, ...plain } = item;
  await client.send(new PutItemCommand({ TableName: 'lab-jobs', Item: itemOf(plain) }));
  client.destroy();
}

it('the life of jobs at the command line', async () => {
  const jobs = input('jobs.jsonl', '{"id":"a","n":1}\n{"id":"b","n":2}\n{"id":"c"}\n');
  // What takes a second or more says how long it took.
  const sent = expect.stringMatching(/^3 jobs sent to queue jobs of prod( in .+)?\.\n$/) as string;
  expect(await tandem('job', 'submit', 'prod', jobs)).toMatchObject({ code: 0, stdout: sent });
  expect((await tandem('job', 'submit', 'prod', jobs)).stdout).toBe(
    '0 jobs sent to queue jobs of prod; 3 of 3 were sent before.\n',
  );

  const cancelled = await tandem('job', 'cancel', 'prod', 'c', 'nobody');
  expect([cancelled.code, cancelled.stdout]).toEqual([1, 'c       cancelled\nnobody  is not known\n']);

  // Hostile text from a job's standard error, and in an argument, is shown and not obeyed.
  await fail('a', 'ended with 3\n\u001b[2J\u001b]0;owned\u0007');
  const shown = await tandem('job', 'show', 'prod', 'a');
  expect(shown.stdout).toMatch(/state +failed since/);
  expect(shown.stdout).toContain('  \\u001b[2J\\u001b]0;owned\\u0007');
  expect(shown.stdout).not.toContain('\u001b');
  const listed = await tandem('job', 'list', 'prod', '--state', 'failed', '--state', 'cancelled');
  expect(listed.stdout).toMatch(/queue jobs +3 waiting +0 running +0 dead letters/);
  expect(listed.stdout).toMatch(/^a +failed +jobs +\S+ \S+ +5 +i-0abc +ended with 3$/m);
  expect(listed.stdout).not.toMatch(/^b /m);
  const unknown = await tandem('job', 'show', 'prod', '\u001b[31mred');
  expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('error no-such-job')]);
  expect(unknown.stderr).not.toContain('\u001b');

  expect((await tandem('job', 'retry', 'prod', 'a', 'c')).stdout).toBe('a  sent again\nc  sent again\n');
  expect(taken(lab.jobs)).toHaveLength(5);

  lab.putResult('b', 'two\n');
  const out = join(lab.folder, 'b.out');
  expect((await tandem('job', 'result', 'prod', 'b', '--out', out)).stdout).toContain('4 bytes');
  expect(readFileSync(out, 'utf8')).toBe('two\n');
  expect(JSON.parse((await tandem('job', 'result', 'prod', 'b', '--json')).stdout)).toMatchObject({
    size: 4,
    file: null,
  });
  const again = await tandem('job', 'result', 'prod', 'b', '--out', out);
  expect(again.stderr).toMatch(/error file-exists: .+\nnext: .+--force/);
});

it('dead letters are shown with their reasons, and moved after a yes only', async () => {
  await tandem('job', 'submit', 'prod', input('dead.jsonl', '{"id":"dead-1"}\n{"id":"dead-2"}'));
  taken(lab.jobs);
  for (const id of ['dead-1', 'dead-2']) await fail(id, 'ended with 7\nmore');
  const url = lab.deadLetters.url;
  await lab.cluster.queues.send(url, [
    { id: '1', text: '{"id":"dead-1"}' },
    { id: '2', text: '{"id":"dead-2"}' },
  ]);
  const dry = await tandem('job', 'redrive', 'prod', '--dry-run');
  expect(dry.stdout).toMatch(
    /^2 dead letters of queue jobs:\n +JOBS +REASON +FOR EXAMPLE\n +2 +ended with 7 +dead-\d, dead-\d\n$/,
  );
  const { stderr } = await tandem('job', 'redrive', 'prod');
  expect(stderr).toMatch(/error no-terminal: somebody has to say yes, and there is no terminal to ask on: \S.*\?\n/);
  expect(stderr).toContain('(`tandem job redrive prod --dry-run`), then run `tandem job redrive prod --yes`');
  const one = await tandem('job', 'redrive', 'prod', 'dead-2', 'dead-3', '--yes');
  expect([one.code, one.stdout]).toEqual([
    1,
    '1 dead letter moved back to queue jobs of prod.\ndead-3 has no dead letter in queue jobs\n',
  ]);
  expect((await tandem('job', 'redrive', 'prod', '--yes')).stdout).toBe(
    '1 dead letter moved back to queue jobs of prod.\n',
  );
  expect((await tandem('job', 'redrive', 'prod', '--yes')).stdout).toBe('Queue jobs of prod has no dead letters.\n');
  expect(taken(lab.jobs).sort()).toEqual(['{"id":"dead-1"}', '{"id":"dead-2"}']);
});

it.each([
  [
    ['submit', 'prod', 'JOBS', '--queue', 'slow'],
    /error no-such-queue: .+"slow"\nnext: name one of: --queue urgent, --queue jobs/,
  ],
  [['submit', 'nowhere', 'JOBS'], /error no-such-environment/],
  [['submit', 'staging', 'JOBS'], /error wrong-account/],
  [
    ['submit', 'prod', 'BAD'],
    /error invalid-jobs: 1 entry is no job, and nothing was sent:\n.+bad\.jsonl:2: got `\[1\]`/,
  ],
  [['submit', 'prod', 'JOBS', '--id-prefix', 'a/b'], /--id-prefix: got "a\/b"/],
  [['submit', 'prod', '/nothing/here'], /error cannot-read-jobs/],
  [['list', 'prod', '--since', 'yesterday'], /got "yesterday"/],
  [['list', 'prod', '--page', '???'], /error bad-page/],
  [['result', 'prod', 'nobody'], /error no-such-job/],
])('job %j fails with a next step', async (args, expected) => {
  const files = { JOBS: input('ok.jsonl', '{}'), BAD: input('bad.jsonl', '{}\n[1]') } as Record<string, string>;
  const { code, stderr } = await tandem('job', ...args.map((word) => files[word] ?? word));
  expect([code, stderr]).toEqual([1, expect.stringMatching(expected)]);
  expect(stderr).toMatch(/next: /);
});
