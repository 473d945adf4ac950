import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { queueOf } from '../../jobs/cluster.ts';
import { type JobSource, sourcesOf } from '../../jobs/read-input.ts';
import { isJobId } from '../../jobs/read-job.ts';
import { type Submitted, submitJobs } from '../../jobs/submit.ts';
import { type ActionContext, progressOf } from '../context.ts';
import { usage } from '../errors.ts';
import { withJobs } from './with-jobs.ts';

export interface SubmitOptions {
  readonly environment: string;
  /** Files and folders; `-` is standard input. */
  readonly inputs: readonly string[];
  readonly queue?: string | undefined;
  /** Stands before each id. */
  readonly idPrefix?: string | undefined;
  readonly stdin: Readable & { readonly isTTY?: boolean };
}

export interface SubmitResult extends Submitted {
  readonly environment: string;
  readonly queue: string;
  readonly seconds: number;
}

/** Sends jobs to an environment's cluster, each once. @throws TandemError `usage`, and those of `submitJobs` */
export async function submit(context: ActionContext, options: SubmitOptions): Promise<SubmitResult> {
  const { environment, queue: name, idPrefix = '', stdin } = options;
  if (idPrefix !== '' && !isJobId(idPrefix))
    throw usage(
      `--id-prefix: got "${idPrefix}"`,
      'write letters, digits, ".", "_" and "-", the first one a letter or a digit',
    );
  const inputs = options.inputs.length === 0 && stdin.isTTY !== true ? ['-'] : options.inputs;
  if (inputs.length === 0) throw usage('no jobs are named', 'name files or folders with jobs, or - for standard input');
  const folder = mkdtempSync(join(tmpdir(), 'tandem-jobs-'));
  try {
    const sources = await sourcesFrom(inputs, stdin, join(folder, 'stdin'));
    return await withJobs(context, environment, async ({ cluster, by, keepSeconds }) => {
      const queue = queueOf(cluster.places, environment, name);
      const started = performance.now();
      const submitted = await submitJobs(cluster, {
        ...{ sources, queue, idPrefix, by, keepSeconds, now: context.now, signal: context.signal },
        onProgress: (what, done, total) => progressOf(context, what)(done, total),
      });
      return { environment, queue: queue.name, ...submitted, seconds: (performance.now() - started) / 1000 };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Jobs are read several times, which a pipe can't be: it is copied, to a folder of this user alone. */
async function sourcesFrom(inputs: readonly string[], stdin: Readable, copy: string): Promise<JobSource[]> {
  const sources: JobSource[] = [];
  for (const input of new Set(inputs)) {
    if (input !== '-') {
      sources.push(...(await sourcesOf([input])));
      continue;
    }
    await pipeline(stdin, createWriteStream(copy, { mode: 0o600 }));
    sources.push({ file: copy, name: 'standard input' });
  }
  return sources;
}
