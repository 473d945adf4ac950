import { deepEqual, type Resource, type ResourceDifference, ResourceImpact } from '@aws-cdk/cloudformation-diff';
import { diffResource } from '@aws-cdk/cloudformation-diff/lib/diff/index.js';
import { type Difference, differences } from '../../../plan/difference/differences.ts';
import { CAUTION, RETAINED } from '../../../plan/difference/stateful.ts';
import { isStatement } from '../../../plan/difference/statement.ts';
import type { Action, AttributeChange, BareChange } from '../../../plan/model.ts';
import { isRecord } from '../../../text/json.ts';
import { broadenedAccess } from './access.ts';
import { UNDECIDED } from './consequences.ts';
import { holdsIntrinsic, isIntrinsic, isSet, withoutHashes } from './values.ts';

/** Keys of a resource's metadata that the CDK writes for itself. */
const OWN_METADATA = /^Metadata(?:$|\.(?:aws:cdk:|aws:asset:|cdk_nag))/;
/** Tells how much of which library was used, and nothing about the cloud. */
const OWN_TYPES = new Set(['AWS::CDK::Metadata']);

/** What machines are started from: another hash in it is another machine. */
const RUNS = /^AWS::(?:EC2::(?:LaunchTemplate|Instance)|AutoScaling::LaunchConfiguration)$/;

/**
 * A resource that stays, as `diffResource` judges it: `fullDiff` reads policies too, and fails on one without a document. Undefined where
 * nothing differs.
 */
export function changedResource(
  id: string,
  oldValue: Readonly<Record<string, unknown>> | undefined,
  newValue: Readonly<Record<string, unknown>>,
): BareChange | undefined {
  if (oldValue === undefined || deepEqual(oldValue, newValue)) return undefined;
  const difference = diffResource(oldValue as unknown as Resource, newValue as unknown as Resource, id);
  const action = actionOf(difference.changeImpact);
  if (action === undefined) return undefined;
  const found = differences(flat(oldValue), flat(newValue), { isSet, isAtom: isIntrinsic, isWhole: isStatement });
  const replacing = replacingProperties(difference);
  const attributes = found.map((each) => toAttribute(each, action === 'replace' ? replacing : new Set()));
  const noise = action === 'update' && noiseOf(difference.resourceType ?? '', found);
  return {
    address: id,
    type: difference.resourceType ?? '',
    action,
    reasons: noise ? [noise] : reasonsOf(id, difference, action, replacing),
    attributes: noise ? [] : attributes,
    noise: noise !== false,
    restarts: [],
    findings: [],
  };
}

/** Properties beside what stands around them: `Properties.X` is called `X`. */
function flat(resource: object): Record<string, unknown> {
  const { Properties, Type, ...rest } = resource as Record<string, unknown>;
  return { ...(Properties as Record<string, unknown> | undefined), ...rest, Type };
}

function replacingProperties(difference: ResourceDifference): Map<string, ResourceImpact> {
  const impacts = Object.entries(difference.propertyUpdates).map(([name, each]) => [name, each.changeImpact] as const);
  return new Map(
    impacts.filter(
      (entry): entry is [string, ResourceImpact] =>
        entry[1] === ResourceImpact.WILL_REPLACE || entry[1] === ResourceImpact.MAY_REPLACE,
    ),
  );
}

function toAttribute({ path, before, after }: Difference, replacing: { has(name: string): boolean }): AttributeChange {
  return {
    path,
    before,
    after,
    // A map says more by itself than that something in it is known later.
    afterUnknown: isRecord(after) && isIntrinsic(after) && !holdsIntrinsic(before),
    sensitive: false,
    forcesReplacement: replacing.has(path.split('.')[0] ?? ''),
  };
}

/** Why nobody has to look at an update, or false. */
function noiseOf(type: string, found: readonly Difference[]): string | false {
  if (OWN_TYPES.has(type)) return "only the CDK's own metadata differ";
  const real = found.filter((each) => !OWN_METADATA.test(each.path));
  if (real.length === 0)
    return found.length === 0 ? 'only the order of lists without order differs' : 'only metadata differ';
  if (real.every((each) => each.path.startsWith('DependsOn'))) return 'only its dependencies change';
  if (!RUNS.test(type) && real.every((each) => withoutHashes(each.before) === withoutHashes(each.after)))
    return 'only content hashes differ';
  return false;
}

function reasonsOf(
  id: string,
  difference: ResourceDifference,
  action: Action,
  replacing: ReadonlyMap<string, ResourceImpact>,
): string[] {
  const { oldValue, newValue } = difference;
  const reasons: string[] = [];
  if (difference.resourceTypeChanged) reasons.push(`its type was ${difference.oldResourceType ?? 'none'}`);
  if (action === 'replace' && replacing.size > 0)
    reasons.push(`${[...replacing.keys()].join(', ')} cannot be changed in place`);
  if (difference.changeImpact === ResourceImpact.MAY_REPLACE) reasons.push(UNDECIDED);
  if (action === 'replace' && newValue?.['UpdateReplacePolicy'] === 'Retain') reasons.push(RETAINED);
  const was: unknown = oldValue?.['DeletionPolicy'];
  const is: unknown = newValue?.['DeletionPolicy'];
  if (was === 'Retain' && is !== 'Retain') reasons.push(`${CAUTION}from now on, removing it deletes it`);
  reasons.push(...broadenedAccess(id, difference.resourceType ?? '', oldValue, newValue));
  return reasons;
}

function actionOf(impact: ResourceImpact): Action | undefined {
  switch (impact) {
    case ResourceImpact.WILL_REPLACE:
    case ResourceImpact.MAY_REPLACE:
      return 'replace';
    case ResourceImpact.WILL_UPDATE:
      return 'update';
    case ResourceImpact.WILL_IMPORT:
      return 'import';
    case ResourceImpact.WILL_CREATE:
      return 'create';
    case ResourceImpact.WILL_DESTROY:
      return 'delete';
    case ResourceImpact.WILL_ORPHAN:
      return 'forget';
    case ResourceImpact.NO_CHANGE:
      return undefined;
  }
}
