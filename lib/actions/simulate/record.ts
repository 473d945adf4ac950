import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { toAwsError } from '../../aws-api/aws-error.ts';
import { TandemError } from '../../errors/tandem-error.ts';
import { isMissing, writeFileAtomic } from '../../fs/files.ts';
import { requireNoLinks } from '../../fs/trusted.ts';
import { nothingSent, notRecorded } from '../../simulate/record/errors.ts';
import type { MeasuredWait } from '../../simulate/record/read-metrics.ts';
import {
  formatRecording,
  type Gap,
  joinRecordings,
  parseRecording,
  periodOf,
  type Recording,
} from '../../simulate/record/recording.ts';
import type { ActionContext } from '../context.ts';
import { withFleet } from '../fleet/open.ts';

export interface RecordOptions {
  readonly environment: string;
  /** How far back. @default 14, of which CloudWatch keeps every minute; at most 63, from 16 on by five minutes */
  readonly days?: number | undefined;
}

export interface RecordResult {
  readonly kind: 'record';
  readonly environment: string;
  /** Below the project. */
  readonly file: string;
  /** Whether an earlier recording was there; what it told of other times is kept. */
  readonly isJoined: boolean;
  /** What the file is of now, in seconds since 1970. */
  readonly period: Gap;
  readonly jobs: number;
  /** Times without figures: no job came, or nobody told. */
  readonly gaps: readonly Gap[];
  /** What jobs really waited, day by day, of the time that was read. */
  readonly waits: readonly MeasuredWait[];
}

const DEFAULT_DAYS = 14;

/** Where the recorded workload of an environment is, below the project. */
export function workloadFileOf(environment: string): string {
  return join('config', 'workloads', `${environment}.csv`);
}

/**
 * Takes the workload of a running cluster from CloudWatch, and writes it beside the configuration: how many jobs came in each minute, and
 * how long jobs ran; nothing of what they are.
 * @throws TandemError `nothing-sent`, `workload-not-recorded`, and those of `withFleet`
 */
export async function record(
  context: ActionContext,
  { environment, days = DEFAULT_DAYS }: RecordOptions,
): Promise<RecordResult> {
  const { readRecording } = await import('../../simulate/record/read-metrics.ts');
  const file = join(context.root, workloadFileOf(environment));
  requireNoLinks(context.root, file);
  const { recording, waits } = await withFleet(context, environment, async ({ clients, place: { parts, now } }) => {
    try {
      const { cloudWatch } = clients.looking;
      return await readRecording({ ...{ cloudWatch, parts, environment, days }, now: now() });
    } catch (error) {
      throw error instanceof TandemError ? error : toAwsError('cloudwatch:GetMetricData', error);
    }
  });
  if (recording.rows.every(({ jobs }) => jobs === 0)) throw nothingSent(environment, days);
  const earlier = earlierIn(file, environment, relative(context.root, file));
  const whole = earlier === undefined ? recording : joinRecordings(earlier, recording);
  mkdirSync(dirname(file), { recursive: true });
  writeFileAtomic(file, formatRecording(whole));
  return {
    kind: 'record',
    environment,
    file: relative(context.root, file),
    isJoined: earlier !== undefined,
    period: periodOf(whole) ?? { from: 0, to: 0 },
    jobs: whole.rows.reduce((sum, { jobs }) => sum + jobs, 0),
    ...{ gaps: whole.gaps, waits },
  };
}

function earlierIn(file: string, environment: string, shown: string): Recording | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  const earlier = parseRecording(environment, text);
  if (earlier === undefined) throw notRecorded(shown);
  return earlier;
}
