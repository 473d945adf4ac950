import { CsvError, type Info, parse } from 'csv-parse/sync';
import { badWorkload } from '../errors.ts';
import { type Rate, workloadOfRates } from './rates.ts';
import { type TracedJob, type Workload, workloadOf } from './workload.ts';

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
  readonly line: number;
  readonly number: (column: Column, least: number) => number | undefined;
  /** Seconds since 1970, or since whatever the file counts from. */
  readonly time: number;
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
  const [head, ...records] = recordsOf(name, text);
  const names = head?.record.map((each) => each.trim().toLowerCase()) ?? [];
  const at = (column: Column): number => names.findIndex((each) => COLUMNS[column].some((known) => known === each));
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
  const rows = records.map((each): Row => {
    const cell = (column: Column): string => (at(column) < 0 ? '' : (each.record[at(column)] ?? '').trim());
    const number = (column: Column, least: number): number | undefined => {
      const text = cell(column);
      const value = Number(text);
      if (text === '') return undefined;
      if (!Number.isFinite(value) || value < least)
        throw fault(each.line, `${COLUMNS[column][0]} is "${short(text)}", where a number from ${least} is expected`);
      return value;
    };
    const time = timeOf(cell('time'));
    if (time === undefined)
      throw fault(
        each.line,
        `time is "${short(cell('time'))}", where seconds or a date like 2026-11-02T08:00:00Z are expected`,
      );
    return { line: each.line, time, number };
  });
  const missing = (row: Row, column: Column) => fault(row.line, `${COLUMNS[column][0]} is missing`);
  const begin = rows.some(({ time }) => time > DATES_FROM) ? Math.min(...bounds(rows)) : undefined;
  if (!isRates) {
    const jobs = rows.flatMap((row): TracedJob[] => {
      const seconds = row.number('duration', 0);
      if (seconds === undefined) throw missing(row, 'duration');
      const job = { at: row.time, seconds, size: Math.ceil(row.number('size', 0) ?? 1) };
      return seconds > 0 ? [job] : [];
    });
    return { ...workloadOf(name, jobs), ...beginOf(begin) };
  }
  const rates = rows.map((row): Rate => {
    const [jobs, meanSeconds = jobSeconds] = [row.number('jobs', 0), row.number('mean', 0)];
    if (jobs === undefined) throw missing(row, 'jobs');
    return { at: row.time, jobs, meanSeconds, p95Seconds: row.number('p95', 0) };
  });
  const unordered = rows.find(({ time }, index) => index > 0 && time <= (rows[index - 1]?.time ?? 0));
  if (unordered !== undefined) throw fault(unordered.line, 'its time is not after that of the line before');
  return { ...workloadOfRates(name, rates, seed), ...beginOf(begin) };
}

const FORMAT = { bom: true, comment: '#', skip_empty_lines: true } as const;

interface InfoRecord {
  readonly record: string[];
  readonly info: Info;
}

/** 1 January 2000: a time from then on counts from 1970, and schedules go by it. */
const DATES_FROM = 946_684_800;

function beginOf(seconds: number | undefined): { readonly begin?: number } {
  return seconds === undefined ? {} : { begin: seconds * 1000 };
}

/** The least time; an array of millions is too long for arguments. */
function bounds(rows: readonly Row[]): number[] {
  return [rows.reduce((least, { time }) => Math.min(least, time), Infinity)];
}

function timeOf(text: string): number | undefined {
  if (text === '') return undefined;
  const value = Number(text);
  if (Number.isFinite(value)) return value;
  const date = /^\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:?\d{2})$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : date / 1000;
}

function short(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

function recordsOf(name: string, text: string): { readonly record: string[]; readonly line: number }[] {
  try {
    // With `info`, records are what its types call so for callbacks only.
    return (parse(text, { ...FORMAT, info: true }) as unknown as InfoRecord[]).map(({ record, info }) => ({
      record,
      line: info.lines,
    }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw badWorkload(name, Number(error['lines'] ?? 1), `it is not CSV: ${error.message.split('\n')[0] ?? ''}`);
  }
}
