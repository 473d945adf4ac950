import type { CloudResource, RetiredProject } from '../openstack-api/cloud-api.ts';
import { projectNameOf } from '../stack/ownership.ts';
import { noSuchOrphan } from './errors.ts';
import { nameOf } from './stuck.ts';

/**
 * The things of a project that are to be left behind, by their names on the command line: `network/ID`.
 * @throws TandemError `no-such-orphan`
 */
export function orphansAmong(names: readonly string[], contents: readonly CloudResource[]): CloudResource[] {
  return [...new Set(names)].map((name) => {
    const found = contents.find((each) => nameOf(each) === name);
    if (found !== undefined) return found;
    const [kind = ''] = name.split('/');
    throw noSuchOrphan(name, contents.filter((each) => each.kind === kind).map(nameOf));
  });
}

export function spares(orphans: readonly CloudResource[]): (resource: CloudResource) => boolean {
  const names = new Set(orphans.map(nameOf));
  return (resource) => names.has(nameOf(resource));
}

/** How a project is called and described from when it only holds orphans. Pure. */
export function retired(name: string, orphans: readonly CloudResource[], by: string, now: Date): RetiredProject {
  const day = now.toISOString().slice(0, 10);
  const left = orphans.map(nameOf).join(', ');
  return {
    name: `orphaned-${projectNameOf(name)}-${now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}`,
    // Keystone keeps 255 characters of some descriptions; the journal has it all.
    description: `left behind by ${by} on ${day} when ${name} was destroyed: ${left}`.slice(0, 255),
    tags: [`orphaned-from=${name}`],
  };
}
