import type { Problem } from '../diagnostic.ts';
import type { RuleInput } from './rule.ts';
import { unknownName } from './unknown-name.ts';

/** Environments come after others that exist, and in no circle. */
export function checkLadders({ environments, names }: RuleInput): Problem[] {
  const problems: Problem[] = [];
  for (const { name, value, origin } of environments.values()) {
    const before = value.after?.environment;
    if (before === undefined) continue;
    const at = origin.at('after', 'environment');
    // What only others extend is no environment; what has errors of its own is one.
    const isBase = [...environments.values()].some(({ file, origin: from }) =>
      from.files.some((each) => each !== file && each === `config/environments/${before}.yaml`),
    );
    if (!environments.has(before) && (isBase || !names.environment.has(before))) {
      problems.push(
        unknownName(
          at,
          'environment',
          before,
          [...environments.keys()].filter((each) => each !== name),
        ),
      );
      continue;
    }
    const above = new Set<string>();
    for (let next: string | undefined = before; next !== undefined && !above.has(next); )
      next = environments.get((above.add(next), next))?.value.after?.environment;
    if (!above.has(name)) continue;
    const message = `got "${before}", which comes after ${name} itself; neither could ever be deployed`;
    problems.push(at.problem('ladder-in-circle', message, 'remove `after` from one of them'));
  }
  return problems;
}
