/**
 * The least that any schedule of capacity costs which has an instance for every job at once: right-sizing with switching costs, exactly
 * (Lin, Wierman, Andrew, Thereska, "Dynamic right-sizing for power-proportional data centers"; with an integer demand the cost falls apart
 * into levels, and of each level an idle gap is bridged exactly when it is cheaper than a launch: arXiv 1112.0442).
 *
 * @param demand - instances that are needed, slot by slot; whole numbers
 * @param launch - cost of a launch, in slots of one instance
 * @param minimum - instances that run in any case. @default 0
 */
export function optimumOf(demand: readonly number[], launch: number, minimum = 0): Optimum {
  const most = demand.reduce((top, each) => Math.max(top, each), minimum);
  const capacity = demand.map(() => minimum);
  let launches = 0;
  for (let level = minimum + 1; level <= most; level += 1) {
    let last = -Infinity;
    for (const [slot, needed] of demand.entries()) {
      if (needed < level) continue;
      const gap = slot - last - 1;
      if (gap < launch) for (let between = last + 1; between < slot; between += 1) capacity[between] = level;
      else launches += 1;
      capacity[slot] = level;
      last = slot;
    }
  }
  const slots = capacity.reduce((sum, each) => sum + each, 0);
  return { capacity, launches, cost: slots + launch * launches };
}

export interface Optimum {
  /** Instances, slot by slot. */
  readonly capacity: readonly number[];
  readonly launches: number;
  /** Slots of one instance, with what launches cost. */
  readonly cost: number;
}
