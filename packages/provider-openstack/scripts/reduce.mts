/** Cuts the schemas down to the questions that a plan asks of them. */
import type { Block, ForceNew, VersionSchema } from './types.mts';

/** What `src/schema.mts` reads, by resource type. */
export type Reduced = Record<
  string,
  {
    readonly forceNew: readonly string[];
    readonly sensitive: readonly string[];
    readonly sets: readonly string[];
    readonly kept: readonly string[];
  }
>;

/** Secrets that the provider's schema does not mark as such. */
const unmarked: ForceNew[string] = { openstack_vpnaas_site_connection_v2: ['psk'] };

/** Per resource type: the paths that replace it, those that hold a secret, and the sets, in any of the versions; and what is kept, in all. */
export function reduceSchema(schemas: readonly VersionSchema[], forceNewByVersion: ForceNew): Reduced {
  const types = new Set(schemas.flatMap((schema) => Object.keys(schema.resources)));
  const reduced: Reduced = {};
  for (const type of [...types].sort()) {
    const forceNew = Object.values(forceNewByVersion).flatMap((byType) => byType[type] ?? []);
    const sensitive = schemas.flatMap((schema) => sensitivePaths(schema.resources[type]));
    const sets = schemas.flatMap((schema) => setPaths(schema.resources[type]));
    reduced[type] = {
      forceNew: unique(forceNew),
      sensitive: unique([...sensitive, ...(unmarked[type] ?? [])]),
      sets: unique(sets),
      kept: keptNames(schemas.flatMap((schema) => schema.resources[type] ?? [])),
    };
  }
  return reduced;
}

/** Dotted paths of the sensitive attributes in a block and the blocks below it. */
function sensitivePaths(block: Block | undefined, prefix = ''): string[] {
  const own = Object.entries(block?.attributes ?? {}).flatMap(([name, a]) => (a.sensitive ? [prefix + name] : []));
  const nested = Object.entries(block?.block_types ?? {});
  return [...own, ...nested.flatMap(([name, b]) => sensitivePaths(b.block, `${prefix}${name}.`))];
}

/** Dotted paths of the attributes and blocks that are sets: their order means nothing. */
function setPaths(block: Block | undefined, prefix = ''): string[] {
  const isSet = (type: unknown) => Array.isArray(type) && type[0] === 'set';
  const own = Object.entries(block?.attributes ?? {}).flatMap(([name, a]) => (isSet(a.type) ? [prefix + name] : []));
  const nested = Object.entries(block?.block_types ?? {});
  const blocks = nested.flatMap(([name, b]) => (b.nesting_mode === 'set' ? [prefix + name] : []));
  return [...own, ...blocks, ...nested.flatMap(([name, b]) => setPaths(b.block, `${prefix}${name}.`))];
}

/** Arguments that the cloud fills in where they are not said: to take one out of the configuration changes nothing. */
function keptNames(blocks: readonly Block[]): string[] {
  const isKept = (block: Block, name: string): boolean => {
    const attribute = block.attributes?.[name];
    return attribute === undefined || (attribute.optional === true && attribute.computed === true);
  };
  const names = unique(blocks.flatMap((block) => Object.keys(block.attributes ?? {})));
  return names.filter((name) => name !== 'id' && blocks.every((block) => isKept(block, name)));
}

const unique = (paths: readonly string[]): string[] => [...new Set(paths)].sort();
