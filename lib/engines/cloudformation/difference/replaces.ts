import { fullDiff, ResourceImpact } from '@aws-cdk/cloudformation-diff';
import type { Replaces } from './consequences.ts';

const known = new Map<string, ReturnType<Replaces>>();

/** As the resource specification says, which `fullDiff` asks. */
export const replaces: Replaces = (type, property) => {
  const key = `${type} ${property}`;
  const found = known.get(key) ?? ask(type, property);
  known.set(key, found);
  return found;
};

function ask(type: string, property: string): ReturnType<Replaces> {
  const at = (value: string) => ({ Resources: { R: { Type: type, Properties: { [property]: value } } } });
  const impact = fullDiff(at('before'), at('after')).resources.get('R').changeImpact;
  if (impact === ResourceImpact.WILL_REPLACE) return 'yes';
  return impact === ResourceImpact.MAY_REPLACE ? 'maybe' : 'no';
}
