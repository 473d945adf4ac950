import { ResourceImpact } from '@aws-cdk/cloudformation-diff';
import { diffResource } from '@aws-cdk/cloudformation-diff/lib/diff/index.js';
import type { Replaces } from './consequences.ts';

const known = new Map<string, ReturnType<Replaces>>();

/** As the resource specification says, which `diffResource` asks. */
export const replaces: Replaces = (type, property) => {
  const key = `${type} ${property}`;
  const found = known.get(key) ?? ask(type, property);
  known.set(key, found);
  return found;
};

function ask(type: string, property: string): ReturnType<Replaces> {
  const at = (value: string) => ({ Type: type, Properties: { [property]: value } });
  const impact = diffResource(at('before'), at('after')).changeImpact;
  if (impact === ResourceImpact.WILL_REPLACE) return 'yes';
  return impact === ResourceImpact.MAY_REPLACE ? 'maybe' : 'no';
}
