/** Data in a resource that a stack is destroyed with, or leaves behind. Counts are the cloud's own, and may lag behind. */
export interface Holding {
  /** Of the resource in its stack. */
  readonly address: string;
  /** Kind and name for people: `bucket acme-results`. */
  readonly name: string;
  /** `3 objects (1.2 MiB)`, `2 messages, 1 of them in flight`. */
  readonly text: string;
  /** Whether it is people's work, which goes only where somebody says so. False for bookkeeping, worth nothing without its stack. */
  readonly isWork: boolean;
  /** Whether the resource outlives the stack, with what is in it. */
  readonly isKept: boolean;
}

/** What is lost with a stack: work in what does not outlive it. */
export function lostWork(holdings: readonly Holding[]): Holding[] {
  return holdings.filter(({ isWork, isKept }) => isWork && !isKept);
}

/** `bucket acme-results holds 3 objects (1.2 MiB), queue acme-jobs holds 2 messages`. */
export function describeHoldings(holdings: readonly Pick<Holding, 'name' | 'text'>[]): string {
  return holdings.map(({ name, text }) => `${name} holds ${text}`).join(', ');
}
