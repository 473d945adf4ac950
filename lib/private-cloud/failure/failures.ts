import type { Topology } from '../topology/topology.ts';

export type PartKind = 'host' | 'rack' | 'plane' | 'switch' | 'power';

/** One thing that can fail. */
export interface Part {
  readonly kind: PartKind;
  readonly name: string;
}

/** Things that are off at once. */
export type Failure = readonly Part[];

/** `host/control-a-1`: unique, and what `--off` takes. */
export function partId({ kind, name }: Part): string {
  return `${kind}/${name}`;
}

/** `rack a`, `host control-a-1 and host queue-b-1`: for a sentence. */
export function describeFailure(failure: Failure): string {
  return failure.map(({ kind, name }) => `${kind === 'power' ? 'power feed' : kind} ${name}`).join(' and ');
}

/** Everything that can fail, in the order of the configuration. */
export function partsOf(topology: Topology): readonly Part[] {
  const named = (kind: PartKind, names: readonly string[]): Part[] => names.map((name) => ({ kind, name }));
  return [
    ...named('rack', topology.racks),
    ...named('power', topology.powerFeeds),
    ...named('switch', topology.switches),
    ...named('plane', topology.planes),
    ...named(
      'host',
      topology.hosts.map(({ name }) => name),
    ),
  ];
}

/** Every single part. */
export function singlesOf(topology: Topology): Failure[] {
  return partsOf(topology).map((part) => [part]);
}

/**
 * The parts that a name could mean: `rack/a`, or `a` alone. A name that means none or several is the caller's to refuse.
 */
export function findParts(topology: Topology, name: string): Part[] {
  return partsOf(topology).filter((part) => part.name === name || partId(part) === name);
}
