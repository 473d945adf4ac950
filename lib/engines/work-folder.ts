import { join } from 'node:path';
import { artefactName, type StackId } from '../stack/id.ts';

/**
 * Where an engine runs for a stack: as deep below the project as `cdktf.out/stacks/<name>`, since Terraform's artefacts name the state
 * by a relative path.
 * @param readOnly whoever only looks has a folder beside that of an operation at work
 */
export function workFolder(root: string, stack: StackId, readOnly = false): string {
  return join(root, '.tandem', readOnly ? 'look' : 'work', artefactName(stack));
}
