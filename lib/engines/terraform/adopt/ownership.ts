import { artefactName, type StackId } from '../../../stack/id.ts';
import type { Thing } from './finders.ts';

/**
 * Whether a thing says that it is this stack's: in its tags, its metadata, or, since tags are set by a second request that may never
 * have come, in its description. Pure.
 */
export function isOwned(thing: Thing, stack: StackId): boolean {
  const tag = `stack=${artefactName(stack)}`;
  const { tags, metadata, description } = thing;
  if (Array.isArray(tags) && tags.includes(tag)) return true;
  if (typeof metadata === 'object' && metadata !== null && (metadata as Thing)['stack'] === artefactName(stack))
    return true;
  // `network (acme, dep1, alice@acme.example.org, openstack/lab/dev/dep1)`
  return typeof description === 'string' && description.endsWith(`, ${stack})`);
}
