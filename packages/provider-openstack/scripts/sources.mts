/** The committed material that the bindings are made from. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { ForceNew, VersionSchema } from './types.mts';

/** Root folder of the package. */
export const packageRoot = dirname(import.meta.dirname);

/** The two versions of the provider that every stack must work with, oldest first. */
export const versions = ['1.54.1', '3.4.0'] as const;

/** What Terraform may choose from; ends up in `required_providers`. */
export const versionConstraint = '>= 1.54.1, < 4.0.0';

/** One version's whole schema. */
export const readSchema = (version: (typeof versions)[number]): VersionSchema =>
  JSON.parse(
    gunzipSync(readFileSync(join(packageRoot, `schema/openstack-${version}.json.gz`))).toString('utf8'),
  ) as VersionSchema;

export const readForceNew = (): ForceNew =>
  JSON.parse(readFileSync(join(packageRoot, 'schema/force-new.json'), 'utf8')) as ForceNew;

/** Full names of the resources and data sources in use, sorted. */
export function readInUse(): { readonly resources: readonly string[]; readonly data_sources: readonly string[] } {
  const list = JSON.parse(readFileSync(join(packageRoot, 'resources.json'), 'utf8')) as Record<string, string[]>;
  const full = (names: string[] = []): string[] => names.map((name) => `openstack_${name}`).sort();
  return { resources: full(list['resources']), data_sources: full(list['dataSources']) };
}
