import { AwsError, notInLab, validationError } from '../aws-error.ts';
import type { Json, JsonObject } from '../json.ts';
import { defined, isObject, strings, text } from '../json.ts';
import type { Calls } from '../service.ts';
import type { Realm } from '../world.ts';
import { needChangeSet } from './change-set-calls.ts';
import { need, needStack, page, templateText } from './request.ts';
import { cloudFormationStore, findStack, importersOf, type Stack, type StackResource } from './stack.ts';
import { parseTemplate, type Template } from './template.ts';
import { validateTemplate } from './validate.ts';
import { showEvent, showResource, showStack, showSummary } from './views.ts';

export const queryCalls: Calls = {
  DescribeStacks: {
    takes: ['StackName', 'NextToken'],
    run: (input, { realm }) => {
      const name = text(input['StackName']);
      if (name !== undefined) {
        const stack = findStack(realm, name);
        if (stack === undefined) throw validationError(`Stack with id ${name} does not exist`);
        return { Stacks: [showStack(stack)] };
      }
      const alive = cloudFormationStore(realm).stacks.filter(({ status }) => status !== 'DELETE_COMPLETE');
      return paged('Stacks', alive, input, showStack);
    },
  },
  ListStacks: {
    takes: ['StackStatusFilter', 'NextToken'],
    run: (input, { realm }) => {
      const wanted = strings(input['StackStatusFilter']);
      const found = cloudFormationStore(realm).stacks.filter(
        ({ status }) => wanted.length === 0 || wanted.includes(status),
      );
      return paged('StackSummaries', found, input, showSummary);
    },
  },
  DescribeStackEvents: {
    takes: ['StackName', 'NextToken'],
    run: (input, { realm }) => {
      const stack = needStack(realm, need(input, 'StackName'));
      return paged('StackEvents', [...stack.events].reverse(), input, (event) => showEvent(stack, event));
    },
  },
  DescribeStackResources: {
    takes: ['StackName', 'LogicalResourceId', 'PhysicalResourceId'],
    run: (input, { realm }) => {
      const { stack, found } = chosen(realm, input);
      return {
        StackResources: found.map((resource) => ({
          StackName: stack.name,
          StackId: stack.id,
          ...showResource(resource),
          Timestamp: new Date(resource.updated).toISOString(),
        })),
      };
    },
  },
  DescribeStackResource: {
    takes: ['StackName', 'LogicalResourceId'],
    run: (input, { realm }) => {
      const stack = needStack(realm, need(input, 'StackName'));
      const id = need(input, 'LogicalResourceId');
      const resource = stack.resources.get(id);
      if (resource === undefined) throw validationError(`Resource ${id} does not exist for stack ${stack.name}`);
      const metadata = stack.current?.template.resources.get(id)?.metadata;
      return {
        StackResourceDetail: defined({
          StackName: stack.name,
          StackId: stack.id,
          ...showResource(resource),
          LastUpdatedTimestamp: new Date(resource.updated).toISOString(),
          Metadata: metadata === undefined ? undefined : JSON.stringify(metadata),
        }),
      };
    },
  },
  ListStackResources: {
    takes: ['StackName', 'NextToken'],
    run: (input, { realm }) => {
      const { found } = chosen(realm, input);
      return paged('StackResourceSummaries', found, input, (resource) => ({
        ...showResource(resource),
        LastUpdatedTimestamp: new Date(resource.updated).toISOString(),
      }));
    },
  },
  GetTemplate: {
    takes: ['StackName', 'ChangeSetName', 'TemplateStage'],
    run: (input, { realm }) => {
      const target =
        input['ChangeSetName'] === undefined
          ? needStack(realm, need(input, 'StackName')).current
          : needChangeSet(realm, input).changeSet.target;
      if (target === undefined) return { TemplateBody: '{}', StagesAvailable: ['Original', 'Processed'] };
      return { TemplateBody: target.template.text, StagesAvailable: ['Original', 'Processed'] };
    },
  },
  GetTemplateSummary: {
    takes: ['TemplateBody', 'TemplateURL', 'StackName'],
    run: (input, context) => {
      const name = text(input['StackName']);
      const stack = name === undefined ? undefined : needStack(context.realm, name);
      return summarise(stack?.current?.template ?? parseTemplate(templateText(input, context, undefined)));
    },
  },
  ValidateTemplate: {
    takes: ['TemplateBody', 'TemplateURL'],
    run: (input, context) => {
      const template = parseTemplate(templateText(input, context, undefined));
      validateTemplate(template);
      const { Parameters, Description = '' } = summarise(template);
      return { Parameters: Parameters ?? [], Description };
    },
  },
  ListExports: {
    takes: ['NextToken'],
    run: (input, { realm }) => {
      const stacks = cloudFormationStore(realm).stacks.filter(({ status }) => status !== 'DELETE_COMPLETE');
      const all = stacks.flatMap(({ id, outputs }) =>
        outputs.flatMap(({ exportName, value }) =>
          exportName === undefined ? [] : [{ ExportingStackId: id, Name: exportName, Value: value }],
        ),
      );
      return paged('Exports', all, input, (item) => item);
    },
  },
  ListImports: {
    takes: ['ExportName', 'NextToken'],
    run: (input, { realm }) => {
      const name = need(input, 'ExportName');
      const users = importersOf(realm, name);
      if (users.length === 0) throw validationError(`Export '${name}' is not imported by any stack.`);
      return { Imports: users.map((user) => user.name) };
    },
  },
  DescribeEvents: {
    takes: ['StackName', 'ChangeSetName', 'Filters', 'OperationId', 'NextToken'],
    run: (input, { realm }) => {
      if (input['ChangeSetName'] === undefined) throw notInLab('DescribeEvents', 'anything but a change set');
      const { stack, changeSet } = needChangeSet(realm, input);
      return {
        OperationEvents: changeSet.problems.map((problem, index) => ({
          EventId: `${changeSet.name}-${index}`,
          StackId: stack.id,
          EventType: 'VALIDATION_ERROR',
          LogicalResourceId: problem.logicalId,
          PhysicalResourceId: stack.resources.get(problem.logicalId)?.physicalId ?? '',
          ResourceType: problem.type,
          Timestamp: new Date(changeSet.created).toISOString(),
          ValidationFailureMode: 'FAIL',
          ValidationName: 'PROPERTY_VALIDATION',
          ValidationStatus: 'FAILED',
          ValidationStatusReason: problem.message,
          ValidationPath: problem.path,
        })),
      };
    },
  },
  DescribeStackDriftDetectionStatus: {
    takes: ['StackDriftDetectionId'],
    run: (input, { realm }) => {
      const id = need(input, 'StackDriftDetectionId');
      const found = cloudFormationStore(realm).detections.get(id);
      if (found === undefined) throw new AwsError('ValidationError', `Drift detection ${id} does not exist`);
      return defined({
        StackId: found.stackId,
        StackDriftDetectionId: id,
        StackDriftStatus: found.stackStatus,
        DetectionStatus: found.status,
        DriftedStackResourceCount: found.drifted,
        Timestamp: new Date(found.started).toISOString(),
      });
    },
  },
};

