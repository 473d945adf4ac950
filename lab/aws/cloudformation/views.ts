import type { Json, JsonObject } from '../json.ts';
import { defined } from '../json.ts';
import type { Stack, StackEvent, StackResource, Tags, Target } from './stack.ts';

const iso = (time: number | undefined): string | undefined =>
  time === undefined ? undefined : new Date(time).toISOString();

export function tagList(tags: Tags): Json {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

export function parameterList(target: Target | undefined): Json {
  return [...(target?.parameters.values() ?? [])].map(({ key, given, resolved, noEcho }) =>
    defined({ ParameterKey: key, ParameterValue: noEcho ? '****' : given, ResolvedValue: resolved }),
  );
}

export function showStack(stack: Stack): JsonObject {
  return defined({
    StackId: stack.id,
    StackName: stack.name,
    Description: stack.current?.template.description,
    Parameters: parameterList(stack.current),
    CreationTime: iso(stack.created),
    LastUpdatedTime: iso(stack.updated),
    DeletionTime: iso(stack.deleted),
    StackStatus: stack.status,
    StackStatusReason: stack.reason,
    DisableRollback: stack.disableRollback,
    Capabilities: stack.capabilities,
    RoleARN: stack.roleArn,
    Tags: tagList(stack.current?.tags ?? {}),
    EnableTerminationProtection: stack.terminationProtection,
    Outputs: stack.outputs.map(({ key, value, description, exportName }) =>
      defined({ OutputKey: key, OutputValue: value, Description: description, ExportName: exportName }),
    ),
    DriftInformation: defined({
      StackDriftStatus: stack.drift.status,
      LastCheckTimestamp: iso(stack.drift.checked),
    }),
  });
}

export function showSummary(stack: Stack): JsonObject {
  return defined({
    StackId: stack.id,
    StackName: stack.name,
    TemplateDescription: stack.current?.template.description,
    CreationTime: iso(stack.created),
    LastUpdatedTime: iso(stack.updated),
    DeletionTime: iso(stack.deleted),
    StackStatus: stack.status,
    StackStatusReason: stack.reason,
    DriftInformation: defined({ StackDriftStatus: stack.drift.status, LastCheckTimestamp: iso(stack.drift.checked) }),
  });
}

export function showResource(resource: StackResource): JsonObject {
  return defined({
    LogicalResourceId: resource.logicalId,
    PhysicalResourceId: resource.physicalId,
    ResourceType: resource.type,
    ResourceStatus: resource.status,
    ResourceStatusReason: resource.statusReason,
    DriftInformation: defined({
      StackResourceDriftStatus: resource.drift.status,
      LastCheckTimestamp: iso(resource.drift.checked),
    }),
  });
}

export function showEvent(stack: Stack, event: StackEvent): JsonObject {
  return defined({
    StackId: stack.id,
    EventId: event.id,
    OperationId: event.operationId,
    StackName: stack.name,
    LogicalResourceId: event.logicalId,
    PhysicalResourceId: event.physicalId,
    ResourceType: event.type,
    Timestamp: iso(event.time),
    ResourceStatus: event.status,
    ResourceStatusReason: event.reason,
    ResourceProperties: event.properties === undefined ? undefined : JSON.stringify(event.properties),
    ClientRequestToken: event.token,
  });
}
