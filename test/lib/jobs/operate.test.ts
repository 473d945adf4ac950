import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cancelJobs } from '../../../lib/jobs/cancel.ts';
import { placesOf, queueOf } from '../../../lib/jobs/cluster.ts';
import { listJobs } from '../../../lib/jobs/list.ts';
import type { JobRecord } from '../../../lib/jobs/record.ts';
import { lookAtDeadLetters, moveAll, moveThese } from '../../../lib/jobs/redrive.ts';
import { resultFacts, saveResult } from '../../../lib/jobs/result.ts';
import { retryJobs } from '../../../lib/jobs/retry.ts';
import { showJob } from '../../../lib/jobs/show.ts';
import { type LabJobs, labJobs, taken } from './lab-cluster.ts';

let lab: LabJobs;
beforeEach(async () => {
  lab = await labJobs();
});
afterEach(() => lab.close());

const NOW = () => new Date('2026-11-28T04:00:00Z');

async function known(id: string, more: Partial<JobRecord> = {}): Promise<void> {
  const body = `{"id":"${id}"}`;
  const at = '2026-11-28T03:00:00.000Z';
  await lab.cluster.table.create({
    ...{ id, queue: 'jobs', state: 'queued', submittedAt: at, submittedBy: 'anna@here', sentAt: at, at, receives: 0 },
    ...{ size: body.length, sha256: '00', body, expiresAt: 2_000_000_000 },
    ...more,
  });
}

/** Puts bodies into the dead-letter queue, as SQS does with what was received too often. */
async function bury(...texts: string[]): Promise<void> {
  const messages = texts.map((text, index) => ({ id: String(index), text }));
  await lab.cluster.queues.send(lab.jobs.url.replace('lab-jobs', 'lab-dead-letters'), messages);
}

const move = {
  now: NOW,
  signal: new AbortController().signal,
  onProgress: () => undefined,
  pause: () => Promise.resolve(),
};

describe('the cluster', () => {
  const connection = () => ({ region: 'eu-west-3', credentials: credentialsOf() });
  const credentialsOf = () => () =>
    Promise.resolve({ accessKeyId: 'AKIALAB0111122223333', secretAccessKey: 'lab-secret-of-111122223333' });

  it('that was never deployed is told as such', async () => {
    await expect(placesOf(connection(), 'staging', 'acme-staging')).rejects.toMatchObject({
      code: 'cluster-missing',
    });
  });

  it('has a usual queue, and refuses one that it has not', () => {
    expect(queueOf(lab.cluster.places, 'prod', undefined).name).toBe('jobs');
    expect(queueOf(lab.cluster.places, 'prod', 'urgent').url).toBe(lab.urgent.url);
    expect(() => queueOf(lab.cluster.places, 'prod', 'slow')).toThrow('environment prod has no queue "slow"');
    const several = {
      ...lab.cluster.places,
      queues: lab.cluster.places.queues.map((each) => ({ ...each, name: `x${each.name}` })),
    };
    expect(() => queueOf(several, 'prod', undefined)).toThrow('environment prod has several queues, and none is named');
  });
});

describe('list', () => {
  it('pages through all states, the newest first, each job once', async () => {
    const states = ['queued', 'running', 'done', 'failed'] as const;
    for (let index = 0; index < 24; index += 1) {
      // Times that several jobs share: a page may end among them.
      const submittedAt = `2026-11-28T03:00:${String(Math.floor(index / 5)).padStart(2, '0')}.000Z`;
      await known(`job-${index}`, { state: states[index % 4]!, submittedAt });
    }
    const seen: JobRecord[] = [];
    let page: string | undefined;
    do {
      const read = await listJobs(lab.cluster, { limit: 7, page });
      seen.push(...read.jobs);
      page = read.next;
    } while (page !== undefined);
    expect(seen.map(({ id }) => id).sort()).toEqual(Array.from({ length: 24 }, (_, index) => `job-${index}`).sort());
    const times = seen.map(({ submittedAt }) => submittedAt);
    expect(times).toEqual([...times].sort().reverse());
  });

  it('keeps to states, queue and time', async () => {
    await known('a', { state: 'failed', reason: 'ended with 3' });
    await known('b', { state: 'failed', queue: 'urgent' });
    await known('c', { state: 'failed', submittedAt: '2026-11-27T00:00:00.000Z' });
    await known('d', { state: 'done' });
    const { jobs, next } = await listJobs(lab.cluster, {
      ...{ states: ['failed'], queue: 'jobs', since: '2026-11-28T00:00:00.000Z', limit: 1 },
    });
    expect(jobs).toMatchObject([{ id: 'a', reason: 'ended with 3' }]);
    if (next !== undefined)
      expect(
        (
          await listJobs(lab.cluster, {
            states: ['failed'],
            queue: 'jobs',
            since: '2026-11-28T00:00:00.000Z',
            limit: 1,
            page: next,
          })
        ).jobs,
      ).toEqual([]);
  });

  it('fails on a mark that is none', async () => {
    await expect(listJobs(lab.cluster, { limit: 1, page: 'x' })).rejects.toMatchObject({ code: 'bad-page' });
  });
});

