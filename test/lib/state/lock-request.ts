import { hostname } from 'node:os';
import type { LockRequest } from '../../../lib/state/lock.ts';
import { identifyProcess } from '../../../lib/state/process.ts';

/** What this process asks for, with something else where that is given. */
export function lockRequest(given: Partial<LockRequest> & Pick<LockRequest, 'stack'>): LockRequest {
  const who = { owner: 'ops@example', host: hostname(), ...identifyProcess() };
  return { ...who, verb: 'deploy', operation: 'operation', ...given };
}
