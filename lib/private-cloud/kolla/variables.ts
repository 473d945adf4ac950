import type { ConfigPath } from '../../config/origin.ts';
import type { Cloud } from '../../config/schema/cloud.ts';
import type { Structure } from '../../config/schema/cloud-kolla.ts';
import { Expression, type Value } from './expression.ts';
import type { Setting } from './tree.ts';

type Variables = NonNullable<Cloud['kolla']>['globals'];

/** Variables that the configuration passes on, each citing its own value. */
export function settingsOf(variables: Variables, path: ConfigPath): Setting[] {
  return Object.entries(variables).map(([key, value]) => ({
    key,
    value: valueOf(value),
    from: [...path, key],
  }));
}

/** What is marked as an expression is one, at any depth. */
function valueOf(value: Structure): Value {
  if (typeof value !== 'object') return value;
  if (isList(value)) return value.map(valueOf);
  const { expression, ...others } = value as Readonly<Record<string, Structure>>;
  if (typeof expression === 'string' && Object.keys(others).length === 0) return new Expression(expression);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, valueOf(inner)]));
}

function isList(value: object): value is readonly Structure[] {
  return Array.isArray(value);
}

/** Settings with others in the place of those with the same key, and the rest behind. */
export function replaced(settings: readonly Setting[], others: readonly Setting[]): Setting[] {
  const byKey = new Map(others.map((each) => [each.key, each]));
  const known = new Set(settings.map(({ key }) => key));
  return [...settings.map((each) => byKey.get(each.key) ?? each), ...others.filter(({ key }) => !known.has(key))];
}
