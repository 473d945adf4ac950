import type { ConfigPath } from '../../config/origin.ts';
import type { Cloud } from '../../config/schema/cloud.ts';
import { Expression } from './expression.ts';
import type { Setting } from './tree.ts';

type Variables = NonNullable<Cloud['kolla']>['globals'];

/** Variables that the configuration passes on, each citing its own value. */
export function settingsOf(variables: Variables, path: ConfigPath): Setting[] {
  return Object.entries(variables).map(([key, value]) => ({
    key,
    value: typeof value === 'object' ? new Expression(value.expression) : value,
    from: [...path, key],
  }));
}

/** Settings with others in the place of those with the same key, and the rest behind. */
export function replaced(settings: readonly Setting[], others: readonly Setting[]): Setting[] {
  const byKey = new Map(others.map((each) => [each.key, each]));
  const known = new Set(settings.map(({ key }) => key));
  return [...settings.map((each) => byKey.get(each.key) ?? each), ...others.filter(({ key }) => !known.has(key))];
}
