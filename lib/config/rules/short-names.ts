import type { Problem } from '../diagnostic.ts';
import type { RuleInput } from './rule.ts';

/** `tandem deploy paris` must mean one thing: no environment has a cloud's name. */
export function checkShortNames({ environments, names }: RuleInput): Problem[] {
  return [...environments.values()]
    .filter((environment) => names.cloud.has(environment.name))
    .map((environment) => ({
      code: 'ambiguous-name',
      severity: 'error',
      file: environment.file,
      line: 1,
      column: 1,
      path: '',
      message: `got the name "${environment.name}"; a cloud has it too, and commands could not tell them apart`,
      fix: 'rename one of the two files',
    }));
}
