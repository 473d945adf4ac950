import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { cannotReadJobs, lineTooLong } from './errors.ts';
import { JobReader, MOST_BYTES, NotAJob, parseExactly, type ReadJob } from './read-job.ts';

/** What a text in memory may have. */
const MOST_ARRAY_BYTES = 256 * 1024 * 1024;

/** Where the jobs of a submission are. */
export interface JobSource {
  readonly file: string;
  /** What people call it: `standard input`. */
  readonly name: string;
}

/** One job of a source, or why it is none. */
export interface Entry {
  /** `jobs.jsonl:3`, `jobs.json: element 3`. */
  readonly where: string;
  readonly job: ReadJob | undefined;
  readonly problem: string | undefined;
}

/** Files as they are; of a folder, those that end in `.json`, `.jsonl` or `.ndjson`, sorted by name. @throws TandemError `cannot-read-jobs` */
export async function sourcesOf(paths: readonly string[]): Promise<JobSource[]> {
  const all: JobSource[] = [];
  for (const path of paths) {
    try {
      if (!(await stat(path)).isDirectory()) {
        all.push({ file: path, name: path });
        continue;
      }
      const names = (await readdir(path)).filter((name) => /\.(?:json|jsonl|ndjson)$/i.test(name)).sort();
      all.push(...names.map((name) => ({ file: join(path, name), name: join(path, name) })));
    } catch (error) {
      throw cannotReadJobs(path, error);
    }
  }
  return all;
}

/**
 * The jobs of all sources: JSON lines, a JSON array, or one object over several lines. A file is never whole in memory, unless it is
 * an array or one object.
 * @throws TandemError `cannot-read-jobs`, `line-too-long`
 */
export async function* readEntries(sources: readonly JobSource[], idPrefix: string): AsyncIterable<Entry> {
  const reader = new JobReader(idPrefix);
  const seen = new Map<string, string>();
  for (const source of sources) {
    for await (const { where, read } of valuesOf(source)) {
      try {
        const job = reader.read(read());
        const first = seen.get(job.id);
        if (first !== undefined)
          throw new NotAJob(`got the id "${job.id}", which ${first} has too; write another one, or leave it out`);
        seen.set(job.id, where);
        yield { where, job, problem: undefined };
      } catch (error) {
        if (!(error instanceof NotAJob)) throw error;
        yield { where, job: undefined, problem: error.message };
      }
    }
  }
}

interface Value {
  readonly where: string;
  /** @throws NotAJob */
  readonly read: () => unknown;
}

async function* valuesOf({ file, name }: JobSource): AsyncIterable<Value> {
  let isFirst = true;
  for await (const { line, bytes } of linesOf(file, name)) {
    if (isFirst) {
      isFirst = false;
      const whole = await wholeOf(file, name, bytes);
      if (whole !== undefined) {
        yield* whole;
        return;
      }
    }
    yield { where: `${name}:${line}`, read: () => parseExactly(textOf(bytes)) };
  }
}

/** The values of a file that does not begin like lines of JSON: an array, or one object over several lines. */
async function wholeOf(file: string, name: string, firstLine: Buffer): Promise<Value[] | undefined> {
  const start = firstLine.toString('utf8').trimStart();
  const isArray = start.startsWith('[');
  if (!isArray && (!start.startsWith('{') || succeeds(() => parseExactly(start)))) return undefined;
  const { size } = await stat(file);
  // Several objects over several lines are told line by line what they are to be.
  if (!isArray && size > MOST_BYTES) return undefined;
  if (size > MOST_ARRAY_BYTES) {
    const why = `got an array of ${size} bytes, and one has ${MOST_ARRAY_BYTES} at most; write one JSON object a line (\`jq -c '.[]'\` makes lines of an array)`;
    return [refused(name, why)];
  }
  const bytes = await readFile(file).catch((error: unknown) => {
    throw cannotReadJobs(name, error);
  });
  try {
    const value = parseExactly(textOf(bytes));
    if (!Array.isArray(value)) return [{ where: name, read: () => value }];
    return value.map((element: unknown, index) => ({ where: `${name}: element ${index + 1}`, read: () => element }));
  } catch (error) {
    if (!isArray || !(error instanceof NotAJob)) return undefined;
    return [refused(name, error.message)];
  }
}

function refused(where: string, why: string): Value {
  return {
    where,
    read: () => {
      throw new NotAJob(why);
    },
  };
}

/** Lines that are not blank, as bytes: what is not UTF-8 is told where it is a job's. */
async function* linesOf(file: string, name: string): AsyncIterable<{ readonly line: number; readonly bytes: Buffer }> {
  let line = 0;
  let rest: Buffer[] = [];
  let held = 0;
  const end = (last: Buffer): Buffer => {
    const whole = rest.length === 0 ? last : Buffer.concat([...rest, last]);
    [rest, held] = [[], 0];
    line += 1;
    return whole;
  };
  try {
    for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
      let from = 0;
      for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, from)) {
        const bytes = end(chunk.subarray(from, at));
        from = at + 1;
        if (!isBlank(bytes)) yield { line, bytes };
      }
      if (from < chunk.length) rest.push(chunk.subarray(from));
      held += chunk.length - from;
      if (held > MOST_ARRAY_BYTES) throw lineTooLong(name, line + 1, MOST_ARRAY_BYTES);
    }
  } catch (error) {
    if (isSystemError(error)) throw cannotReadJobs(name, error);
    throw error;
  }
  const bytes = end(Buffer.alloc(0));
  if (!isBlank(bytes)) yield { line, bytes };
}

/** Without a byte order mark. @throws NotAJob */
function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new NotAJob('got bytes that are not UTF-8; write the file in UTF-8');
  }
}

function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 32 || byte === 13 || byte === 9);
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

function succeeds(action: () => unknown): boolean {
  try {
    action();
    return true;
  } catch {
    return false;
  }
}
