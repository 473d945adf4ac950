import pLimit from 'p-limit';
import { z } from 'zod';
import type { OpenStackClient } from './client.ts';
import type { CloudResource } from './cloud-api.ts';
import { statusOf } from './errors.ts';
import { KINDS } from './kinds/index.ts';
import type { KindOfResource } from './kinds/kind.ts';
import type { ResourceKind } from './resource-kinds.ts';
import { type FoundItem, toContents } from './to-contents.ts';

/** Who asks, in which ways. */
export interface Listing {
  readonly client: OpenStackClient;
  /** The same caller in the project itself; undefined where that cannot be, because the project is gone. */
  readonly inside: () => Promise<OpenStackClient | undefined>;
  /** Aliases of Neutron's extensions. */
  readonly extensions: ReadonlySet<string>;
}

/** Requests at once. */
const WIDTH = 12;
const item = z.record(z.string(), z.unknown());

/** Everything that the cloud's services keep for a project, as `CloudApi.contents` says. */
export async function listContents(
  listing: Listing,
  projectId: string,
  among?: ReadonlySet<ResourceKind>,
): Promise<CloudResource[]> {
  const limit = pLimit(WIDTH);
  const offered = KINDS.filter(
    ({ kind, extension }) =>
      (extension === undefined || listing.extensions.has(extension)) && among?.has(kind) !== false,
  );
  const tops = offered.filter(({ below }) => below === undefined);
  const found = (await limit.map(tops, (kind) => listKind(listing, kind, projectId, kind.lists(projectId)))).flat();
  const below = offered.flatMap((kind) => {
    if (kind.below === undefined) return [];
    const parents = found.filter((each) => each.kind.kind === kind.below && kind.parents?.(each.item) !== false);
    return toContents(parents, projectId).map(({ id }) => ({ kind, parent: id }));
  });
  const kept = await limit.map(below, ({ kind, parent }) =>
    listKind(listing, kind, projectId, kind.lists(parent), parent),
  );
  return toContents([...found, ...kept.flat()], projectId);
}

async function listKind(
  { client, inside }: Listing,
  kind: KindOfResource,
  projectId: string,
  paths: readonly string[],
  parent?: string,
): Promise<FoundItem[]> {
  if (!(await client.has(kind.service))) return [];
  const asking = kind.inside === true ? await inside() : client;
  if (asking === undefined) return [];
  const options = { headers: kind.headers?.(projectId) ?? {} };
  const found: FoundItem[] = [];
  for (const path of paths) {
    try {
      const items = await asking.list(kind.service, path, kind.key, item, options);
      found.push(...items.map((each) => ({ kind, item: each, ...(parent === undefined ? {} : { parent }) })));
    } catch (error) {
      // A service may come without the collection, in this version or installation, and a parent may just have gone.
      if (statusOf(error) !== 404 && statusOf(error) !== 406) throw error;
    }
  }
  return found;
}
