import type { Problem } from '../diagnostic.ts';
import type { Origin } from '../origin.ts';
import type { RuleInput } from './rule.ts';

interface Named {
  readonly renamedFrom?: string | undefined;
}

/** Old names of tiers and volumes are free, and each is of one: Terraform moves one thing to one place. */
export function checkRenames({ blueprints }: RuleInput): Problem[] {
  return [...blueprints.values()].flatMap(({ value, origin }) => [
    ...among(value.tiers, origin.at('tiers'), 'tier'),
    ...Object.entries(value.tiers).flatMap(([name, { volumes }]) =>
      among(volumes, origin.at('tiers', name, 'volumes'), 'volume'),
    ),
  ]);
}

function among(named: Readonly<Record<string, Named>>, at: Origin, what: string): Problem[] {
  const taken = new Map<string, string>();
  return Object.entries(named).flatMap(([name, { renamedFrom }]) => {
    if (renamedFrom === undefined) return [];
    const other = taken.get(renamedFrom);
    taken.set(renamedFrom, name);
    const isThere = Object.hasOwn(named, renamedFrom);
    if (!isThere && other === undefined) return [];
    const why = isThere ? `there is a ${what} of this name` : `${what} ${other ?? ''} is renamed from it`;
    const message = `got "${renamedFrom}"; ${why}, and one thing moves to one place`;
    return [at.at(name, 'renamedFrom').problem('old-name-taken', message, 'remove it, or rename in two steps')];
  });
}
