/** One period of a recording. */
export interface RecordedRow {
  /** Beginning, in seconds since 1970. */
  readonly at: number;
  /** Jobs that were sent until the next row's time. */
  readonly jobs: number;
  /** Mean and 95th percentile of the durations of jobs that ended then, in seconds; undefined where none did. */
  readonly meanSeconds: number | undefined;
  readonly p95Seconds: number | undefined;
}

/** A time without figures, in seconds since 1970: nothing came, or nobody told. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

/** What was sent to the queues of a cluster, and how long it ran; ascending, the last row ends it with no job. */
export interface Recording {
  readonly environment: string;
  readonly rows: readonly RecordedRow[];
  readonly gaps: readonly Gap[];
}

/** What a file of a recording begins with: another file is not replaced. */
const FORMAT = '# tandem.workload/1';
const COLUMNS = 'time,jobs,mean_seconds,p95_seconds';

/** Beginning and end of a recording, in seconds since 1970; undefined of one without rows. */
export function periodOf({ rows }: Pick<Recording, 'rows'>): Gap | undefined {
  const [first, last] = [rows[0], rows.at(-1)];
  return first === undefined || last === undefined ? undefined : { from: first.at, to: last.at };
}

/** The text of a recording's file: what it is of in remarks, then CSV of rates, as `openWorkload` reads it. */
export function formatRecording(recording: Recording): string {
  const { environment, rows, gaps } = recording;
  const period = periodOf(recording);
  const jobs = rows.reduce((sum, row) => sum + row.jobs, 0);
  const remarks = [
    FORMAT,
    `# ${environment}: ${jobs} jobs${period === undefined ? '' : ` from ${date(period.from)} to ${date(period.to)}`}`,
    ...gaps.map(({ from, to }) => `# gap ${date(from)} ${date(to)}`),
  ];
  const lines = rows.map(({ at, jobs: count, meanSeconds, p95Seconds }) =>
    [date(at), count, rounded(meanSeconds), rounded(p95Seconds)].join(','),
  );
  return `${[...remarks, COLUMNS, ...lines].join('\n')}\n`;
}

/** What `formatRecording` wrote; undefined of any other text. */
export function parseRecording(environment: string, text: string): Recording | undefined {
  const [format, ...lines] = text.trimEnd().split('\n');
  if (format !== FORMAT) return undefined;
  const gaps = lines.flatMap((line) => {
    const [, from, to] = /^# gap (\S+) (\S+)$/.exec(line) ?? [];
    return from === undefined || to === undefined ? [] : [{ from: secondsOf(from), to: secondsOf(to) }];
  });
  const [columns, ...data] = lines.filter((line) => !line.startsWith('#'));
  if (columns !== COLUMNS) return undefined;
  const rows = data.map((line): RecordedRow => {
    const [at = '', jobs = '', mean = '', p95 = ''] = line.split(',');
    const optional = (cell: string): number | undefined => (cell === '' ? undefined : Number(cell));
    return { at: secondsOf(at), jobs: Number(jobs), meanSeconds: optional(mean), p95Seconds: optional(p95) };
  });
  const numbers = rows.flatMap(({ at, jobs, meanSeconds = 0, p95Seconds = 0 }) => [at, jobs, meanSeconds, p95Seconds]);
  const isWhole =
    numbers.every((each) => Number.isFinite(each) && each >= 0) &&
    gaps.every(({ from, to }) => from < to) &&
    rows.every(({ at }, index) => index === 0 || at > (rows[index - 1]?.at ?? 0));
  return isWhole ? { environment, rows, gaps } : undefined;
}

/**
 * An earlier recording, and a later look: what both tell is the later one's. So a file outlives what CloudWatch keeps. The time between
 * both, which nobody looked at, is a gap.
 */
export function joinRecordings(earlier: Recording, later: Recording): Recording {
  const [kept, period] = [periodOf(earlier), periodOf(later)];
  if (kept === undefined || period === undefined) return kept === undefined ? later : earlier;
  const before = cut(earlier, -Infinity, period.from);
  const after = cut(earlier, period.to, Infinity);
  const between = [
    { from: kept.to, to: period.from },
    { from: period.to, to: kept.from },
  ].filter(({ from, to }) => from < to);
  // The end of the one before is the beginning of the next, but for a time that is between them.
  const rows = [...before.rows, ...later.rows, ...after.rows].toSorted((one, other) => one.at - other.at);
  return {
    environment: later.environment,
    rows: rows.filter(({ at }, index) => at !== rows[index + 1]?.at),
    gaps: [...before.gaps, ...later.gaps, ...between, ...after.gaps].toSorted((one, other) => one.from - other.from),
  };
}

/** The part within two times. A row across the first one counts whole where it begins; periods are short. */
function cut({ rows, gaps }: Recording, from: number, to: number): Pick<Recording, 'rows' | 'gaps'> {
  return {
    rows: rows.filter(({ at }) => at >= from && at < to),
    gaps: gaps.flatMap((gap) => {
      const part = { from: Math.max(from, gap.from), to: Math.min(to, gap.to) };
      return part.from < part.to ? [part] : [];
    }),
  };
}

const date = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
const secondsOf = (text: string): number => Date.parse(text) / 1000;

/** Three figures tell enough of a duration. */
function rounded(seconds: number | undefined): string {
  return seconds === undefined ? '' : String(Number(seconds.toPrecision(3)));
}
