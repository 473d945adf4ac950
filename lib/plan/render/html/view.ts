import type { StackId } from '../../../stack/id.ts';
import { type Change, isDisruptive, type Plan, type Source } from '../../model.ts';
import { type ChangeGroup, groupChanges, groupStacks, type StackGroup } from '../group.ts';

/** A plan as a page shows it: equal stacks and equal changes once, each with an anchor of its own. */
export interface View {
  readonly plan: Plan;
  readonly stacks: readonly StackView[];
  /** Where people read a line of the configuration; what is no address of the web is shown without a link. */
  readonly link: (source: Source) => string;
  /** Anchor of the section that shows a stack; undefined where nothing is said of it. */
  readonly anchorOfStack: (id: StackId) => string | undefined;
  /** Anchor of a change; that of its stack where the stack's section does not list it. */
  readonly anchorOfChange: (id: StackId, address: string) => string | undefined;
}

export interface StackView extends StackGroup {
  readonly anchor: string;
  /** Whether its section is opened for the reader: where something is destroyed or wrong, while that is not too much to read. */
  readonly isOpen: boolean;
  readonly changes: readonly ChangeView[];
  /** Changes of hashes, metadata or order alone. */
  readonly noise: readonly Change[];
}

export interface ChangeView extends ChangeGroup {
  readonly anchor: string;
}

/** The page has the values of what comes and goes as well: stacks are equal only where those are. */
const SHOWN = { verbose: true };

/** So many changes are opened for the reader; a page with more is an index first. */
const OPENED = 300;

export function viewOf(plan: Plan, link: View['link']): View {
  let opened = 0;
  const stacks = groupStacks(plan, SHOWN).map((group): StackView => {
    // The id is the anchor, so that a link to a stack stays good from one plan to the next.
    const anchor = group.stack.id;
    const real = groupChanges(
      group.stack.changes.filter(({ noise }) => !noise),
      SHOWN,
    );
    const changes = real.map((each, index) => ({ ...each, anchor: `${anchor}:${index + 1}` }));
    const isGrave = group.stack.status === 'error' || changes.some(({ change }) => isDisruptive(change.action));
    const isOpen = isGrave && opened + changes.length <= OPENED;
    if (isOpen) opened += changes.length;
    return { ...group, anchor, isOpen, changes, noise: group.stack.changes.filter(({ noise }) => noise) };
  });
  const byStack = new Map(stacks.flatMap((view) => view.ids.map((id): [StackId, string] => [id, view.anchor])));
  const byChange = new Map(
    stacks.flatMap((view) =>
      view.changes.flatMap(({ addresses, anchor }) =>
        addresses.map((address): [string, string] => [`${view.anchor} ${address}`, anchor]),
      ),
    ),
  );
  return {
    plan,
    stacks,
    link,
    anchorOfStack: (id) => byStack.get(id),
    anchorOfChange: (id, address) => byChange.get(`${byStack.get(id) ?? ''} ${address}`) ?? byStack.get(id),
  };
}
