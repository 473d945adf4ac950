import { nearestOf } from '../text/nearest.ts';
import { noSuchMachine } from './errors.ts';
import { matches, mentions, type Selector } from './selectors.ts';
import type { FleetView, Machine } from './view.ts';

/** Which machines an operation is about. Without any of it: all that are in the group. */
export interface Choice {
  readonly where?: Selector | undefined;
  /** Of those, these. */
  readonly ids?: readonly string[] | undefined;
  /** Of those, so many, the oldest first. */
  readonly count?: number | undefined;
  /** Of those, this share in percent, rounded up; the oldest first. */
  readonly percent?: number | undefined;
}

/**
 * The chosen machines, the oldest first. Those of the warm pool are chosen only by a selector that speaks of it; those on their way out,
 * never.
 * @throws TandemError `no-such-machine`
 */
export function choose(view: FleetView, { where, ids, count, percent }: Choice): readonly Machine[] {
  const known = new Set(view.machines.map(({ id }) => id));
  const unknown = ids?.filter((id) => !known.has(id)) ?? [];
  if (unknown.length > 0) throw noSuchMachine(unknown, view.group.name, nearestOf(unknown[0] ?? '', [...known]));
  const withWarm = where !== undefined && mentions(where, 'warm');
  const found = view.machines
    .filter((machine) => !isLeaving(machine) && (withWarm || !machine.warm))
    .filter((machine) => where === undefined || matches(where, machine, view.at))
    .filter(({ id }) => ids === undefined || ids.includes(id))
    .toSorted((a, b) => a.launchedAt - b.launchedAt || (a.id < b.id ? -1 : 1));
  const share = percent === undefined ? found.length : Math.ceil((found.length * percent) / 100);
  return found.slice(0, Math.min(share, count ?? found.length));
}

function isLeaving({ lifecycleState, state }: Machine): boolean {
  return (
    /^(Terminat|Detach)/.test(lifecycleState) ||
    lifecycleState.startsWith('Warmed:Terminat') ||
    state === 'shutting-down' ||
    state === 'terminated'
  );
}
