import { badWorkload } from '../errors.ts';
import { type TracedJob, type Workload, workloadOf } from './workload.ts';

/** Fields of a line, from 0 on (Parallel Workloads Archive, "The Standard Workload Format", version 2.2). */
const SUBMIT = 1;
const RUN = 3;
const PROCESSORS = 4;

/**
 * A log in Standard Workload Format: a job of several processors is as many jobs of its duration. Those without a duration, or of no
 * processor, were cancelled before they ran and are left out.
 * @throws TandemError `bad-workload`
 */
export function readSwf(name: string, text: string): Workload {
  const jobs: TracedJob[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith(';')) continue;
    const fields = trimmed.split(/\s+/).map(Number);
    const [at, seconds, size] = [fields[SUBMIT], fields[RUN], fields[PROCESSORS]];
    if (at === undefined || seconds === undefined || size === undefined || !fields.slice(0, 5).every(Number.isFinite))
      throw badWorkload(name, index + 1, 'it does not have the fields of the Standard Workload Format');
    if (seconds > 0 && size > 0) jobs.push({ at, seconds, size: Math.ceil(size) });
  }
  return workloadOf(name, jobs);
}
