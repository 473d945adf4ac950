import type { Json, JsonObject } from '../json.ts';
import { canonical, defined, isList, isObject, same } from '../json.ts';
import type { Realm } from '../world.ts';
import type { Stack, StackResource } from './stack.ts';

/** `IN_SYNC`, `MODIFIED` or `DELETED`: a resource against what CloudFormation last set. */
export function statusOf(realm: Realm, resource: StackResource): string {
  const actual = realm.find(resource.type, resource.physicalId);
  if (actual === undefined) return 'DELETED';
  return differences(resource.declared, onlyDeclared(resource.declared, actual.properties)).length > 0
    ? 'MODIFIED'
    : 'IN_SYNC';
}

/** CloudFormation compares what the template sets, and lists as sets. */
export function onlyDeclared(declared: Json, actual: Json | undefined): Json | undefined {
  if (!isObject(declared) || !isObject(actual)) return actual;
  return defined(
    Object.fromEntries(Object.keys(declared).map((key) => [key, onlyDeclared(declared[key] ?? null, actual[key])])),
  );
}

export interface Difference {
  readonly path: string;
  readonly expected: Json | undefined;
  readonly actual: Json | undefined;
}

export function differences(expected: Json | undefined, actual: Json | undefined, path = ''): Difference[] {
  if (same(sorted(expected), sorted(actual))) return [];
  if (isObject(expected) && isObject(actual)) {
    const keys = [...new Set([...Object.keys(expected), ...Object.keys(actual)])];
    return keys.flatMap((key) => differences(expected[key], actual[key], `${path}/${key}`));
  }
  return [{ path, expected, actual }];
}

function sorted(value: Json | undefined): Json | undefined {
  return isList(value) ? [...value].sort((a, b) => canonical(a).localeCompare(canonical(b))) : value;
}

/** What stands in the way of a drift-aware comparison for one resource; undefined where it is as it was set. */
export interface Drifted {
  readonly status: 'MODIFIED' | 'DELETED';
  /** What is there of what was set; undefined where the resource is gone. */
  readonly actual: JsonObject | undefined;
}

export function driftedOf(realm: Realm, resource: StackResource): Drifted | undefined {
  const found = realm.find(resource.type, resource.physicalId);
  if (found === undefined) return { status: 'DELETED', actual: undefined };
  const actual = onlyDeclared(resource.declared, found.properties) as JsonObject;
  const names = [...new Set([...Object.keys(resource.declared), ...Object.keys(actual)])];
  // A list in another order is the same set: told as it was set.
  const told = Object.fromEntries(
    names.flatMap((name) => {
      const value =
        differences(resource.declared[name], actual[name]).length === 0 ? resource.declared[name] : actual[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
  return same(told, resource.declared) ? undefined : { status: 'MODIFIED', actual: told };
}

/** Executing a drift-aware change set starts from what is there: a resource that is gone is made, one that was changed is set again. */
export function startFromActual(realm: Realm, stack: Stack): void {
  for (const resource of [...stack.resources.values()]) {
    const drifted = driftedOf(realm, resource);
    if (drifted?.status === 'DELETED') stack.resources.delete(resource.logicalId);
    else if (drifted?.actual !== undefined) resource.declared = drifted.actual;
  }
}
