import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compact } from '../../../../lib/simulate/record/read-metrics.ts';
import {
  formatRecording,
  joinRecordings,
  parseRecording,
  type RecordedRow,
  type Recording,
} from '../../../../lib/simulate/record/recording.ts';

const BEGIN = Date.UTC(2026, 10, 2) / 1000;
const row = (minute: number, jobs: number, meanSeconds?: number): RecordedRow => ({
  at: BEGIN + 60 * minute,
  jobs,
  meanSeconds,
  p95Seconds: meanSeconds === undefined ? undefined : 2 * meanSeconds,
});
const recordingOf = (told: readonly RecordedRow[]): Recording => ({ environment: 'prod', ...compact(told, 60) });
const jobsOf = ({ rows }: Pick<Recording, 'rows'>): number => rows.reduce((sum, { jobs }) => sum + jobs, 0);

test('a file says what it is of, names its gaps, and ends with no job', () => {
  const recording = recordingOf([row(0, 7, 12.3456), row(1, 0), row(2, 0), row(3, 2), row(60, 5)]);
  expect(formatRecording(recording)).toBe(
    [
      '# tandem.workload/1',
      '# prod: 14 jobs from 2026-11-02T00:00:00Z to 2026-11-02T01:01:00Z',
      '# gap 2026-11-02T00:04:00Z 2026-11-02T01:00:00Z',
      'time,jobs,mean_seconds,p95_seconds',
      '2026-11-02T00:00:00Z,7,12.3,24.7',
      '2026-11-02T00:01:00Z,0,,',
      '2026-11-02T00:03:00Z,2,,',
      '2026-11-02T00:04:00Z,0,,',
      '2026-11-02T01:00:00Z,5,,',
      '2026-11-02T01:01:00Z,0,,',
      '',
    ].join('\n'),
  );
});

test.each([
  'time,jobs\n1,2\n',
  '# tandem.workload/1\ntime,jobs,mean_seconds,p95_seconds\nyesterday,2,,\n',
  '# tandem.workload/1\ntime,jobs,mean_seconds,p95_seconds\n2026-11-02T00:00:00Z,-2,,\n',
  '# tandem.workload/1\ntime,jobs,mean_seconds,p95_seconds\n2026-11-02T00:01:00Z,1,,\n2026-11-02T00:00:00Z,1,,\n',
  '# tandem.workload/1\ntime,duration\n',
  '',
])('another text is no recording: %j', (text) => {
  expect(parseRecording('prod', text)).toBeUndefined();
});

test('a later look replaces what it tells of, keeps what was before, and names the time between', () => {
  const earlier = recordingOf([row(0, 1), row(1, 2), row(2, 3), row(3, 4)]);
  const overlapping = recordingOf([row(2, 30), row(3, 40), row(4, 50)]);
  const joined = joinRecordings(earlier, overlapping);
  expect(joined.rows.map(({ jobs }) => jobs)).toEqual([1, 2, 30, 40, 50, 0]);
  expect(joined.gaps).toEqual([]);
  const apart = joinRecordings(earlier, recordingOf([row(100, 9)]));
  expect(apart.rows.map(({ jobs }) => jobs)).toEqual([1, 2, 3, 4, 0, 9, 0]);
  expect(apart.gaps).toEqual([{ from: BEGIN + 240, to: BEGIN + 6000 }]);
});

const told = fc.uniqueArray(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 80 }).chain((minutes) =>
  fc
    .array(
      fc.record({ jobs: fc.nat({ max: 1000 }), mean: fc.option(fc.integer({ min: 1, max: 900 }), { nil: undefined }) }),
      {
        minLength: minutes.length,
        maxLength: minutes.length,
      },
    )
    .map((figures) =>
      minutes
        .toSorted((a, b) => a - b)
        .map((minute, index) => row(minute, figures[index]?.jobs ?? 0, figures[index]?.mean)),
    ),
);

test('no job is lost or made up: by leaving out quiet minutes, by the file, by joining with itself', () => {
  fc.assert(
    fc.property(told, (rows) => {
      const recording = recordingOf(rows);
      const sent = rows.reduce((sum, { jobs }) => sum + jobs, 0);
      expect(jobsOf(recording)).toBe(sent);
      const read = parseRecording('prod', formatRecording(recording));
      expect(read).toBeDefined();
      if (read === undefined) return;
      expect(jobsOf(read)).toBe(sent);
      expect(read.gaps).toEqual(recording.gaps);
      // What was read from a file is written the same again, and joined with itself it is itself.
      expect(formatRecording(read)).toBe(formatRecording(recording));
      expect(formatRecording(joinRecordings(read, read))).toBe(formatRecording(read));
    }),
  );
});

test('joined with any other, jobs are those of the later within its time, and those of the earlier outside', () => {
  fc.assert(
    fc.property(told, told, (one, other) => {
      const [earlier, later] = [recordingOf(one), recordingOf(other)];
      const joined = joinRecordings(earlier, later);
      const [from, to] = [later.rows[0]?.at ?? 0, later.rows.at(-1)?.at ?? 0];
      const outside = earlier.rows.filter(({ at }) => at < from || at >= to);
      expect(jobsOf(joined)).toBe(jobsOf(later) + jobsOf({ rows: outside }));
      expect(joined.rows.every(({ at }, index) => index === 0 || at > (joined.rows[index - 1]?.at ?? 0))).toBe(true);
      expect(joined.gaps.every(({ from: begin, to: end }) => begin < end)).toBe(true);
    }),
  );
});
