import type { Finding, StackPlan } from '../plan/model.ts';

/** Stacks whose changes name the rules of what was found in them, each once. Pure. */
export function marked(stacks: readonly StackPlan[], findings: readonly Finding[]): StackPlan[] {
  const byChange = Map.groupBy(findings, ({ stack = '', address }) => `${stack} ${address}`);
  return stacks.map((stack) => ({
    ...stack,
    changes: stack.changes.map((change) => {
      const found = byChange.get(`${stack.id} ${change.address}`)?.map(({ rule }) => rule);
      return found === undefined ? change : { ...change, findings: [...new Set([...change.findings, ...found])] };
    }),
  }));
}
