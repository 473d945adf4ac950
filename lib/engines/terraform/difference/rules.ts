import { forceNew, isSensitive } from '@cdktf/provider-openstack/schema';
import { leaves, withoutIndexes } from '../../../plan/difference/differences.ts';
import { HIDDEN } from '../../../plan/model.ts';
import { isRecord } from '../../../text/json.ts';

/** Whether a change at a path, or of a whole value at it, replaces the resource. */
export function forcesReplacement(type: string, path: string, value: unknown): boolean {
  const rules = forceNew(type);
  if (rules.size === 0) return false;
  const parts = withoutIndexes(path).split('.');
  if (parts.some((_, index) => rules.has(parts.slice(0, index + 1).join('.')))) return true;
  return [...leaves({ [parts.join('.')]: value }).keys()].some((inner) => rules.has(withoutIndexes(inner)));
}

/** The value, with what the schema calls sensitive replaced; fails closed inside whole blocks. */
export function masked(type: string, path: string, value: unknown): { value: unknown; sensitive: boolean } {
  if (value === null || value === undefined) return { value: null, sensitive: isSensitive(type, withoutIndexes(path)) };
  if (!isSensitive(type, withoutIndexes(path))) return { value, sensitive: false };
  if (!isRecord(value) && !Array.isArray(value)) return { value: HIDDEN, sensitive: true };
  const inner = Object.entries(value).map(([key, each]) => [key, masked(type, `${path}.${key}`, each).value] as const);
  return {
    value: Array.isArray(value) ? inner.map(([, each]) => each) : Object.fromEntries(inner),
    sensitive: true,
  };
}
