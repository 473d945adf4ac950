import type { StackId } from '../../../lib/stack/id.ts';
import type { StackRecord } from '../../../lib/state/record.ts';

export function record(stack: StackId, commit = ''): StackRecord {
  return {
    ...{ format: 'tandem.record/1', stack, engine: 'terraform', digest: 'sha256:1', artefact: '{}', commit },
    ...{ files: ['config/dev/alice.yaml'], at: '2026-11-21T00:00:00.000Z', by: 'ops@example' },
  };
}