describe('show', () => {
  it('tells the record and the result', async () => {
    await known('a', { state: 'done', instanceId: 'i-1' });
    lab.putResult('a', 'four');
    expect(await showJob(lab.cluster, 'a')).toMatchObject({
      ...{ record: { state: 'done' }, result: { size: 4 } },
      log: { group: '/tandem/acme-prod/workers', stream: 'i-1' },
    });
  });

  it('knows a job by its result alone, and fails where there is neither', async () => {
    lab.putResult('b', 'x');
    expect(await showJob(lab.cluster, 'b')).toMatchObject({ record: undefined, result: { key: 'results/b' } });
    await expect(showJob(lab.cluster, 'c')).rejects.toMatchObject({ code: 'no-such-job' });
  });
});

describe('retry', () => {
  const retry = (...ids: string[]) => retryJobs(lab.cluster, { ids, now: NOW, keepSeconds: 10 });

  it('sends what failed or was cancelled, once', async () => {
    await known('a', { state: 'failed', reason: 'ended with 3', instanceId: 'i-1' });
    await known('b', { state: 'cancelled', queue: 'urgent' });
    expect(await retry('a', 'b')).toEqual([
      { id: 'a', outcome: 'sent' },
      { id: 'b', outcome: 'sent' },
    ]);
    expect(await retry('a')).toEqual([{ id: 'a', outcome: 'waiting' }]);
    expect([taken(lab.jobs), taken(lab.urgent)]).toEqual([['{"id":"a"}'], ['{"id":"b"}']]);
    const record = await lab.cluster.table.get('a');
    expect(record).toMatchObject({
      state: 'queued',
      at: '2026-11-28T04:00:00.000Z',
      sentAt: '2026-11-28T04:00:00.000Z',
    });
    expect([record?.reason, record?.instanceId]).toEqual([undefined, undefined]);
  });

  it('leaves alone what runs, is done, or has no body', async () => {
    await known('running', { state: 'running', instanceId: 'i-1' });
    await known('done', { state: 'done' });
    await known('stored', { state: 'failed' });
    lab.putResult('stored', 'x');
    const { body: _, ...bodiless } = (await lab.cluster.table.get('running'))!;
    await lab.cluster.table.create({ ...bodiless, id: 'bare', state: 'failed' });
    expect((await retry('running', 'done', 'stored', 'bare', 'nobody')).map(({ outcome }) => outcome)).toEqual([
      ...['running', 'done', 'done', 'no-body', 'unknown'],
    ]);
    expect(taken(lab.jobs)).toEqual([]);
  });

  it('takes a large body from the bucket', async () => {
    await lab.cluster.objects.put('jobs/large', '{"id":"large","text":"x"}');
    const { body: _, ...rest } = await recordOf('other');
    await lab.cluster.table.create({ ...rest, id: 'large', state: 'failed', size: 25 });
    expect(await retry('large')).toEqual([{ id: 'large', outcome: 'sent' }]);
    expect(taken(lab.jobs)).toEqual(['{"id":"large","text":"x"}']);
  });

  async function recordOf(id: string): Promise<JobRecord> {
    await known(id);
    return (await lab.cluster.table.get(id))!;
  }
});

it('cancel cancels what waits or runs, and tells of the others', async () => {
  await known('a');
  await known('b', { state: 'running', instanceId: 'i-1' });
  await known('c', { state: 'done', instanceId: 'i-1' });
  expect(await cancelJobs(lab.cluster, ['a', 'b', 'c', 'd'], NOW())).toEqual([
    { id: 'a', state: 'cancelled', isCancelled: true, instanceId: undefined },
    { id: 'b', state: 'cancelled', isCancelled: true, instanceId: 'i-1' },
    { id: 'c', state: 'done', isCancelled: false, instanceId: 'i-1' },
    { id: 'd', state: 'unknown', isCancelled: false, instanceId: undefined },
  ]);
  expect(await cancelJobs(lab.cluster, ['b'], NOW())).toMatchObject([{ state: 'cancelled', isCancelled: false }]);
  expect((await lab.cluster.table.get('a'))?.state).toBe('cancelled');
});

