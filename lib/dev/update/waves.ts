/** A lease of a blueprint that is rolled out. */
export interface WaveMember {
  readonly name: string;
  /** Servers that it has; a small one goes first. */
  readonly servers: number;
  /** Whether an earlier run of the same roll-out brought it there. */
  readonly done: boolean;
}

export interface Wave {
  readonly share: 'one' | '5 %' | 'all';
  /** Those that are still to be updated. */
  readonly names: readonly string[];
}

const SHARES = [
  ['one', () => 1],
  ['5 %', (all: number) => Math.ceil(all * 0.05)],
  ['all', (all: number) => all],
] as const;

/**
 * First one lease, then as many that it is 5 % of all, then the rest. The order is always the same: few servers first, so that the first
 * to find a fault costs the least. Those that are done count, so that a run after an interruption begins where it was. Pure.
 */
export function planWaves(members: readonly WaveMember[]): Wave[] {
  const order = [...members].sort((a, b) => a.servers - b.servers || (a.name < b.name ? -1 : 1));
  // What is done comes first, whichever it was: a roll-out is as far as it is.
  const all = [...order.filter(({ done }) => done), ...order.filter(({ done }) => !done)];
  let begun = 0;
  return SHARES.flatMap(([share, upTo]) => {
    const end = Math.max(begun, upTo(all.length));
    const names = all.slice(begun, end).flatMap(({ name, done }) => (done ? [] : [name]));
    begun = end;
    return names.length === 0 ? [] : [{ share, names }];
  });
}
