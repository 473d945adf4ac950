import { AwsError, notInLab, validationError } from '../aws-error.ts';
import type { JsonObject } from '../json.ts';
import { strings, text } from '../json.ts';
import type { CallContext, Calls } from '../service.ts';
import type { Realm } from '../world.ts';
import { describe, summary } from './change-set-views.ts';
import { startFromActual } from './drift.ts';
import { earlyProblems } from './early-validation.ts';
import { beginCreate, beginUpdate } from './flows.ts';
import { beginImport, importsOf, planImport } from './import.ts';
import { reasonOf } from './operation.ts';
import { planChanges } from './plan.ts';
import { disablesRollback, need, needStack, targetOf } from './request.ts';
import { schemaOf } from './schema.ts';
import { type ChangeSet, cloudFormationStore, findStack, type ResourceChange, type Stack } from './stack.ts';
import { differs, newStack, requireUpdatable } from './stack-calls.ts';

const NO_CHANGES =
  "The submitted information didn't contain changes. Submit different information to create a change set.";

export const changeSetCalls: Calls = {
  CreateChangeSet: {
    takes: [
      ...['StackName', 'ChangeSetName', 'ChangeSetType', 'Description', 'ClientToken', 'TemplateBody', 'TemplateURL'],
      ...[
        'UsePreviousTemplate',
        'Parameters',
        'Capabilities',
        'Tags',
        'RoleARN',
        'IncludeNestedStacks',
        'OnStackFailure',
      ],
      ...['ImportExistingResources', 'ResourcesToImport', 'NotificationARNs', 'DeploymentMode', 'DeploymentConfig'],
    ],
    run: (input, context) => {
      refuseUnsupported(input);
      const type = text(input['ChangeSetType']);
      const kind = type === 'CREATE' || type === 'IMPORT' ? type : 'UPDATE';
      const stack = stackFor(context.realm, need(input, 'StackName'), kind);
      const changeSet = newChangeSet(input, context, stack, kind);
      if (kind !== 'UPDATE' && !cloudFormationStore(context.realm).stacks.includes(stack))
        cloudFormationStore(context.realm).stacks.push(stack);
      stack.changeSets.set(changeSet.name, changeSet);
      void settle(context.realm, stack, changeSet);
      return { Id: changeSet.id, StackId: stack.id };
    },
  },
  DescribeChangeSet: {
    takes: ['ChangeSetName', 'StackName', 'NextToken', 'IncludePropertyValues'],
    run: (input, { realm }) => {
      const { stack, changeSet } = needChangeSet(realm, input);
      return describe(stack, changeSet, text(input['NextToken']), text(input['IncludePropertyValues']) === 'true');
    },
  },
  ExecuteChangeSet: {
    takes: ['ChangeSetName', 'StackName', 'ClientRequestToken', 'DisableRollback'],
    run: (input, { realm }) => {
      const { stack, changeSet } = needChangeSet(realm, input);
      if (changeSet.executionStatus !== 'AVAILABLE') {
        throw new AwsError(
          'InvalidChangeSetStatus',
          `ChangeSet [${changeSet.id}] cannot be executed in its current status of [${changeSet.status}]`,
        );
      }
      if (changeSet.kind === 'UPDATE') requireUpdatable(stack);
      changeSet.executionStatus = 'EXECUTE_IN_PROGRESS';
      stack.disableRollback = changeSet.disableRollback || disablesRollback('ExecuteChangeSet', input);
      stack.capabilities = changeSet.capabilities;
      stack.roleArn = changeSet.roleArn ?? stack.roleArn;
      const token = text(input['ClientRequestToken']);
      const onFailure = changeSet.onStackFailure as 'ROLLBACK' | 'DELETE' | 'DO_NOTHING' | undefined;
      // Executing one makes all the others of the stack meaningless.
      for (const other of stack.changeSets.values()) if (other !== changeSet) stack.changeSets.delete(other.name);
      if (changeSet.revertsDrift) startFromActual(realm, stack);
      if (changeSet.kind === 'CREATE')
        beginCreate(realm, stack, changeSet.target, { token, ...(onFailure && { onFailure }) });
      else if (changeSet.kind === 'IMPORT')
        beginImport(realm, stack, changeSet.target, { token, imports: changeSet.imports });
      else beginUpdate(realm, stack, changeSet.target, { token });
      void stack.running?.then(() => {
        changeSet.executionStatus =
          stack.status.endsWith('_COMPLETE') && !stack.status.includes('ROLLBACK')
            ? 'EXECUTE_COMPLETE'
            : 'EXECUTE_FAILED';
      });
      return {};
    },
  },
  DeleteChangeSet: {
    takes: ['ChangeSetName', 'StackName'],
    run: (input, { realm }) => {
      const found = findChangeSet(realm, input);
      if (found?.changeSet?.status.endsWith('_IN_PROGRESS') === true)
        throw new AwsError(
          'InvalidChangeSetStatus',
          `ChangeSet [${found.changeSet.id}] cannot be deleted while it is created`,
        );
      if (found?.changeSet !== undefined) found.stack.changeSets.delete(found.changeSet.name);
      return {};
    },
  },
  ListChangeSets: {
    takes: ['StackName', 'NextToken'],
    run: (input, { realm }) => {
      const stack = needStack(realm, need(input, 'StackName'));
      return { Summaries: [...stack.changeSets.values()].map((changeSet) => summary(stack, changeSet)) };
    },
  },
};

