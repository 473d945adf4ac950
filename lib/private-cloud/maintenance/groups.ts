/** Whether these may go at once; if they may, so may any fewer of them. */
export type MayGo = (group: readonly string[]) => boolean;

/**
 * Puts hosts into as few groups as it finds: each into the first group that takes it, in several orders, of which the best counts; then
 * groups are dissolved into others as long as one can be. Colouring is hard: it may take a group more than the fewest. In the end groups
 * are as equal as they get, so that no more than needed is off at once. Each host must be able to go alone. The same for the same input.
 * Pure.
 */
export function groupsOf(hosts: readonly string[], mayGo: MayGo): string[][] {
  const friends = new Map(hosts.map((host) => [host, hosts.filter((other) => mayGo([host, other])).length]));
  const tight = [...hosts].sort((a, b) => (friends.get(a) ?? 0) - (friends.get(b) ?? 0));
  const orders = [tight, hosts, [...hosts].reverse()];
  const found = orders.map((order) => dissolve(firstFit(order, mayGo), mayGo));
  const best = found.reduce((fewest, each) => (each.length < fewest.length ? each : fewest), found[0] ?? []);
  const place = new Map(hosts.map((host, at) => [host, at]));
  return balanced(best, mayGo).map((group) => group.sort((a, b) => (place.get(a) ?? 0) - (place.get(b) ?? 0)));
}

/** Moves hosts from larger groups to smaller ones, one by one, as long as that makes two of them more equal. */
function balanced(groups: string[][], mayGo: MayGo): string[][] {
  const bySize = [...groups].sort((a, b) => a.length - b.length);
  for (const large of [...bySize].reverse())
    for (const small of bySize) {
      if (large.length - small.length < 2) break;
      const moves = large.findLast((host) => mayGo([...small, host]));
      if (moves === undefined) continue;
      const swapped = groups.map((group) =>
        group === large ? large.filter((host) => host !== moves) : group === small ? [...small, moves] : group,
      );
      return balanced(swapped, mayGo);
    }
  return groups;
}

function firstFit(order: readonly string[], mayGo: MayGo): string[][] {
  const groups: string[][] = [];
  for (const host of order) {
    const group = groups.find((each) => mayGo([...each, host]));
    if (group === undefined) groups.push([host]);
    else group.push(host);
  }
  return groups;
}

/** Tries to place the hosts of each group, the smallest first, in others, where one of those makes way into a third if need be. */
function dissolve(groups: string[][], mayGo: MayGo): string[][] {
  for (const small of [...groups].sort((a, b) => a.length - b.length)) {
    let others: string[][] | undefined = groups.filter((each) => each !== small).map((each) => [...each]);
    for (const host of small) others = others === undefined ? undefined : taken(others, host, mayGo);
    if (others !== undefined) return dissolve(others, mayGo);
  }
  return groups;
}

function taken(groups: readonly string[][], host: string, mayGo: MayGo): string[][] | undefined {
  const into = groups.findIndex((each) => mayGo([...each, host]));
  if (into >= 0) return groups.map((each, at) => (at === into ? [...each, host] : each));
  for (const [from, group] of groups.entries())
    for (const way of group) {
      const left = group.filter((each) => each !== way);
      if (!mayGo([...left, host])) continue;
      const to = groups.findIndex((each, at) => at !== from && mayGo([...each, way]));
      if (to >= 0) return groups.map((each, at) => (at === from ? [...left, host] : at === to ? [...each, way] : each));
    }
  return undefined;
}
