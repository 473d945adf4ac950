import type { Change, Plan, StackPlan } from '../model.ts';

const MARK = 'not managed by Tandem: ';

/** Drift that is a thing which no stack manages. @param what for people, whole: `floating address 203.0.113.7, made …` */
export function unmanaged(address: string, type: string, what: string): Change {
  return {
    ...{ address, type, action: 'create', reasons: [`${MARK}${what}`], source: null, noise: false },
    ...{ attributes: [], restarts: [], findings: [] },
  };
}

/** What it says of itself, where it is such a thing. */
export function unmanagedText({ address, reasons }: Change): string | undefined {
  const what = reasons.find((reason) => reason.startsWith(MARK))?.slice(MARK.length);
  return what === undefined ? undefined : `${what} (${address})`;
}

export function unmanagedIn({ drift }: Pick<StackPlan, 'drift'>): string[] {
  return drift.flatMap((change) => unmanagedText(change) ?? []);
}

/** Lines for a reader of a plan; none where everything is managed. */
export function unmanagedLines({ stacks }: Plan): string[] {
  return stacks.flatMap((stack) => {
    const found = unmanagedIn(stack);
    return found.length === 0
      ? []
      : [`${stack.id} holds what Tandem does not manage:`, ...found.map((each) => `  ${each}`)];
  });
}
