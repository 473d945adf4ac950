import type { AttributeChange, Change, StackPlan } from '../../../../lib/plan/model.ts';
import type { StackId } from '../../../../lib/stack/id.ts';

/** An attribute that changes from one value to another. */
export function attribute(
  path: string,
  before: unknown,
  after: unknown,
  more: Partial<AttributeChange> = {},
): AttributeChange {
  return { path, before, after, afterUnknown: false, sensitive: false, forcesReplacement: false, ...more };
}

/** An update of one attribute, from a line of a blueprint. */
export function change(address: string, more: Partial<Change> = {}): Change {
  return {
    ...{
      address,
      type: address.split('.')[0] ?? '',
      action: 'update',
      reasons: [],
      noise: false,
      restarts: [],
      findings: [],
    },
    attributes: [attribute('flavor_name', 'small', 'large')],
    source: { file: 'config/blueprints/di.yaml', line: 7 },
    ...more,
  };
}

export function stack(id: StackId, changes: readonly Change[], more: Partial<StackPlan> = {}): StackPlan {
  return { id, engine: 'terraform', status: 'changed', changes, unresolvedInputs: [], drift: [], ...more };
}
