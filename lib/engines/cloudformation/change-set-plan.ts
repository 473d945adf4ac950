import type { ResourceChange, ResourceChangeDetail } from '@aws-sdk/client-cloudformation';
import { PLAIN_ATTRIBUTE, sortChanges } from '../../plan/change.ts';
import { withOverwritten } from '../../plan/difference/overwritten.ts';
import { CAUTION, withCaution } from '../../plan/difference/stateful.ts';
import { isResource } from '../../plan/is-resource.ts';
import { type Action, type AttributeChange, type BareChange, type Change, type StackPlan } from '../../plan/model.ts';
import type { Mac } from '../engine.ts';
import { diffCloudFormation } from './difference.ts';
import { maskedBy } from './mask.ts';
import { readTemplate, type TemplateFacts } from './template.ts';
import { valueOf } from './values.ts';

/**
 * A change set as Tandem shows it: what happens to each resource is CloudFormation's own answer; the attributes are those of the
 * two templates, and, where the templates say the same, the values that CloudFormation resolved.
 */
export async function toChanges(
  changes: readonly ResourceChange[],
  live: string | undefined,
  wanted: string,
  mac?: Mac,
): Promise<Pick<StackPlan, 'changes' | 'drift'>> {
  const offline = new Map((await diffCloudFormation(live, wanted, [], mac)).map((change) => [change.address, change]));
  const told = changes.map((change) => fromChangeSet(change, offline.get(change.LogicalResourceId ?? '')));
  // Outputs, parameters and conditions are no business of a change set.
  const settings = live === undefined ? [] : [...offline.values()].filter((change) => !isResource(change));
  const facts = [live, wanted].flatMap((text) => (text === undefined ? [] : [readTemplate(text)]));
  const drift = driftOf(changes, facts);
  return {
    changes: withOverwritten(
      sortChanges([...told, ...settings].map((change) => maskedBy({ ...change, source: null }, facts, mac))),
      drift,
    ),
    drift,
  };
}

/** What a drift-aware change set found changed by hand. */
function driftOf(changes: readonly ResourceChange[], facts: readonly TemplateFacts[]): Change[] {
  const drift = changes.flatMap((change): Change[] => {
    const { LogicalResourceId: address = '', ResourceType: type = '', ResourceDriftStatus: status } = change;
    if (status !== 'MODIFIED' && status !== 'DELETED') return [];
    const attributes = (change.Details ?? []).flatMap(({ Target: target }): AttributeChange[] => {
      const path = target?.Name ?? target?.Attribute;
      if (path === undefined || target?.Drift === undefined) return [];
      const { PreviousValue: before, ActualValue: after } = target.Drift;
      return [{ path, before: valueOf(before), after: valueOf(after), ...PLAIN_ATTRIBUTE }];
    });
    const own = attributes.filter(isFirstPath);
    const bare = { address, type, reasons: [], source: null, noise: false, restarts: [], findings: [] };
    return [maskedBy({ ...bare, action: status === 'DELETED' ? 'delete' : 'update', attributes: own }, facts)];
  });
  return sortChanges(drift);
}

function fromChangeSet(change: ResourceChange, offline: BareChange | undefined): BareChange {
  const { LogicalResourceId: address = '', ResourceType: type = '', Details: details = [] } = change;
  const action = actionOf(change);
  const isSynced = change.Action === 'SyncWithActual';
  const isSame = offline !== undefined && (offline.action === 'interrupt' ? 'update' : offline.action) === action;
  const told = details.flatMap((detail) => attributeOf(detail, action)).filter(isFirstPath);
  // What was changed by hand is compared with what is there, which no template says.
  const byHand = new Set(
    details.flatMap(({ Target: target }) => (target?.Drift === undefined ? [] : (target.Name ?? []))),
  );
  const attributes =
    offline !== undefined && offline.attributes.length > 0
      ? [
          ...offline.attributes
            .filter(({ path }) => !byHand.has(path.split('.', 1)[0] ?? ''))
            .map((each) => ({ ...each, forcesReplacement: forces(details, each.path, action) })),
          ...told.filter(({ path }) => byHand.has(path)),
        ]
      : told;
  const bare: BareChange = {
    address,
    type,
    action,
    reasons: [...reasonsOf(change, action, details), ...(isSame ? offline.reasons : [])].filter(isFirst),
    attributes: isSynced ? [] : attributes,
    noise: isSynced || (action === 'update' && byHand.size === 0 && (offline?.noise ?? false)),
    restarts: [],
    findings: [],
  };
  return isSame && offline.action !== 'interrupt' ? bare : withCaution(bare);
}

