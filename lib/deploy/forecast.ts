import type { Change } from '../plan/model.ts';
import type { LivePlan } from './plan-targets.ts';
import { type DeployOptions, type DeployPorts, RESOURCES_AT_ONCE } from './ports.ts';

export interface Forecast {
  readonly seconds: number;
  /** Share of the changes whose kind was seen before, 0 to 1. */
  readonly known: number;
}

/** Where nothing like it was seen: most resources of OpenStack answer in this time. */
const UNSEEN_SECONDS = 3;

/**
 * How long changes will take: as long as their longest chain of references, or as all of them at `parallelism` at a time, whichever
 * is more. Pure.
 */
export function forecast(
  changes: readonly Change[],
  artefact: string,
  parallelism: number,
  median: (kind: string) => number | undefined,
): Forecast {
  const seconds = new Map<string, number>();
  let known = 0;
  for (const change of changes) {
    const kinds = kindsOf(change);
    const medians = kinds.map((kind) => median(`${change.type} ${kind}`));
    if (medians.every((each) => each !== undefined)) known += 1;
    seconds.set(
      change.address,
      medians.reduce<number>((sum, each) => sum + (each ?? UNSEEN_SECONDS), 0),
    );
  }
  const total = [...seconds.values()].reduce((sum, each) => sum + each, 0);
  const longest = longestChain(seconds, referencesIn(artefact));
  return {
    seconds: Math.round(Math.max(longest, total / parallelism)),
    known: changes.length === 0 ? 1 : known / changes.length,
  };
}

function kindsOf(change: Change): readonly string[] {
  if (change.action === 'replace') return ['delete', 'create'];
  if (change.action === 'interrupt') return ['update'];
  return ['create', 'update', 'delete'].includes(change.action) ? [change.action] : [];
}

/** By address: the addresses that a resource refers to. */
function referencesIn(artefact: string): Map<string, readonly string[]> {
  const { resource = {} } = JSON.parse(artefact) as { resource?: Record<string, Record<string, unknown>> };
  const references = new Map<string, readonly string[]>();
  for (const [type, byName] of Object.entries(resource)) {
    for (const [name, body] of Object.entries(byName)) {
      const found = JSON.stringify(body).matchAll(/(openstack_\w+\.[\w-]+)/g);
      references.set(`${type}.${name}`, [...new Set([...found].map((each) => each[1] ?? ''))]);
    }
  }
  return references;
}

function longestChain(
  seconds: ReadonlyMap<string, number>,
  references: ReadonlyMap<string, readonly string[]>,
): number {
  const chains = new Map<string, number>();
  const chainOf = (address: string, above: ReadonlySet<string>): number => {
    const known = chains.get(address);
    if (known !== undefined) return known;
    if (above.has(address)) return 0;
    const inside = new Set([...above, address]);
    const before = (references.get(address) ?? []).map((each) => chainOf(each, inside));
    const chain = Math.max(0, ...before) + (seconds.get(address) ?? 0);
    chains.set(address, chain);
    return chain;
  };
  return Math.max(0, ...[...seconds.keys()].map((address) => chainOf(address, new Set())));
}

/** Of stacks that change: one after the other where they wait, else side by side. */
export function forecastOf(
  { durations }: Pick<DeployPorts, 'durations'>,
  { resourceParallelism = RESOURCES_AT_ONCE }: Pick<DeployOptions, 'resourceParallelism'>,
  changing: readonly LivePlan[],
): Forecast {
  const parts = changing.map(({ target, shown }) =>
    forecast(shown.changes, target.stack.text, resourceParallelism, (kind) => durations.median(kind)),
  );
  // Stacks that are planned again after another come after it; the others go side by side, and this is the time of the longest.
  const [waiting, ready] = [true, false].map((later) =>
    parts.filter((_, index) => {
      const each = changing[index];
      return (each?.frozen === undefined || each.shown.after !== undefined) === later;
    }),
  );
  const longest = (of: readonly { seconds: number }[]): number => Math.max(0, ...of.map((each) => each.seconds));
  const known = parts.reduce((sum, each) => sum + each.known, 0) / parts.length;
  return { seconds: longest(ready ?? []) + longest(waiting ?? []), known };
}