function refuseUnsupported(input: JsonObject): void {
  if ((text(input['ChangeSetType']) === 'IMPORT') !== (input['ResourcesToImport'] !== undefined))
    throw validationError('ResourcesToImport is needed for, and allowed with, ChangeSetType IMPORT only');
  if (input['NotificationARNs'] !== undefined && strings(input['NotificationARNs']).join() !== '')
    throw notInLab('CreateChangeSet', 'NotificationARNs');
  const mode = text(input['DeploymentMode']);
  if (mode !== undefined && mode !== 'REVERT_DRIFT')
    throw validationError(
      `1 validation error detected: Value '${mode}' at 'deploymentMode' failed to satisfy constraint: Member must satisfy enum value set: [REVERT_DRIFT]`,
    );
  if (mode !== undefined && text(input['ChangeSetType']) !== 'UPDATE')
    throw validationError('DeploymentMode REVERT_DRIFT is only supported for change sets of type UPDATE');
}

function stackFor(realm: Realm, name: string, kind: ChangeSet['kind']): Stack {
  const found = findStack(realm, name);
  if (kind === 'UPDATE') {
    const stack = found ?? needStack(realm, name);
    requireUpdatable(stack);
    return stack;
  }
  if (found === undefined) return newStack(realm, name);
  if (kind === 'IMPORT' && found.status !== 'REVIEW_IN_PROGRESS')
    throw notInLab('CreateChangeSet', 'an import into a stack that exists');
  if (found.status !== 'REVIEW_IN_PROGRESS')
    throw validationError(`Stack [${name}] already exists and cannot be created again with the changeSet [CREATE]`);
  return found;
}

function newChangeSet(input: JsonObject, context: CallContext, stack: Stack, kind: ChangeSet['kind']): ChangeSet {
  const name = need(input, 'ChangeSetName');
  if (stack.changeSets.has(name)) throw new AwsError('AlreadyExistsException', `ChangeSet ${name} already exists`);
  const { world, realm } = context;
  return {
    name,
    id: realm.arn('cloudformation', `changeSet/${name}/${world.ids.uuid()}`),
    kind,
    imports: importsOf(input),
    created: world.clock.now(),
    description: text(input['Description']),
    target: targetOf(input, context, kind === 'UPDATE' ? stack : undefined, stack),
    capabilities: strings(input['Capabilities']),
    roleArn: text(input['RoleARN']),
    onStackFailure: text(input['OnStackFailure']),
    disableRollback: disablesRollback('CreateChangeSet', input),
    importExisting: text(input['ImportExistingResources']) === 'true',
    revertsDrift: text(input['DeploymentMode']) === 'REVERT_DRIFT',
    status: 'CREATE_IN_PROGRESS',
    executionStatus: 'UNAVAILABLE',
    reason: undefined,
    changes: [],
    problems: [],
  };
}

/** Works out the changes, a moment after the call has answered. */
async function settle(realm: Realm, stack: Stack, changeSet: ChangeSet): Promise<void> {
  await realm.world.clock.sleep(realm.world.stepMilliseconds);
  const fail = (reason: string): void => {
    changeSet.status = 'FAILED';
    changeSet.reason = reason;
  };
  try {
    const planned = planChanges(realm, stack, changeSet.target, changeSet.revertsDrift);
    const { kind, target, imports } = changeSet;
    const changes = kind === 'IMPORT' ? planImport(realm, target, planned, imports) : planned;
    const taken = importable(realm, changes);
    if (changeSet.importExisting && taken !== undefined) {
      fail(
        `lab/aws imports nothing, and ${taken.logicalId} has the name of a ${taken.type} that exists; see lab/aws/SPEC.md`,
      );
      return;
    }
    if (changeSet.kind === 'UPDATE' && changes.length === 0 && !differs(realm, stack, changeSet.target)) {
      fail(NO_CHANGES);
      return;
    }
    changeSet.changes = changes;
    changeSet.problems = earlyProblems(changes);
    if (changeSet.problems.length > 0) {
      fail(
        'The following hook(s)/validation failed: [AWS::EarlyValidation::PropertyValidation]. To troubleshoot Early Validation errors, use the DescribeEvents API for detailed failure information.',
      );
      return;
    }
    changeSet.status = 'CREATE_COMPLETE';
    changeSet.executionStatus = 'AVAILABLE';
  } catch (error) {
    fail(reasonOf(error));
  }
}

/** A resource to be added whose own name exists already: what ImportExistingResources would take over. */
function importable(realm: Realm, changes: readonly ResourceChange[]): ResourceChange | undefined {
  return changes.find(({ action, type, after }) => {
    const [identifier = ''] = schemaOf(type)?.identifier ?? [];
    const name = text(after?.[identifier]);
    return action === 'Add' && name !== undefined && realm.find(type, name) !== undefined;
  });
}

interface Found {
  readonly stack: Stack;
  readonly changeSet: ChangeSet | undefined;
}

function findChangeSet(realm: Realm, input: JsonObject): Found | undefined {
  const name = need(input, 'ChangeSetName');
  if (name.startsWith('arn:')) {
    for (const stack of cloudFormationStore(realm).stacks) {
      const changeSet = [...stack.changeSets.values()].find(({ id }) => id === name);
      if (changeSet !== undefined) return { stack, changeSet };
    }
    return undefined;
  }
  const stack = needStack(realm, need(input, 'StackName'));
  return { stack, changeSet: stack.changeSets.get(name) };
}

export function needChangeSet(realm: Realm, input: JsonObject): { stack: Stack; changeSet: ChangeSet } {
  const found = findChangeSet(realm, input);
  if (found?.changeSet === undefined)
    throw new AwsError('ChangeSetNotFound', `ChangeSet [${text(input['ChangeSetName']) ?? ''}] does not exist`, 404);
  return { stack: found.stack, changeSet: found.changeSet };
}
