import type { SynthesizedStack } from '../../stack/synthesized.ts';
import { parseRoot } from './difference/root.ts';

/**
 * What a stack is given, as Terraform reads variables from its environment. What nobody knows any more is empty: a removal makes nothing
 * of it, and Terraform asks for it all the same. Pure.
 * @param isRemoval - Whether values may be missing
 */
export function variablesOf(
  { text, given = {} }: Pick<SynthesizedStack, 'text' | 'given'>,
  isRemoval: boolean,
): Record<string, string> {
  const variables = [...parseRoot(text).blocks.values()].filter(({ kind }) => kind === 'variable');
  return Object.fromEntries(
    variables.flatMap(({ address, body }) => {
      const name = address.slice('variable.'.length);
      const value = given[name] ?? (isRemoval && body['default'] === undefined ? '' : undefined);
      return value === undefined ? [] : [[`TF_VAR_${name}`, value]];
    }),
  );
}
