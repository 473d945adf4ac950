import { validationError } from '../aws-error.ts';
import { isObject, text } from '../json.ts';
import type { Realm } from '../world.ts';
import { evaluate, type Scope } from './evaluate.ts';
import { findExport, importersOf, type Output, type Stack, type Target } from './stack.ts';

export function outputsOf({ template, conditions }: Target, scope: Scope): Output[] {
  return Object.entries(template.outputs).flatMap(([key, output]): Output[] => {
    const condition = text(output['Condition']);
    if (condition !== undefined && conditions.get(condition) !== true) return [];
    const value = text(evaluate(output['Value'] ?? null, scope));
    if (value === undefined)
      throw validationError(
        `Template format error: The Value field of every Outputs member must evaluate to a String.`,
      );
    const exported = isObject(output['Export']) ? evaluate(output['Export']['Name'] ?? null, scope) : undefined;
    return [{ key, value, description: text(output['Description']), exportName: text(exported) }];
  });
}

/** Why the stack can't have these outputs: an export of another stack's name, or one in use that changes or goes. */
export function checkExports(realm: Realm, stack: Stack, next: readonly Output[]): string | undefined {
  for (const { exportName } of next) {
    if (exportName === undefined) continue;
    const owner = findExport(realm, exportName)?.stack;
    if (owner !== undefined && owner !== stack)
      return `Export with name ${exportName} is already exported by stack ${owner.name}`;
  }
  for (const { exportName, value } of stack.outputs) {
    if (exportName === undefined) continue;
    const users = importersOf(realm, exportName)
      .filter((user) => user !== stack)
      .map(({ name }) => name);
    const kept = next.find((output) => output.exportName === exportName);
    if (users.length === 0 || kept?.value === value) continue;
    const verb = kept === undefined ? 'delete' : 'update';
    return `Cannot ${verb} export ${exportName} as it is in use by ${users.join(' and ')}.`;
  }
  return undefined;
}
