import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { MADE_NAMES, openWorkload } from '../../../../lib/simulate/workload/open.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-workload-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const SWF = '; a log\n1 100 5 30 2 -1 -1\n2 90 0 10 1 -1 -1\n3 200 0 -1 1 -1 -1\n';
const JOBS = 'time,duration,size\n# a remark\n\n5,20,2\n"0",10,\n';

describe('a workload of a file', () => {
  it.each([
    ['a.swf', SWF, [0, 10, 10], [10, 30, 30]],
    ['a.csv', JOBS, [0, 5, 5], [10, 20, 20]],
    ['crlf.csv', `\uFEFF${JOBS.replaceAll('\n', '\r\n')}`, [0, 5, 5], [10, 20, 20]],
  ])('%s has its jobs in order, each lane as one', async (name, text, at, seconds) => {
    for (const path of [file(name, text), file(`${name}.gz`, gzipSync(text))]) {
      const workload = await openWorkload(path, 1);
      expect([...workload.at]).toEqual(at);
      expect([...workload.seconds]).toEqual(seconds);
    }
  });

  it('has a job of a processor and a half on two lanes', async () => {
    const { at } = await openWorkload(file('half.swf', '1 0 0 10 1.5\n2 5 0 10 1\n'), 1);
    expect([...at]).toEqual([0, 0, 5]);
  });

  it('of dates counts from the first, and says which day that was', async () => {
    const { at, begin } = await openWorkload(
      file('dates.csv', 'time,duration\n2026-11-02T08:00:30+01:00,5\n2026-11-02T07:00:00Z,5\n'),
      1,
    );
    expect([...at]).toEqual([0, 30]);
    expect(begin).toBe(Date.parse('2026-11-02T07:00:00Z'));
  });

  it('of rates has as many jobs as they say, when they say, and as long', async () => {
    const lines = ['time,jobs,mean_seconds,p95_seconds', '0,20000,30,90', '60,0,,', '120,10000,,', '3600,3,1,'];
    const { at, seconds, span } = await openWorkload(file('rates.csv', lines.join('\n')), 7);
    expect(at.length).toBe(30_003);
    expect(at.filter((each) => each < 60).length).toBe(20_000);
    // The gap of an hour is not filled with what came before it.
    expect(at.filter((each) => each >= 120 && each < 180).length).toBe(10_000);
    expect(span).toBe(3660);
    const first = seconds.slice(0, 30_000).toSorted();
    expect(first.reduce((sum, each) => sum + each, 0) / 30_000).toBeCloseTo(30, -1);
    expect(first[28_500]).toBeGreaterThan(85);
    expect(first[28_500]).toBeLessThan(95);
  });

  it('of rates without durations takes what the environment says', async () => {
    const path = file('requests.csv', 'time,requests\n0,5000\n60,0\n');
    await expect(openWorkload(path, 1)).rejects.toMatchObject({
      message: expect.stringContaining('cluster.scaling.jobSeconds') as string,
    });
    const { seconds } = await openWorkload(path, 1, { jobSeconds: 8 });
    expect(seconds.reduce((sum, each) => sum + each, 0) / 5000).toBeCloseTo(8, 0);
  });
});

describe('a workload that is not as it should be', () => {
  it.each([
    ['cell.csv', 'time,duration\n0,10\n# a\n\n5,abc\n', 'line 5: duration is "abc"'],
    ['empty-cell.csv', 'time,duration\n0,10\n5,\n', 'line 3: duration is missing'],
    ['less.csv', 'time,duration\n0,-1\n', 'line 2: duration is "-1"'],
    ['date.csv', 'time,duration\n2026-11-02,1\n', 'line 2: time is "2026-11-02"'],
    ['columns.csv', 'when,duration\n0,1\n', 'none is called time'],
    ['neither.csv', 'time,size\n0,1\n', 'no column duration'],
    ['order.csv', 'time,jobs,mean_seconds\n60,1,1\n60,1,1\n', 'line 3: its time is not after'],
    ['quote.csv', 'time,duration\n0,"1\n', 'it is not CSV'],
    ['width.csv', 'time,duration\n0,1\n0,1,2\n', 'line 3: it is not CSV'],
    ['none.csv', 'time,duration\n', 'no job'],
    ['milliseconds.csv', 'time,duration\n1793577600000,1\n', 'line 2: time is "1793577600000"'],
    ['words.swf', '; a\n1 2 three 4 5\n', 'line 2'],
    ['endless.swf', '1 2 0 Infinity 5\n', 'line 1'],
    ['never.swf', '1 Infinity 0 10 5\n', 'line 1'],
    ['cut.csv.gz', gzipSync(JOBS).subarray(0, 20), 'no gzip, or is cut off'],
  ])('%s fails with its line', async (name, content, said) => {
    await expect(openWorkload(file(name, content), 1)).rejects.toMatchObject({
      code: 'bad-workload',
      message: expect.stringContaining(said) as string,
    });
  });

  it('fails where it is too large, before it is read, and where it only unpacks to too much', async () => {
    const sparse = file('huge.csv', '');
    truncateSync(sparse, 1024 ** 3);
    await expect(openWorkload(sparse, 1)).rejects.toMatchObject({ code: 'workload-too-large' });
    const bomb = file('bomb.csv.gz', gzipSync(Buffer.alloc(129 * 1024 ** 2)));
    await expect(openWorkload(bomb, 1)).rejects.toMatchObject({ code: 'workload-too-large' });
  });

  it.each([
    ['jobs.csv', 'time,duration,size\n0,1,1e12\n'],
    ['rates.csv', 'time,jobs,mean_seconds\n0,1e12,1\n'],
    ['jobs.swf', '1 0 5 30 1000000000000 -1\n'],
    ['lines.csv', `time,duration\n${'0,1\n'.repeat(3_000_001)}`],
  ])('%s fails where it has too many jobs, before they are made', async (name, text) => {
    await expect(openWorkload(file(name, text), 1)).rejects.toMatchObject({ code: 'workload-too-large' });
  });

  it.each([
    ['far.csv', 'time,duration\n0,1\n64000000,1\n', 'times over 741 days'],
    ['years.csv', 'time,jobs,mean_seconds\n0,1,1\n2026-11-02T00:00:00Z,0,\n', 'days; a workload has at most 731 days'],
    ['long.swf', '1 0 0 1e300 1\n', 'days'],
    ['slow.csv', 'time,jobs,mean_seconds\n0,5,1e300\n60,0,\n', 'days'],
  ])(
    '%s fails where its times are too far apart, each minute of which would be simulated',
    async (name, text, said) => {
      await expect(openWorkload(file(name, text), 1)).rejects.toMatchObject({
        code: 'workload-too-large',
        message: expect.stringContaining(said) as string,
      });
    },
  );

  it('fails where there is none, with what is likely meant', async () => {
    await expect(openWorkload('made:brust', 1)).rejects.toMatchObject({ next: 'did you mean made:burst?' });
    await expect(openWorkload(join(folder, 'not-there.csv'), 1)).rejects.toMatchObject({ code: 'no-such-workload' });
    await expect(openWorkload(folder, 1)).rejects.toMatchObject({ code: 'unknown-workload-format' });
  });
});

it('has every made workload by its name, the same for the same seed', async () => {
  const [one, same, other] = await Promise.all([3, 3, 4].map((seed) => openWorkload('made:burst', seed)));
  expect(MADE_NAMES).toContain('made:burst');
  expect(one).toEqual(same);
  expect(one?.at).not.toEqual(other?.at);
});
