import { artefactName, type StackId } from './id.ts';

/** Whose a resource is. Every resource carries it; nothing that does not is ever touched. */
export interface Ownership {
  /** Short name of the organisation. */
  readonly organisation: string;
  /** E-mail address of who answers for it. */
  readonly owner: string;
  /** Dev environment, environment or cloud. */
  readonly environment: string;
  readonly stack: StackId;
}

/**
 * As keys and values. `stack` is the id with hyphens, `openstack-paris-dev-alice`: Keystone takes no slash in a tag, and one
 * spelling everywhere is what can be searched for.
 */
export function ownershipMap({ organisation, owner, environment, stack }: Ownership): Record<string, string> {
  return { organisation, owner, environment, stack: artefactName(stack) };
}

/** As `key=value` tags, sorted, for what has tags without values. Slashes and commas, which Keystone and Neutron refuse, in percent. */
export function ownershipTags(ownership: Ownership): string[] {
  return Object.entries(ownershipMap(ownership))
    .map(([key, value]) => `${key}=${value.replaceAll('/', '%2F').replaceAll(',', '%2C')}`)
    .sort();
}

/** As one line of text, for what has nothing but a description. */
export function ownershipText(what: string, { organisation, owner, environment, stack }: Ownership): string {
  return `${what} (${organisation}, ${environment}, ${owner}, ${stack})`;
}

/** Name of the project of a cloud's link: gateways, their network and the router to dev environments. */
export const LINK_PROJECT = 'link';

/** Name of a dev environment's project. Projects of people and of services share the domain: a lease called `admin` must not collide with one. */
export function projectNameOf(lease: string): string {
  return `dev-${lease}`;
}
