import type { Cells, Fence } from '../../../../lib/state/cells.ts';
import type { Journal } from '../../../../lib/state/journal.ts';
import { type JournalPlace, journalIn, type Line } from '../../../../lib/state/journal-in.ts';
import type { LockStore } from '../../../../lib/state/lock.ts';
import { locksIn } from '../../../../lib/state/locks.ts';

/** Journal, locks and ledger of one organisation, in memory. */
export interface MemoryStores {
  readonly journal: Journal;
  readonly locks: LockStore;
  readonly ledger: Cells;
}

export function memoryStores(): MemoryStores {
  const locks = memoryCells();
  return { journal: journalIn(memoryPlace(locks)), locks: locksIn(locks), ledger: memoryCells() };
}

function memoryCells(): Cells {
  const texts = new Map<string, string>();
  return {
    where: (key) => key,
    keys: async () => [...texts.keys()].sort(),
    async get(key) {
      const text = texts.get(key);
      return text === undefined ? undefined : { text, version: text };
    },
    async put(key, text, condition) {
      const there = texts.get(key);
      if (condition !== undefined && there !== ('onlyNew' in condition ? undefined : condition.instead)) return false;
      texts.set(key, text);
      return true;
    },
    async remove(key) {
      texts.delete(key);
      return true;
    },
    setAside: async () => '',
  };
}

function memoryPlace(locks: Cells): JournalPlace {
  const operations = new Map<string, Line[]>();
  const ended: string[] = [];
  const isHeld = async (fences: readonly Fence[]): Promise<boolean> => {
    const found = await Promise.all(fences.map(({ stack }) => locks.get(stack)));
    return fences.every(({ content }, index) => found[index]?.text === content);
  };
  return {
    where: (operation) => operation,
    async append(operation, _kind, text, fences) {
      if (!(await isHeld(fences))) return false;
      const lines = operations.get(operation) ?? [];
      operations.set(operation, [...lines, { at: String(lines.length + 1), text }]);
      return true;
    },
    lines: async (operation) => operations.get(operation) ?? [],
    unfinished: async () => [...operations.keys()].filter((id) => !ended.includes(id)),
    ended: async (limit) => ended.toReversed().slice(0, limit),
    finish: async (operation) => {
      ended.push(operation);
    },
    drop: async () => '',
  };
}
