import { readResult, resultFacts, saveResult } from '../../jobs/result.ts';
import { type ActionContext, progressOf } from '../context.ts';
import type { ResultOf } from '../result-of.ts';
import type { resultSchema } from './schema.ts';
import { withJobs } from './with-jobs.ts';

export interface ResultOptions {
  readonly environment: string;
  readonly id: string;
  /** Where to write it. @default - `write` takes it */
  readonly out?: string | undefined;
  /** Replaces the file. @default false */
  readonly force?: boolean;
  /** Takes the pieces where no file is named; false ends it. @default - the result is not fetched */
  readonly write?: (chunk: Uint8Array) => Promise<boolean>;
}

export type ResultResult = ResultOf<typeof resultSchema>;

/** Fetches a result. @throws TandemError `no-result`, `no-such-job`, `file-exists`, `result-changed`, `aws-…` */
export async function result(context: ActionContext, options: ResultOptions): Promise<ResultResult> {
  const { environment, id, out: file, force: replace = false, write } = options;
  return await withJobs(context, environment, async ({ cluster }) => {
    const facts = await resultFacts(cluster, id);
    const { size, writtenAt } = facts;
    const common = { environment, id, size, writtenAt };
    if (file === undefined) {
      if (write !== undefined)
        for await (const chunk of readResult(cluster, facts, 0)) if (!(await write(chunk))) break;
      return { ...common, file: null, sha256: null, resumedAt: 0 };
    }
    const onProgress = progressOf(context, `fetching the result of ${id}, in bytes`);
    const saved = await saveResult(cluster, facts, { file, replace, signal: context.signal, onProgress });
    return { ...common, ...saved, file };
  });
}
