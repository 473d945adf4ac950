import { compareIds } from '../stack/id.ts';
import { ACTIONS, type Change } from './model.ts';

/** Of an attribute that is changed in place, to a value that is known and may be shown. */
export const PLAIN_ATTRIBUTE = { afterUnknown: false, sensitive: false, forcesReplacement: false } as const;

/** What destroys first, then by address; in place. */
export function sortChanges<T extends Pick<Change, 'action' | 'address'>>(changes: T[]): T[] {
  const rank = ({ action }: T): number => ACTIONS.indexOf(action);
  return changes.sort((a, b) => rank(a) - rank(b) || compareIds(a.address, b.address));
}
