import type { RunningOperation } from '../deploy/ports.ts';
import type { JournalEntry } from '../state/journal.ts';
import { begun, finished, replay, type TrackState } from './track.ts';

/** The steps of an operation: each is in the journal before its effect, and its result after it. */
export interface Steps {
  readonly state: TrackState;
  /** @param detail - Plain JSON */
  take(name: string, detail: object, work: () => Promise<object>): Promise<void>;
}

/** What the journal tells of it so far, and what is added: a second reader of the journal has the same state. */
export function stepsOf(operation: RunningOperation, entries: readonly JournalEntry[]): Steps {
  let state = replay(entries);
  return {
    get state() {
      return state;
    },
    async take(name, detail, work) {
      const key = `${name} ${state.next}`;
      let result: object = {};
      const notes = { detail: detail as Record<string, unknown>, result: () => result };
      await operation.step(
        key,
        async () => {
          state = begun(state, key, detail);
          result = await work();
        },
        notes,
      );
      state = finished(state, key, detail, result);
    },
  };
}
