import { boundedName } from '../text/bounded-name.ts';
import { artefactName, type StackId } from './id.ts';

/** PostgreSQL's longest name. */
const LONGEST = 63;

/** The schema of a stack's state: one each, since Terraform locks and keeps states by schema. Long names end in a digest. */
export function stateSchema(schema: string, stack: StackId): string {
  return boundedName(`${schema}_${artefactName(stack)}`.replaceAll('-', '_'), LONGEST, '_');
}
