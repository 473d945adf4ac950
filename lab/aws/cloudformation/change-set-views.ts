import type { Json, JsonObject } from '../json.ts';
import { defined, same, text } from '../json.ts';
import { hasUnknown, withoutMarks } from './evaluate.ts';
import { page } from './request.ts';
import type { ChangeDetail, ChangeSet, ResourceChange, Stack } from './stack.ts';
import { parameterList, tagList } from './views.ts';

export function summary(stack: Stack, changeSet: ChangeSet): JsonObject {
  return defined({
    StackId: stack.id,
    StackName: stack.name,
    ChangeSetId: changeSet.id,
    ChangeSetName: changeSet.name,
    ExecutionStatus: changeSet.executionStatus,
    Status: changeSet.status,
    StatusReason: changeSet.reason,
    CreationTime: new Date(changeSet.created).toISOString(),
    Description: changeSet.description,
  });
}

export function describe(stack: Stack, changeSet: ChangeSet, token: string | undefined, values: boolean): JsonObject {
  const { items, next } = page(changeSet.changes, token);
  return defined({
    ...summary(stack, changeSet),
    Parameters: parameterList(changeSet.target),
    Capabilities: changeSet.capabilities,
    Tags: tagList(changeSet.target.tags),
    OnStackFailure: changeSet.onStackFailure,
    DeploymentMode: changeSet.revertsDrift ? 'REVERT_DRIFT' : undefined,
    Changes: items.map((change) => ({ Type: 'Resource', ResourceChange: show(change, values) })),
    NextToken: next,
  });
}

function show(change: ResourceChange, values: boolean): JsonObject {
  const context = (properties: JsonObject | undefined): Json | undefined =>
    values && properties !== undefined ? JSON.stringify({ Properties: withoutMarks(properties) }) : undefined;
  return defined({
    PolicyAction: change.policyAction,
    Action: change.action,
    LogicalResourceId: change.logicalId,
    PhysicalResourceId: change.physicalId,
    ResourceType: change.type,
    Replacement: change.replacement,
    Scope: change.scope,
    ResourceDriftStatus: change.driftStatus,
    Details: change.details.map((detail) => showDetail(detail, values, change.driftStatus !== undefined)),
    BeforeContext: context(change.before),
    AfterContext: context(change.after),
  });
}

function showDetail(detail: ChangeDetail, values: boolean, isAware: boolean): JsonObject {
  const shown = (value: Json | undefined): Json | undefined => {
    if (!values || value === undefined) return undefined;
    const plain = withoutMarks(value);
    return text(plain) ?? JSON.stringify(plain);
  };
  const isSynced = detail.drift !== undefined && same(detail.before, detail.after);
  const kind = detail.before === undefined ? 'Add' : detail.after === undefined ? 'Remove' : 'Modify';
  return defined({
    Target: defined({
      Attribute: detail.attribute,
      Name: detail.name,
      RequiresRecreation: detail.recreation,
      Path: values && detail.name !== undefined ? `/Properties/${detail.name}` : undefined,
      BeforeValue: shown(detail.before),
      AfterValue: shown(detail.after),
      BeforeValueFrom: isAware && values ? 'ACTUAL_STATE' : undefined,
      AfterValueFrom: isAware && values ? 'TEMPLATE' : undefined,
      Drift:
        detail.drift === undefined || !values
          ? undefined
          : defined({ PreviousValue: shown(detail.drift.previous), ActualValue: shown(detail.before) }),
      AttributeChangeType: values ? (isSynced ? 'SyncWithActual' : kind) : undefined,
    }),
    Evaluation: hasUnknown(detail.after) ? 'Dynamic' : detail.evaluation,
    ChangeSource: detail.source,
    CausingEntity: detail.cause,
  });
}
