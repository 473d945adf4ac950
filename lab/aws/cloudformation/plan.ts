import { validationError } from '../aws-error.ts';
import type { JsonObject } from '../json.ts';
import { same } from '../json.ts';
import type { Realm } from '../world.ts';
import { dependenciesOf, inOrder } from './dependencies.ts';
import { attributeDetails, propertyDetails, tagDetails } from './details.ts';
import { driftedOf } from './drift.ts';
import { evaluate, unknown } from './evaluate.ts';
import { schemaOf } from './schema.ts';
import { liveView, scopeOf } from './scope.ts';
import type { ChangeDetail, ResourceChange, Stack, StackResource, Target } from './stack.ts';
import type { ResourceDeclaration } from './template.ts';

/** Resources that the target's conditions let exist. */
export function activeResources({ template, conditions }: Target): ResourceDeclaration[] {
  return [...template.resources.values()].filter(
    ({ condition }) => condition === undefined || conditions.get(condition) === true,
  );
}

/** What executing the target would change, as far as it can be told before; `revertsDrift` compares with what is there. */
export function planChanges(realm: Realm, stack: Stack, target: Target, revertsDrift = false): ResourceChange[] {
  const active = new Map(activeResources(target).map((declaration) => [declaration.logicalId, declaration]));
  const planned = new Map<string, ResourceChange>();
  const live = liveView(realm, stack);
  const scope = scopeOf({
    realm,
    stackName: stack.name,
    stackId: stack.id,
    template: target.template,
    parameters: target.parameters,
    conditions: target.conditions,
    view: {
      ref: (id) => {
        const change = planned.get(id);
        return change?.action === 'Add' || (change?.replacement ?? 'False') !== 'False' ? unknown(id) : live.ref(id);
      },
      getAtt: (id, name) => (planned.has(id) ? unknown(`${id}.${name}`) : live.getAtt(id, name)),
    },
  });
  for (const id of inOrder(dependenciesOf(target.template, active.values()))) {
    const declaration = active.get(id);
    if (declaration === undefined) continue;
    const after = (evaluate(declaration.properties, scope) ?? {}) as JsonObject;
    const change = revertsDrift
      ? planAware(realm, stack, target, declaration, after)
      : planOne(stack, target, declaration, after, stack.resources.get(id));
    if (change !== undefined) planned.set(id, change);
  }
  const removed = [...stack.resources.values()].filter(({ logicalId }) => !active.has(logicalId));
  const removals = removed.map(
    (resource): ResourceChange => ({
      action: 'Remove',
      logicalId: resource.logicalId,
      type: resource.type,
      physicalId: resource.physicalId,
      replacement: undefined,
      policyAction: resource.deletionPolicy === 'RetainExceptOnCreate' ? 'Retain' : resource.deletionPolicy,
      scope: [],
      details: [],
      before: resource.declared,
      after: undefined,
    }),
  );
  return [...planned.values(), ...removals];
}

/** Three ways: what is there, what was set last, and what is wanted. */
function planAware(
  realm: Realm,
  stack: Stack,
  target: Target,
  declaration: ResourceDeclaration,
  after: JsonObject,
): ResourceChange | undefined {
  const existing = stack.resources.get(declaration.logicalId);
  const drifted = existing === undefined ? undefined : driftedOf(realm, existing);
  if (existing === undefined || drifted === undefined) {
    const change = planOne(stack, target, declaration, after, existing);
    return change === undefined || existing === undefined ? change : { ...change, driftStatus: 'IN_SYNC' };
  }
  const { actual } = drifted;
  if (actual === undefined) {
    const made = planOne(stack, target, declaration, after, undefined);
    return made === undefined ? undefined : { ...made, physicalId: existing.physicalId, driftStatus: 'DELETED' };
  }
  const { declared } = existing;
  const change = planOne(stack, target, declaration, after, { ...existing, declared: actual });
  const told = (change?.details ?? []).map((detail): ChangeDetail => {
    const name = detail.name ?? '';
    return detail.name === undefined || same(actual[name], declared[name])
      ? detail
      : { ...detail, drift: { previous: declared[name] } };
  });
  const synced = Object.keys({ ...declared, ...actual })
    .filter((name) => !same(actual[name], declared[name]) && same(actual[name], after[name]))
    .map((name): ChangeDetail => {
      const shared = {
        attribute: 'Properties',
        name,
        recreation: 'Never',
        evaluation: 'Static',
        cause: undefined,
      } as const;
      const values = { before: actual[name], after: after[name], drift: { previous: declared[name] } };
      return { ...shared, source: 'DirectModification', ...values };
    });
  const details = [...told, ...synced];
  if (change !== undefined) return { ...change, details, driftStatus: 'MODIFIED' };
  const { logicalId, type } = declaration;
  const shared = { logicalId, type, physicalId: existing.physicalId, before: actual, after, details };
  return {
    ...shared,
    ...{ action: 'SyncWithActual', replacement: undefined, policyAction: undefined, driftStatus: 'MODIFIED' },
    scope: ['Properties'],
  };
}

function planOne(
  stack: Stack,
  target: Target,
  declaration: ResourceDeclaration,
  after: JsonObject,
  existing: StackResource | undefined,
): ResourceChange | undefined {
  const { logicalId, type } = declaration;
  const common = { logicalId, type, physicalId: existing?.physicalId, after };
  if (existing === undefined) {
    return {
      ...common,
      action: 'Add',
      replacement: undefined,
      policyAction: undefined,
      scope: [],
      details: [],
      before: undefined,
    };
  }
  if (existing.type !== type) {
    throw validationError(
      `Update of resource type is not permitted. The new template modifies resource type of the following resources: [${logicalId}]`,
    );
  }
  const schema = schemaOf(type);
  const details = [
    ...(schema === undefined ? [] : propertyDetails(schema, stack, target, declaration, existing.declared, after)),
    ...tagDetails(schema, stack, target),
    ...attributeDetails(stack, declaration),
  ];
  if (details.length === 0) return undefined;
  const replacement = replacementOf(details);
  return {
    ...common,
    action: 'Modify',
    replacement,
    policyAction: replacement === 'True' ? replaceAction(declaration) : undefined,
    scope: [...new Set(details.map(({ attribute }) => attribute))],
    details,
    before: existing.declared,
  };
}

function replaceAction({ updateReplacePolicy }: ResourceDeclaration): ResourceChange['policyAction'] {
  if (updateReplacePolicy === 'Snapshot') return 'ReplaceAndSnapshot';
  return updateReplacePolicy === 'Delete' ? 'ReplaceAndDelete' : 'ReplaceAndRetain';
}

function replacementOf(details: readonly ChangeDetail[]): 'True' | 'False' | 'Conditional' {
  if (details.some(({ recreation, evaluation }) => recreation === 'Always' && evaluation === 'Static')) return 'True';
  return details.some(({ recreation }) => recreation !== 'Never') ? 'Conditional' : 'False';
}
