import { type StackId, stackIdSchema } from '../stack/id.ts';
import type { UnfinishedOperation } from '../state/journal.ts';

/** The stack that a step applies or destroys, or a part of which; undefined for any other step. */
export function stackOf(key: string): StackId | undefined {
  return stackIdSchema.safeParse(/^(?:apply|destroy) (\S+)(?: \S+)?$/.exec(key)?.[1]).data;
}

/** What an operation began and finished, as its journal has it, also while that cannot be reached. */
export class Progress {
  readonly #done: Set<string>;
  readonly #begun: Set<string>;
  /** Whether somebody said no. */
  refused = false;

  /** @param before - What earlier runs of it had done */
  constructor(before?: Pick<UnfinishedOperation, 'done' | 'begun'>) {
    this.#done = new Set(before?.done);
    this.#begun = new Set(before?.begun);
  }

  /** False where an earlier run had begun it. */
  begin(key: string): boolean {
    const isNew = !this.#begun.has(key);
    this.#begun.add(key);
    return isNew;
  }

  /** The step was never carried out. */
  forget(key: string): void {
    this.#begun.delete(key);
  }

  finish(key: string): void {
    this.#begun.delete(key);
    this.#done.add(key);
  }

  /** Keys of steps that were carried out, wholly. */
  get done(): readonly string[] {
    return [...this.#done];
  }

  /** Keys of steps that were begun and not finished. */
  get begun(): readonly string[] {
    return [...this.#begun];
  }

  get isUntouched(): boolean {
    return this.#done.size === 0 && this.#begun.size === 0;
  }

  /** Stacks whose steps were begun and not finished. */
  get unfinishedStacks(): readonly StackId[] {
    return this.begun.flatMap((key) => stackOf(key) ?? []);
  }
}
