import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { queueOf } from '../../../lib/jobs/cluster.ts';
import { listJobs } from '../../../lib/jobs/list.ts';
import { sourcesOf } from '../../../lib/jobs/read-input.ts';
import { type Submission, submitJobs } from '../../../lib/jobs/submit.ts';
import { type LabJobs, labJobs, taken } from './lab-cluster.ts';

let lab: LabJobs;
beforeEach(async () => {
  lab = await labJobs();
});
afterEach(() => lab.close());

async function submit(text: string, more: Partial<Submission> = {}) {
  const file = join(lab.folder, 'jobs.jsonl');
  writeFileSync(file, text);
  const queue = queueOf(lab.cluster.places, 'prod', 'jobs');
  return await submitJobs(lab.cluster, {
    ...{ sources: await sourcesOf([file]), queue, idPrefix: '', by: 'anna@here', keepSeconds: 1000 },
    ...{ now: () => new Date('2026-11-28T03:00:00Z'), signal: new AbortController().signal },
    onProgress: () => undefined,
    pause: () => Promise.resolve(),
    ...more,
  });
}

const lines = (count: number): string =>
  Array.from({ length: count }, (_, index) => `{"id":"job-${index}","n":${index}}`).join('\n');

it('sends each job once, and records it', async () => {
  expect(await submit(lines(115))).toEqual({ jobs: 115, sent: 115, already: 0 });
  const bodies = taken(lab.jobs);
  expect(new Set(bodies).size).toBe(115);
  expect(bodies).toContain('{"id":"job-7","n":7}');
  expect(await lab.cluster.table.get('job-7')).toMatchObject({
    ...{ queue: 'jobs', state: 'queued', submittedAt: '2026-11-28T03:00:00.000Z', submittedBy: 'anna@here' },
    ...{ sentAt: '2026-11-28T03:00:00.000Z', size: 20, body: '{"id":"job-7","n":7}', receives: 0 },
    expiresAt: Date.UTC(2026, 10, 28, 3) / 1000 + 1000,
  });
});

it('sends nothing twice', async () => {
  await submit(lines(120));
  taken(lab.jobs);
  expect(await submit(lines(125))).toEqual({ jobs: 125, sent: 5, already: 120 });
  expect(taken(lab.jobs)).toHaveLength(5);
});

it('goes on where a killed run ended: with what has a record and was not sent', async () => {
  // The run ends with the first send, as if killed: records are there, messages are not.
  lab.endpoint.faults.failCall({ call: 'sqs:SendMessageBatch', code: 'AccessDenied', status: 403, times: 100 });
  await expect(submit(lines(30))).rejects.toMatchObject({ code: 'jobs-not-sent' });
  expect(taken(lab.jobs)).toEqual([]);
  expect((await listJobs(lab.cluster, { limit: 100 })).jobs).toHaveLength(30);
  lab.endpoint.faults.clear();
  expect(await submit(lines(30))).toEqual({ jobs: 30, sent: 30, already: 0 });
  expect(taken(lab.jobs)).toHaveLength(30);
});

it('does not send what an agent or an operator has taken on meanwhile', async () => {
  await submit(lines(2));
  await lab.cluster.table.change({ id: 'job-0', from: ['queued'], to: 'cancelled', at: 'x' });
  await lab.cluster.table.change({ id: 'job-1', from: ['queued'], to: 'running', at: 'x' });
  taken(lab.jobs);
  expect(await submit(lines(2))).toEqual({ jobs: 2, sent: 0, already: 2 });
});

it('refuses a job that was sent with other content, before anything is sent', async () => {
  await submit('{"id":"a","n":1}');
  taken(lab.jobs);
  const refused = submit('{"id":"b"}\n{"id":"a","n":2}');
  await expect(refused).rejects.toMatchObject({ code: 'jobs-differ' });
  await expect(refused).rejects.toThrow(
    /jobs\.jsonl:2: a was submitted at 2026-11-28T03:00:00\.000Z by anna@here and is queued/,
  );
  expect(taken(lab.jobs)).toEqual([]);
});

it('sends again those entries that SQS takes back, and tells those that it refuses', async () => {
  const { queues } = lab.cluster;
  const send = queues.send.bind(queues);
  let calls = 0;
  queues.send = async (url, messages) => {
    calls += 1;
    const [first, second, ...rest] = messages;
    if (calls > 1) return send(url, messages);
    await send(url, rest);
    return [
      { id: first!.id, reason: 'InternalError', isTransient: true },
      { id: second!.id, reason: 'InvalidMessageContents: no', isTransient: false },
    ];
  };
  const refused = submit(lines(5));
  await expect(refused).rejects.toMatchObject({ code: 'jobs-not-sent', details: { done: 4, total: 5 } });
  await expect(refused).rejects.toThrow('job-1: InvalidMessageContents: no');
  expect(taken(lab.jobs)).toHaveLength(4);
  expect((await lab.cluster.table.get('job-1'))?.sentAt).toBeUndefined();
});

it('keeps bodies above 64 KiB in the bucket, and sends those above 1 MiB by their key', async () => {
  const text = (id: string, bytes: number) => `{"id":"${id}","text":"${'x'.repeat(bytes)}"}`;
  await submit([text('small', 10), text('middle', 100_000), text('large', 1_100_000)].join('\n'));
  expect(lab.object('jobs/small')).toBeUndefined();
  expect(lab.object('jobs/middle')).toBe(text('middle', 100_000));
  expect(lab.object('jobs/large')).toBe(text('large', 1_100_000));
  const bodies = taken(lab.jobs);
  expect(bodies).toContain(text('middle', 100_000));
  const record = await lab.cluster.table.get('large');
  expect(record?.body).toBeUndefined();
  const { size, sha256 } = record!;
  expect(JSON.parse(bodies.find((body) => body.includes('$body'))!)).toEqual({
    id: 'large',
    $body: { key: 'jobs/large', size, sha256 },
  });
});

it('stops after what is under way, and the next run does the rest', async () => {
  const stop = new AbortController();
  const stopped = submit(lines(600), {
    signal: stop.signal,
    onProgress: (what, done) => {
      if (what === 'sending jobs' && done >= 50) stop.abort();
    },
  });
  await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
  const first = taken(lab.jobs).length;
  expect(first).toBeGreaterThanOrEqual(50);
  expect(first).toBeLessThan(600);
  expect(await submit(lines(600))).toEqual({ jobs: 600, sent: 600 - first, already: first });
});
