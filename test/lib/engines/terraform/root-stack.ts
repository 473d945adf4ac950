import type { StackId } from '../../../../lib/stack/id.ts';
import { digestOf, type SynthesizedStack } from '../../../../lib/stack/synthesized.ts';

/** A stack whose artefact is this Terraform root, and that stands on nothing else. */
export function rootStack(id: StackId, root: object): SynthesizedStack {
  const text = JSON.stringify(root);
  return {
    id,
    engine: 'terraform',
    dependsOn: [],
    unresolvedInputs: [],
    files: [],
    target: {},
    citations: {},
    text,
    digest: digestOf(text),
  };
}
