import type { CloudResource, Holder } from '../openstack-api/cloud-api.ts';
import { isBusy } from './sweep.ts';

/** Something that does not go, and what is known of why. */
export interface StuckThing {
  readonly resource: CloudResource;
  /** What of other projects uses it. */
  readonly holders: readonly Holder[];
  /** What its service answered last; empty where it accepted the deletion and nothing came of it. */
  readonly refusal: string;
}

/** How a thing is named on the command line: `network/1b4f…`. */
export function nameOf({ kind, id }: Pick<CloudResource, 'kind' | 'id'>): string {
  return `${kind}/${id}`;
}

/** One line: what it is, by whom it is held, or what its service says. Pure. */
export function describeStuck(
  { resource, holders, refusal }: StuckThing,
  projects: ReadonlyMap<string, string>,
): string {
  const { kind, id, name, state } = resource;
  const what = `${kind.replaceAll('-', ' ')}${name === '' || name === id ? '' : ` ${name}`} (${id})`;
  const [first] = holders;
  if (first !== undefined) {
    const others = holders.length === 1 ? '' : ` and ${holders.length - 1} more`;
    const project = projects.get(first.projectId) ?? '';
    const where =
      first.projectId === '' ? '' : ` of project ${project === '' ? '' : `${project} `}(${first.projectId})`;
    const named = first.name === '' ? '' : ` ${first.name}`;
    return `${what} is used by ${first.kind.replaceAll('-', ' ')}${named} (${first.id})${where}${others}`;
  }
  if (isBusy(resource)) return `${what} stays in state ${state}: ${administratorsWay(resource)}`;
  if (refusal !== '') return `${what}: ${refusal}`;
  return `${what} is still there${state === '' ? '' : ` in state ${state}`}`;
}

/** What an administrator of the cloud can do about a thing that its service never finishes with. */
function administratorsWay({ kind, id }: CloudResource): string {
  switch (kind) {
    case 'load-balancer':
      return `only an administrator of Octavia can free it, in its database: UPDATE load_balancer SET provisioning_status = 'ERROR' WHERE id = '${id}'`;
    case 'server':
      return `an administrator can free it: openstack server set --state error ${id}`;
    case 'volume':
      return `an administrator can free it: openstack volume set --state error ${id}`;
    case 'volume-snapshot':
      return `an administrator can free it: openstack volume snapshot set --state error ${id}`;
    case 'volume-backup':
      return `an administrator can free it: openstack volume backup set --state error ${id}`;
    default:
      return 'an administrator of its service has to free it';
  }
}
