import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { demandOf } from '../../lib/simulate/measure/demand.ts';
import { optimumOf } from '../../lib/simulate/measure/optimum.ts';
import { readCsv } from '../../lib/simulate/workload/csv.ts';
import { MADE_WORKLOADS } from '../../lib/simulate/workload/made.ts';
import { readSwf } from '../../lib/simulate/workload/swf.ts';
import type { Workload } from '../../lib/simulate/workload/workload.ts';
import { slice } from '../../test/lib/simulate/workload/slice.ts';

const DAY = 86_400;
/** Days of the log of NASA that are judged on: from its second week on, when its machine was in use. */
const NASA_DAYS = { from: 7, to: 35 };

/** A workload to judge policies on, and the instances that it runs on. */
export interface Trace {
  readonly workload: Workload;
  /** Jobs that an instance does at once. */
  readonly slots: number;
}

export type TraceName = (typeof TRACE_NAMES)[number];
export const TRACE_NAMES = ['nasa', 'surf', 'profile-growth', 'social-week', 'burst'] as const;

const FILES: Readonly<Record<string, string>> = {
  nasa: 'NASA-iPSC-1993-3.1-cln.swf.gz',
  surf: 'surf-week.csv.gz',
};

/** Folder of the real traces: they are read in place, and are no part of the project. */
const folder = (): string => process.env['TANDEM_TRACES'] ?? '';

/** Why the traces cannot be read; undefined where they can. */
export function whyNoTraces(): string | undefined {
  const missing = Object.values(FILES).find((file) => !existsSync(join(folder(), file)));
  return missing === undefined ? undefined : `TANDEM_TRACES names no folder with ${missing}`;
}

export function traceOf(name: TraceName): Trace {
  if (name === 'nasa')
    return { workload: slice(readSwf(name, read(name)), NASA_DAYS.from * DAY, NASA_DAYS.to * DAY), slots: 1 };
  // Nodes of 16 processors.
  if (name === 'surf') return { workload: readCsv(name, read(name)), slots: 16 };
  return { workload: MADE_WORKLOADS[name](1), slots: 1 };
}

function read(name: keyof typeof FILES): string {
  return gunzipSync(readFileSync(join(folder(), FILES[name] ?? ''))).toString('utf8');
}

/** Instances that the jobs of a trace keep busy, on average. */
export function meanLoad({ workload: { seconds, span }, slots }: Trace): number {
  return seconds.reduce((sum, each) => sum + each, 0) / span / slots;
}

/** Instance time of the best schedule without a wait, launches included, in times of what the jobs took. */
export function leastCost(trace: Trace, maximum: number, launchSeconds: number): number {
  const { workload, slots } = trace;
  const { instances, slotSeconds } = demandOf(workload, { slots, maximum });
  return (optimumOf(instances, launchSeconds / slotSeconds).cost * slotSeconds) / (meanLoad(trace) * workload.span);
}
