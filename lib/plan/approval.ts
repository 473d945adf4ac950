import type { Action, StackPlan } from './model.ts';

/** What an action that was confirmed may have become by the time it is planned again: done in part, found again, or cut off. */
const COVERS: Readonly<Record<Action, readonly Action[]>> = {
  create: ['create', 'import', 'update', 'interrupt', 'replace', 'move'],
  update: ['update', 'move'],
  interrupt: ['interrupt', 'update', 'move'],
  replace: ['replace', 'create', 'delete', 'update', 'interrupt', 'import'],
  delete: ['delete', 'forget'],
  move: ['move'],
  import: ['import', 'update'],
  forget: ['forget'],
};

/** Changes of a later plan that the confirmed one did not show, as `action address`; outputs follow what is confirmed. Pure. */
export function beyondApproval(confirmed: StackPlan, later: StackPlan): string[] {
  const allowed = new Map(confirmed.changes.map((change) => [change.address, change.action]));
  return later.changes
    .filter(({ type }) => type !== 'output')
    .filter((change) => {
      const action = allowed.get(change.address);
      return action === undefined || !COVERS[action].includes(change.action);
    })
    .map((change) => `${change.action} ${change.address}`);
}
