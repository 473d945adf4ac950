import type { InventoryGroup } from '../../private-cloud/kolla/inventory.ts';
import {
  byGroup,
  type Members,
  MOVING,
  type Moving,
  membersIn,
  union,
  withMembers,
} from '../../private-cloud/members/groups.ts';
import type { StackId } from '../../stack/id.ts';
import type { UnfinishedOperation } from '../../state/journal.ts';

/** Where a host is to be: its address on the internal plane, and its groups. */
export interface Place {
  readonly host: string;
  readonly address: string;
  readonly groups: readonly Moving[];
}

/** Verbs that bring hosts. */
const BRINGING = ['cloud add', 'cloud replace'];

/** Where hosts of a change are to be, as its operation keeps it: whoever forgets one of them later has it from nowhere else. */
export function noteOf(hosts: readonly string[], to: Members, addressOf: (host: string) => string): string {
  const places = hosts.map((host): Place => {
    const groups = MOVING.filter((group) => to[group].includes(host));
    return { host, address: addressOf(host), groups };
  });
  return JSON.stringify(places);
}

/** Of hosts that are off: those that an unfinished change was about to bring. How far it came nobody knows; they count as if they were there. */
export function begunOf(
  open: readonly UnfinishedOperation[],
  stack: StackId,
  off: ReadonlySet<string>,
): readonly Place[] {
  return open
    .filter(({ verb, stacks }) => BRINGING.includes(verb) && stacks.includes(stack))
    .flatMap(({ arguments: { places } }) => (typeof places === 'string' ? (JSON.parse(places) as Place[]) : []))
    .filter(({ host }) => off.has(host));
}

/** A cloud as it stands, with hosts in their groups. */
export function withBegun(standing: readonly InventoryGroup[], begun: readonly Place[]): readonly InventoryGroup[] {
  if (begun.length === 0) return standing;
  const members = membersIn(standing);
  const own = (group: Moving) => begun.filter(({ groups }) => groups.includes(group)).map(({ host }) => host);
  return withMembers(
    standing,
    byGroup((group) => union(members[group], own(group))),
  );
}
