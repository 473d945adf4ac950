/** The schema that the bindings offer: everything in use, as both versions have it. */
import { intersectBlocks } from './intersect.mts';
import { readInUse, readSchema, versions } from './sources.mts';
import type { Block } from './types.mts';

type Blocks = Record<string, Block>;

/** The provider's own block, and those of the resources and data sources in use, by full name. */
export function readSharedSchema(): {
  readonly provider: Block;
  readonly resources: Blocks;
  readonly data_sources: Blocks;
} {
  const [older, newer] = [readSchema(versions[0]), readSchema(versions[1])];
  const inUse = readInUse();
  const pick = (kind: keyof typeof inUse): Blocks => {
    const blocks: Blocks = {};
    for (const name of inUse[kind]) {
      const [a, b] = [older[kind][name], newer[kind][name]];
      if (a === undefined || b === undefined) {
        throw new Error(
          `${name} is not in both provider versions (${versions.join(', ')}): take it out of resources.json`,
        );
      }
      blocks[name] = intersectBlocks(a, b);
    }
    return blocks;
  };
  return {
    provider: intersectBlocks(older.provider, newer.provider),
    resources: pick('resources'),
    data_sources: pick('data_sources'),
  };
}