describe('redrive', () => {
  it('looks at dead letters and their reasons, and gives them back', async () => {
    await known('a', { state: 'failed', reason: 'ended with 3\nno space left', instanceId: 'i-1' });
    await bury('{"id":"a"}', 'no job at all');
    const letters = await lookAtDeadLetters(lab.cluster, queueOf(lab.cluster.places, 'prod', 'jobs'));
    expect(letters).toMatchObject({ count: 2, url: lab.deadLetters.url });
    expect(letters.shown).toMatchObject([{ jobId: 'a', reason: 'ended with 3\nno space left' }, { reason: undefined }]);
    expect(lab.deadLetters.counts()).toEqual({ ready: 2, inFlight: 0, delayed: 0 });
  });

  it('moves all, and records that they wait', async () => {
    await known('a', { state: 'failed', reason: 'ended with 3' });
    await known('later', { state: 'failed', at: '2026-11-28T05:00:00.000Z' });
    await bury('{"id":"a"}', '{"id":"b"}');
    const letters = await lookAtDeadLetters(lab.cluster, queueOf(lab.cluster.places, 'prod', 'jobs'));
    expect(await moveAll(lab.cluster, letters, move)).toBe(2);
    expect(taken(lab.jobs).sort()).toEqual(['{"id":"a"}', '{"id":"b"}']);
    expect(lab.deadLetters.counts().ready).toBe(0);
    expect((await lab.cluster.table.get('a'))?.state).toBe('queued');
    // It failed after the move began.
    expect((await lab.cluster.table.get('later'))?.state).toBe('failed');
  });

  it('records that old failures wait, behind hundreds that failed since', async () => {
    await known('old', { state: 'failed', submittedAt: '2026-11-28T01:00:00.000Z' });
    const since = { state: 'failed', at: '2026-11-28T05:00:00.000Z' } as const;
    await Promise.all(Array.from({ length: 500 }, (_, index) => known(`since-${index}`, since)));
    await bury('{"id":"old"}');
    const letters = await lookAtDeadLetters(lab.cluster, queueOf(lab.cluster.places, 'prod', 'jobs'));
    await moveAll(lab.cluster, letters, move);
    expect((await lab.cluster.table.get('old'))?.state).toBe('queued');
  });

  it('moves those of named jobs, and no others', async () => {
    await known('job-7', { state: 'failed' });
    await bury(...Array.from({ length: 10 }, (_, index) => `{"id":"job-${index}"}`));
    const letters = await lookAtDeadLetters(lab.cluster, queueOf(lab.cluster.places, 'prod', 'jobs'));
    expect(await moveThese(lab.cluster, letters, new Set(['job-7', 'job-99']), move)).toEqual(['job-7']);
    expect(taken(lab.jobs)).toEqual(['{"id":"job-7"}']);
    expect(lab.deadLetters.counts()).toEqual({ ready: 9, inFlight: 0, delayed: 0 });
    expect((await lab.cluster.table.get('job-7'))?.state).toBe('queued');
  });

  it('fails while SQS moves them already', async () => {
    await bury('{"id":"a"}', '{"id":"b"}');
    const letters = await lookAtDeadLetters(lab.cluster, queueOf(lab.cluster.places, 'prod', 'jobs'));
    await lab.cluster.queues.startMove(letters.arn, 1);
    await expect(moveAll(lab.cluster, letters, move)).rejects.toMatchObject({ code: 'redrive-running' });
  });
});

describe('result', () => {
  const save = async (more: object = {}) => {
    const facts = await resultFacts(lab.cluster, 'a');
    const file = join(lab.folder, 'out');
    return saveResult(lab.cluster, facts, {
      file,
      replace: false,
      signal: move.signal,
      onProgress: () => undefined,
      ...more,
    });
  };

  it('is in the file once it is whole', async () => {
    lab.putResult('a', 'the result');
    expect(await save()).toMatchObject({ size: 10, resumedAt: 0 });
    expect(readFileSync(join(lab.folder, 'out'), 'utf8')).toBe('the result');
    await expect(save()).rejects.toMatchObject({ code: 'file-exists' });
    expect(await save({ replace: true })).toMatchObject({ size: 10 });
  });

  it('goes on where an earlier run was cut off, and gives the digest of the whole', async () => {
    const content = Buffer.alloc(300_000, 'abcdefg');
    lab.putResult('a', content);
    const whole = await save({ file: join(lab.folder, 'whole') });
    const { etag } = await resultFacts(lab.cluster, 'a');
    writeFileSync(join(lab.folder, `out.${etag.replaceAll('"', '')}.part`), content.subarray(0, 100_001));
    expect(await save()).toEqual({ ...whole, resumedAt: 100_001 });
    expect(readFileSync(join(lab.folder, 'out')).equals(content)).toBe(true);
  });

  it('that is empty is a result', async () => {
    lab.putResult('a', '');
    expect(await save()).toMatchObject({ size: 0 });
    expect(readFileSync(join(lab.folder, 'out'), 'utf8')).toBe('');
  });

  it('fails where there is none, and tells the state', async () => {
    await known('a', { state: 'failed' });
    await expect(resultFacts(lab.cluster, 'a')).rejects.toThrow('job a is failed, and has no result');
    await expect(resultFacts(lab.cluster, 'b')).rejects.toMatchObject({ code: 'no-such-job' });
  });

  it('fails where it was written again meanwhile', async () => {
    lab.putResult('a', 'first');
    const facts = await resultFacts(lab.cluster, 'a');
    lab.putResult('a', 'other');
    const saved = saveResult(lab.cluster, facts, {
      ...{ file: join(lab.folder, 'out'), replace: false, signal: move.signal, onProgress: () => undefined },
    });
    await expect(saved).rejects.toMatchObject({ code: 'result-changed' });
  });
});
