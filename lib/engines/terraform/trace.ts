import { readFileSync } from 'node:fs';
import type { Fault } from '../errors.ts';

/**
 * Has the provider tell each request and answer into a file, where request ids stand: its errors leave them out. The provider masks
 * passwords and tokens there, but not user data: the file lies with the plan, in memory, and is gone with it.
 */
export function traceVariables(file: string): Record<string, string> {
  return { OS_DEBUG: '1', TF_LOG_PROVIDER: 'DEBUG', TF_LOG_PATH: file };
}

/** Faults with the request ids that a trace tells for answers of their status. */
export function withRequestIds(faults: readonly Fault[], file: string): Fault[] {
  let trace: string;
  try {
    trace = readFileSync(file, 'utf8');
  } catch {
    return [...faults];
  }
  const ids = requestIdsIn(trace);
  return faults.map((fault) => ({ ...fault, requestId: fault.requestId || (ids.get(fault.status)?.pop() ?? '') }));
}

/** By status: request ids of the answers that said no, in their order. Pure. */
export function requestIdsIn(trace: string): Map<number, string[]> {
  const ids = new Map<number, string[]>();
  const answers = trace.split(/OpenStack Response Code: /).slice(1);
  for (const answer of answers) {
    const status = Number(/^\d{3}/.exec(answer)?.[0]);
    const id = /^X-(?:Openstack|Compute)-Request-Id: (req-[0-9a-f-]{36})/im.exec(answer)?.[1];
    if (status < 400 || id === undefined) continue;
    ids.set(status, [...(ids.get(status) ?? []), id]);
  }
  return ids;
}