function paged<T>(name: string, all: readonly T[], input: JsonObject, show: (item: T) => Json): JsonObject {
  const { items, next } = page(all, text(input['NextToken']));
  return defined({ [name]: items.map(show), NextToken: next });
}

function chosen(realm: Realm, input: JsonObject): { stack: Stack; found: StackResource[] } {
  const physical = text(input['PhysicalResourceId']);
  const stack =
    physical === undefined
      ? needStack(realm, need(input, 'StackName'))
      : cloudFormationStore(realm).stacks.find(({ resources }) =>
          [...resources.values()].some(({ physicalId }) => physicalId === physical),
        );
  if (stack === undefined) throw validationError(`Stack for ${physical ?? ''} does not exist`);
  const logical = text(input['LogicalResourceId']);
  const found = [...stack.resources.values()].filter(
    ({ logicalId, physicalId }) => (logical ?? logicalId) === logicalId && (physical ?? physicalId) === physicalId,
  );
  return { stack, found };
}

function summarise(template: Template): JsonObject {
  return defined({
    Description: template.description,
    Parameters: Object.entries(template.parameters).map(([key, declaration]) =>
      defined({
        ParameterKey: key,
        DefaultValue: text(declaration['Default']),
        ParameterType: text(declaration['Type']),
        NoEcho: text(declaration['NoEcho']) === 'true',
        Description: text(declaration['Description']),
        ParameterConstraints: { AllowedValues: strings(declaration['AllowedValues']) },
      }),
    ),
    ResourceTypes: [...new Set([...template.resources.values()].map(({ type }) => type))],
    Version: '2010-09-09',
    Metadata: isObject(template.body['Metadata']) ? JSON.stringify(template.body['Metadata']) : undefined,
  });
}
