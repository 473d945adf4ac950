import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sha256Of } from './digest.ts';
import type { Job } from './job.ts';
import { type Log, wordsOf } from './log.ts';
import type { Downloads } from './ports.ts';
import type { WorkerConfig } from './worker-config.ts';

/** Where a job is done. The command starts in `work`, and may remove all that is there: nothing else is. */
export interface JobFolder {
  readonly root: string;
  readonly work: string;
  readonly job: string;
  readonly output: string;
  readonly errors: string;
  readonly result: string;
}

/** @param parent where jobs have their folders */
export async function makeJobFolder(parent: string): Promise<JobFolder> {
  const root = await mkdtemp(join(parent, 'tandem-job-'));
  const at = (name: string): string => join(root, name);
  await mkdir(at('work'), { mode: 0o700 });
  return {
    ...{ root, work: at('work'), job: at('job.json'), output: at('output') },
    ...{ errors: at('errors'), result: at('result') },
  };
}

/** Folders that the job has closed to itself are opened first. What can't be removed is no fault of the job, and tried again by the next agent. */
export async function removeJobFolder({ root }: JobFolder, log: Log): Promise<void> {
  const remove = (): Promise<void> => rm(root, { recursive: true, force: true });
  try {
    await remove().catch(async () => {
      await promisify(execFile)('chmod', ['-R', 'u+rwx', root]).catch(() => undefined);
      await remove();
    });
  } catch (error) {
    log('warn', 'folder of the job not removed', { folder: root, why: wordsOf(error) });
  }
}

/** The body as the command reads it. @throws Error where a large one is not what was submitted */
export async function writeBody({ id, text, body }: Job, file: string, from: Downloads, bucket: string): Promise<void> {
  if (body === undefined) {
    await writeFile(file, text);
    return;
  }
  await from.fetch(bucket, body.key, file);
  const found = await sha256Of(file);
  if (found !== body.sha256)
    throw new Error(`the body of ${id} has the SHA-256 ${found}, and should have ${body.sha256}`);
}

/** What a job's command is told. */
export function jobEnvironment(
  config: WorkerConfig,
  { id }: Job,
  queue: string,
  folder: JobFolder,
): Record<string, string> {
  return {
    AWS_REGION: config.region,
    TANDEM_CLUSTER: config.cluster,
    TANDEM_QUEUE: queue,
    TANDEM_JOB_ID: id,
    TANDEM_JOB_FILE: folder.job,
    TANDEM_RESULT_FILE: folder.result,
    TANDEM_BUCKET: config.bucket,
    TANDEM_DOCUMENTS_PREFIX: config.documentsPrefix,
    TANDEM_PROGRAM_VERSION: config.program.version,
  };
}
