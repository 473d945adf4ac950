import { hasUnknown } from './evaluate.ts';
import { schemaOf } from './schema.ts';
import { checkProperties } from './schema-check.ts';
import type { ResourceChange, ValidationProblem } from './stack.ts';

/** What the schemas say against the properties that a change set would set. */
export function earlyProblems(changes: readonly ResourceChange[]): ValidationProblem[] {
  return changes.flatMap(({ logicalId, type, after }): ValidationProblem[] => {
    const schema = schemaOf(type);
    if (schema === undefined || after === undefined) return [];
    return checkProperties(schema, after, hasUnknown).map(({ path, message }) => ({
      logicalId,
      type,
      path: `/Resources/${logicalId}/Properties${path.slice(1)}`,
      message,
    }));
  });
}