const isFirst = (reason: string, index: number, all: readonly string[]): boolean => all.indexOf(reason) === index;

/** A property that several others make is named once. */
const isFirstPath = ({ path }: AttributeChange, index: number, all: readonly AttributeChange[]): boolean =>
  all.findIndex((each) => each.path === path) === index;

function actionOf({ Action: action, Replacement: replacement, PolicyAction: policy }: ResourceChange): Action {
  switch (action) {
    case 'Add':
      return 'create';
    case 'Remove':
      return policy === 'Retain' ? 'forget' : 'delete';
    case 'Import':
      return 'import';
    default:
      return replacement === 'True' || replacement === 'Conditional' ? 'replace' : 'update';
  }
}

function reasonsOf(change: ResourceChange, action: Action, details: readonly ResourceChangeDetail[]): string[] {
  const reasons: string[] = [];
  if (!DECIDED.has(change.Action ?? ''))
    reasons.push(`${CAUTION}CloudFormation decides at deployment what happens to it`);
  if (change.Action === 'Import')
    reasons.push(`exists as ${change.PhysicalResourceId ?? 'something else'} and is imported`);
  if (change.ResourceType === NESTED && action !== 'create')
    reasons.push('it is a stack of its own: what happens in it is not shown');
  const cut = details.filter(isCut).map(({ Target: target }) => target?.Path ?? target?.Name ?? '');
  if (cut.length > 0)
    reasons.push(`${[...new Set(cut)].join(', ')}: CloudFormation shows only the beginning, which is the same`);
  if (change.Action === 'SyncWithActual') return ['it was changed outside to what is wanted now, and is left as it is'];
  if (action === 'forget') reasons.push('it stays in the account, and is removed from the stack');
  const causes = new Set(details.flatMap(({ CausingEntity: cause }) => (cause === undefined ? [] : [entityOf(cause)])));
  if (action === 'update' || action === 'replace')
    for (const cause of causes) reasons.push(`${cause} changes, which it refers to`);
  if (action !== 'replace') return reasons;
  const isConditional = change.Replacement === 'Conditional';
  const forcing = details.filter((each) => recreates(each)).map((each) => each.Target?.Name ?? '');
  const names = [...new Set(forcing)].filter((name) => name !== '').sort();
  if (isConditional) reasons.push('CloudFormation decides at deployment whether it is replaced');
  if (names.length > 0 && !isConditional) reasons.push(`${names.join(', ')} cannot be changed in place`);
  if (change.PolicyAction === 'ReplaceAndRetain') reasons.push('the old one stays in the account, outside any stack');
  return reasons;
}

function recreates({ Target: target }: ResourceChangeDetail): boolean {
  return target?.RequiresRecreation === 'Always' || target?.RequiresRecreation === 'Conditionally';
}

function forces(details: readonly ResourceChangeDetail[], path: string, action: Action): boolean {
  if (action !== 'replace') return false;
  const [name] = path.split('.');
  return details.some((each) => recreates(each) && each.Target?.Name === name);
}

const NESTED = 'AWS::CloudFormation::Stack';
const DECIDED: ReadonlySet<string> = new Set(['Add', 'Modify', 'Remove', 'Import', 'SyncWithActual']);

/** Long values are cut, without a mark: what differs may be behind. */
function isCut({ Target: target, Evaluation }: ResourceChangeDetail): boolean {
  const { BeforeValue: before, AfterValue: after } = target ?? {};
  return Evaluation !== 'Dynamic' && before !== undefined && before === after && before.length >= LEAST_CUT;
}

/** Shorter values are told whole. */
const LEAST_CUT = 200;

const UNKNOWN = '{{changeSet:KNOWN_AFTER_APPLY}}';

function attributeOf({ Target: target, Evaluation }: ResourceChangeDetail, action: Action): AttributeChange[] {
  const path = target?.Name ?? target?.Attribute;
  if (path === undefined || action === 'create') return [];
  const after = target?.AfterValue;
  const isUnknown =
    after?.includes(UNKNOWN) === true ||
    (Evaluation === 'Dynamic' && (after === undefined || after === target?.BeforeValue));
  return [
    {
      path,
      before: valueOf(target?.BeforeValue),
      after: isUnknown ? null : valueOf(after),
      afterUnknown: isUnknown,
      sensitive: false,
      forcesReplacement: action === 'replace' && target?.Attribute === 'Properties' && recreates({ Target: target }),
    },
  ];
}

/** `Queue.Arn` is about `Queue`. */
function entityOf(cause: string): string {
  return cause.split('.', 1)[0] ?? cause;
}
