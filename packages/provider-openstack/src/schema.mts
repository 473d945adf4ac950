/**
 * What a plan asks of the provider's schema: which changes replace a resource, which change nothing, and which values are
 * secret.
 * Read on first use, from a file that is generated beside the bindings.
 */
import { readFileSync } from 'node:fs';

interface Rules {
  readonly forceNew: readonly string[];
  readonly sensitive: readonly string[];
  readonly sets: readonly string[];
  readonly kept: readonly string[];
}

let loaded: ReadonlyMap<string, Rules> | undefined;
const forceNewSets = new Map<string, ReadonlySet<string>>();
const none: ReadonlySet<string> = new Set();

function rulesOf(resourceType: string): Rules | undefined {
  loaded ??= new Map(
    Object.entries(
      JSON.parse(readFileSync(new URL('../schema/reduced.json', import.meta.url), 'utf8')) as Record<string, Rules>,
    ),
  );
  return loaded.get(resourceType);
}

/**
 * The arguments whose change replaces a resource, in provider 1.54.1 or 3.4.0, as dotted paths without
 * indexes: `availability_zone`, `network.port`. Empty for a type that the provider does not have.
 */
export function forceNew(resourceType: string): ReadonlySet<string> {
  const known = forceNewSets.get(resourceType);
  if (known !== undefined) return known;
  const rules = rulesOf(resourceType);
  if (rules === undefined) return none;
  const paths = new Set(rules.forceNew);
  forceNewSets.set(resourceType, paths);
  return paths;
}

/**
 * Whether the value at `path` is or holds a secret. Indexes are ignored, in either spelling: `member.0.password`,
 * `member[0].password`.
 */
export function isSensitive(resourceType: string, path: string): boolean {
  const plain = withoutIndexes(path);
  const covers = (sensitive: string) =>
    sensitive === plain || plain.startsWith(`${sensitive}.`) || sensitive.startsWith(`${plain}.`);
  return rulesOf(resourceType)?.sensitive.some(covers) ?? false;
}

/** Whether the list at `path`, without indexes, has no order to the provider: `security_group_ids`, `fixed_ip.…` do not. */
export const isSet = (resourceType: string, path: string): boolean =>
  rulesOf(resourceType)?.sets.includes(path) ?? false;

/** Whether the cloud's value stays where the argument `name` is no longer said. */
export const isKept = (resourceType: string, name: string): boolean =>
  rulesOf(resourceType)?.kept.includes(name) ?? false;

/** Whether the provider has this resource, in either version. */
export const isKnown = (resourceType: string): boolean => rulesOf(resourceType) !== undefined;

/** `network[0].port`, `network.0.port` -> `network.port`. */
export const withoutIndexes = (path: string): string => path.replace(/\[\d+\]|\.\d+(?=\.|$)/g, '');
