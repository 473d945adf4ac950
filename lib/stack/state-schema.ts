import { createHash } from 'node:crypto';
import { artefactName, type StackId } from './id.ts';

/** PostgreSQL's longest name. */
const LONGEST = 63;

/** The schema of a stack's state: one each, since Terraform locks and keeps states by schema. Long names end in a digest. */
export function stateSchema(schema: string, stack: StackId): string {
  const name = `${schema}_${artefactName(stack)}`.replaceAll('-', '_');
  if (name.length <= LONGEST) return name;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.slice(0, LONGEST - 9)}_${digest}`;
}
