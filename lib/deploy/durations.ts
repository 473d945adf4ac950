import { join } from 'node:path';
import { z } from 'zod';
import type { FrozenStackPlan, StackEvent } from '../engines/engine.ts';
import { readIfThere, writeFileAtomic } from '../fs/files.ts';

/** How long resources took, by `<type> <action>`: what a forecast stands on. */
export interface Durations {
  /** The median in seconds; undefined for what was never seen. */
  median(kind: string): number | undefined;
  note(kind: string, seconds: number): void;
  /** Keeps what was noted. Losing it costs a forecast, so that failing to write is no error. */
  save(): void;
}

const schema = z.record(z.string(), z.array(z.number()));
/** Enough for a median, few enough to follow a cloud that changes. */
const KEPT = 50;

/** Durations in `.tandem/cache/durations.json`. */
export function localDurations(root: string): Durations {
  const file = join(root, '.tandem', 'cache', 'durations.json');
  const known = read(file);
  const noted: [string, number][] = [];
  return {
    median: (kind) =>
      medianOf([...(known[kind] ?? []), ...noted.filter(([of]) => of === kind).map(([, each]) => each)]),
    note: (kind, seconds) => void noted.push([kind, seconds]),
    save() {
      if (noted.length === 0) return;
      const merged = read(file);
      for (const [kind, seconds] of noted.splice(0)) merged[kind] = [...(merged[kind] ?? []), seconds].slice(-KEPT);
      try {
        writeFileAtomic(file, JSON.stringify(merged));
      } catch {
        // Only a forecast is lost.
      }
    },
  };
}

function read(file: string): Record<string, number[]> {
  try {
    return schema.parse(JSON.parse(readIfThere(file) ?? '{}'));
  } catch {
    return {};
  }
}

function medianOf(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)];
}

/** Remembers how long resources take, for the next forecast. */
export function recordDurations(durations: Durations, { plan }: FrozenStackPlan, emit: (event: StackEvent) => void) {
  const types = new Map(plan.changes.map((change) => [change.address, change.type]));
  return (event: StackEvent): void => {
    if (event.kind === 'resource' && event.phase === 'done')
      durations.note(`${types.get(event.address) ?? ''} ${event.action}`, event.seconds);
    emit(event);
  };
}
