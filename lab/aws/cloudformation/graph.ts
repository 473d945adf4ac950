import type { Operation } from './operation.ts';

/**
 * Works on everything as soon as what it waits for is done. After a failure nothing further starts; what is under way
 * ends by itself. Returns what failed, in the order in which it did.
 */
export async function runGraph(
  operation: Operation,
  graph: ReadonlyMap<string, ReadonlySet<string>>,
  work: (id: string) => Promise<boolean>,
): Promise<string[]> {
  const failed: string[] = [];
  const started = new Map<string, Promise<boolean>>();
  const start = (id: string): Promise<boolean> => {
    const found = started.get(id);
    if (found !== undefined) return found;
    const needed = [...(graph.get(id) ?? [])].filter((other) => graph.has(other)).map(start);
    const running = Promise.all(needed).then(async (done) => {
      if (!done.every(Boolean) || operation.cancelled) return false;
      if (await work(id)) return true;
      failed.push(id);
      operation.cancel();
      return false;
    });
    started.set(id, running);
    return running;
  };
  await Promise.all([...graph.keys()].map(start));
  return failed;
}

/** The same arrows the other way round: what must go before it. */
export function reversed(graph: ReadonlyMap<string, ReadonlySet<string>>): Map<string, Set<string>> {
  const turned = new Map<string, Set<string>>([...graph.keys()].map((id) => [id, new Set<string>()]));
  for (const [id, needed] of graph) for (const other of needed) turned.get(other)?.add(id);
  return turned;
}
