import type { StackRecord } from '../state/record.ts';
import type { DeployPorts, Target } from './ports.ts';

/** What is recorded of a stack after it was applied. @param operation - Of the journal */
export function recordOf(
  ports: Pick<DeployPorts, 'commit' | 'now' | 'actor'>,
  { stack }: Target,
  operation: string,
): StackRecord {
  return {
    format: 'tandem.record/1',
    stack: stack.id,
    engine: stack.engine,
    digest: stack.digest,
    artefact: stack.text,
    commit: ports.commit,
    files: [...stack.files],
    target: stack.target,
    operation,
    at: ports.now().toISOString(),
    by: ports.actor.by,
  };
}
