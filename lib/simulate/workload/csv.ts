import { CsvError, parse } from 'csv-parse/sync';
import { badWorkload } from '../errors.ts';
import { type Rate, workloadOfRates } from './rates.ts';
import { MOST_JOBS, requireFew, type TracedJob, type Workload, workloadOf } from './workload.ts';

/** What a column may be called; the first is what documents say. */
const COLUMNS = {
  time: ['time', 'submit_s'],
  duration: ['duration', 'duration_s'],
  size: ['size', 'cpus'],
  jobs: ['jobs', 'requests'],
  mean: ['mean_seconds'],
  p95: ['p95_seconds'],
} as const;
type Column = keyof typeof COLUMNS;

interface Row {
  readonly cells: readonly string[];
  readonly line: number;
}

export interface CsvOptions {
  /** @default 1 */
  readonly seed?: number;
  /** Mean duration of a job where a file of rates names none. @default - such a file is refused */
  readonly jobSeconds?: number | undefined;
}

/**
 * A workload in CSV, with a first line that names the columns. Either jobs: `time`, `duration` (seconds), `size` (lanes, default 1); or
 * rates: `time`, `jobs` (or `requests`) that came from then to the next time, `mean_seconds` and `p95_seconds` of those that ended. A time
 * is a number of seconds, or a date with time and zone as ISO 8601 has it. Lines that begin with # are remarks.
 * @throws TandemError `bad-workload`
 */
export function readCsv(name: string, text: string, { seed = 1, jobSeconds }: CsvOptions = {}): Workload {
  const rows = rowsOf(name, text);
  const head = rows.shift();
  const names = head?.cells.map((each) => each.trim().toLowerCase()) ?? [];
  const places = new Map(
    Object.entries(COLUMNS).map(([column, known]) => [
      column,
      names.findIndex((each) => (known as readonly string[]).includes(each)),
    ]),
  );
  const at = (column: Column): number => places.get(column) ?? -1;
  const fault = (line: number, why: string) => badWorkload(name, line, why);
  const line = head?.line ?? 1;
  if (at('time') < 0) throw fault(line, 'it names the columns, and none is called time');
  const isRates = at('jobs') >= 0;
  if (!isRates && at('duration') < 0)
    throw fault(line, 'it names no column duration, as jobs have, and none called jobs or requests, as rates have');
  if (isRates && at('mean') < 0 && jobSeconds === undefined)
    throw fault(
      line,
      'it has no column mean_seconds, and the environment does not say cluster.scaling.jobSeconds: how long a job takes is not known',
    );
  const cell = (row: Row, column: Column): string => (row.cells[at(column)] ?? '').trim();
  const number = (row: Row, column: Column): number | undefined => {
    const text = cell(row, column);
    const value = Number(text);
    if (text === '') return undefined;
    if (!Number.isFinite(value) || value < 0)
      throw fault(row.line, `${COLUMNS[column][0]} is "${short(text)}", where a number from 0 is expected`);
    return value;
  };
  const required = (row: Row, column: Column): number => {
    const value = number(row, column);
    if (value === undefined) throw fault(row.line, `${COLUMNS[column][0]} is missing`);
    return value;
  };
  const times = rows.map((row) => {
    const time = timeOf(cell(row, 'time'));
    if (time !== undefined) return time;
    const given = short(cell(row, 'time'));
    throw fault(row.line, `time is "${given}", where seconds or a date like 2026-11-02T08:00:00Z are expected`);
  });
  const first = times.reduce((least, time) => Math.min(least, time), Infinity);
  const begin = times.some((time) => time > DATES_FROM) ? { begin: first * 1000 } : {};
  if (!isRates) {
    const jobs = rows.flatMap((row, index): TracedJob | [] => {
      const [seconds, size] = [required(row, 'duration'), Math.ceil(number(row, 'size') ?? 1)];
      return seconds > 0 ? { at: times[index] ?? 0, seconds, size } : [];
    });
    return { ...workloadOf(name, jobs), ...begin };
  }
  const unordered = rows.find((_, index) => index > 0 && (times[index] ?? 0) <= (times[index - 1] ?? 0));
  if (unordered !== undefined) throw fault(unordered.line, 'its time is not after that of the line before');
  const rates = rows.map((row, index): Rate => {
    const [meanSeconds = jobSeconds, p95Seconds] = [number(row, 'mean'), number(row, 'p95')];
    return { at: times[index] ?? 0, jobs: required(row, 'jobs'), meanSeconds, p95Seconds };
  });
  return { ...workloadOfRates(name, rates, seed), ...begin };
}

const FORMAT = { bom: true, comment: '#', skip_empty_lines: true } as const;

/** 1 January 2000: a time from then on counts from 1970, and schedules go by it. */
const DATES_FROM = 946_684_800;
/** The year 10000. */
const DATES_TO = 253_402_300_800;

function timeOf(text: string): number | undefined {
  if (text === '') return undefined;
  const value = Number(text);
  // Beyond the last date there is, or milliseconds.
  if (Number.isFinite(value)) return Math.abs(value) < DATES_TO ? value : undefined;
  const date = /^\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:?\d{2})$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : date / 1000;
}

function short(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

function rowsOf(name: string, text: string): Row[] {
  try {
    const read = (cells: string[], { lines: line }: { readonly lines: number }): Row => ({ cells, line });
    // What `on_record` gives is what there is, whatever the types say. One more than may be: it is told below.
    const rows = parse(text, { ...FORMAT, to: MOST_JOBS + 2, on_record: read as never }) as unknown as Row[];
    requireFew(name, rows.length - 1);
    return rows;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw badWorkload(name, Number(error['lines'] ?? 1), `it is not CSV: ${error.message.split('\n')[0] ?? ''}`);
  }
}
