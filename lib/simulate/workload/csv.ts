import { badWorkload } from '../errors.ts';
import { type TracedJob, type Workload, workloadOf } from './workload.ts';

export function readCsv(name: string, text: string): Workload {
  const [head = '', ...lines] = text.trim().split('\n');
  const columns = head.trim().toLowerCase().split(',');
  const column = (...names: string[]): number => columns.findIndex((each) => names.includes(each));
  const [at, seconds, size] = [column('submit_s', 'time'), column('duration_s', 'duration'), column('cpus', 'size')];
  if (at < 0 || seconds < 0) throw badWorkload(name, 1, 'the first line names no columns time and duration');
  const jobs: TracedJob[] = [];
  for (const [index, line] of lines.entries()) {
    const cells = line.split(',').map(Number);
    const job = { at: cells[at], seconds: cells[seconds], size: size < 0 ? 1 : cells[size] };
    if ([job.at, job.seconds, job.size].some((each) => each === undefined || !Number.isFinite(each)))
      throw badWorkload(name, index + 2, 'a cell is no number');
    if ((job.seconds ?? 0) > 0) jobs.push(job as TracedJob);
  }
  return workloadOf(name, jobs);
}
