import { AwsError, validationError } from '../aws-error.ts';
import type { JsonObject } from '../json.ts';
import { same, strings, text } from '../json.ts';
import type { Calls } from '../service.ts';
import type { Realm } from '../world.ts';
import { beginCreate, beginDelete, beginRollback, beginUpdate } from './flows.ts';
import { planChanges } from './plan.ts';
import { disablesRollback, need, needStack, targetOf } from './request.ts';
import { cloudFormationStore, findStack, type Stack, type Target } from './stack.ts';

const TARGET = [
  'TemplateBody',
  'TemplateURL',
  'Parameters',
  'Capabilities',
  'Tags',
  'RoleARN',
  'ClientRequestToken',
  'DeploymentConfig',
];

export const stackCalls: Calls = {
  CreateStack: {
    takes: ['StackName', ...TARGET, 'DisableRollback', 'OnFailure', 'EnableTerminationProtection', 'TimeoutInMinutes'],
    run: (input, context) => {
      const name = need(input, 'StackName');
      if (findStack(context.realm, name) !== undefined)
        throw new AwsError('AlreadyExistsException', `Stack [${name}] already exists`);
      const stack = newStack(context.realm, name);
      const target = targetOf(input, context, undefined, stack);
      cloudFormationStore(context.realm).stacks.push(stack);
      take('CreateStack', stack, input);
      stack.terminationProtection = text(input['EnableTerminationProtection']) === 'true';
      const onFailure = text(input['OnFailure']) as 'ROLLBACK' | 'DELETE' | 'DO_NOTHING' | undefined;
      beginCreate(context.realm, stack, target, {
        token: text(input['ClientRequestToken']),
        ...(onFailure && { onFailure }),
      });
      return { StackId: stack.id };
    },
  },
  UpdateStack: {
    takes: ['StackName', ...TARGET, 'UsePreviousTemplate', 'DisableRollback'],
    run: (input, context) => {
      const stack = needStack(context.realm, need(input, 'StackName'));
      requireUpdatable(stack);
      const target = targetOf(input, context, stack, stack);
      if (!differs(context.realm, stack, target)) throw validationError('No updates are to be performed.');
      take('UpdateStack', stack, input);
      beginUpdate(context.realm, stack, target, { token: text(input['ClientRequestToken']) });
      return { StackId: stack.id };
    },
  },
  DeleteStack: {
    takes: ['StackName', 'RoleARN', 'RetainResources', 'ClientRequestToken', 'DeploymentConfig'],
    run: (input, context) => {
      const stack = findStack(context.realm, need(input, 'StackName'));
      if (stack === undefined || stack.status === 'DELETE_COMPLETE') return {};
      const retain = strings(input['RetainResources']);
      disablesRollback('DeleteStack', input);
      if (stack.terminationProtection)
        throw validationError(`Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`);
      if (stack.status.endsWith('_IN_PROGRESS') && stack.status !== 'REVIEW_IN_PROGRESS')
        throw inProgress(stack, 'deleted');
      if (retain.length > 0 && stack.status !== 'DELETE_FAILED')
        throw validationError(
          `Invalid operation on stack [${stack.id}]. RetainResources can only be specified when a stack is in the DELETE_FAILED state.`,
        );
      beginDelete(context.realm, stack, text(input['ClientRequestToken']), retain);
      return {};
    },
  },
  ContinueUpdateRollback: {
    takes: ['StackName', 'RoleARN', 'ResourcesToSkip', 'ClientRequestToken'],
    run: (input, context) => {
      const stack = needStack(context.realm, need(input, 'StackName'));
      if (stack.status !== 'UPDATE_ROLLBACK_FAILED')
        throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not be continued to roll back.`);
      beginRollback(context.realm, stack, text(input['ClientRequestToken']), strings(input['ResourcesToSkip']));
      return {};
    },
  },
  RollbackStack: {
    takes: ['StackName', 'RoleARN', 'ClientRequestToken', 'DeploymentConfig'],
    run: (input, context) => {
      const stack = needStack(context.realm, need(input, 'StackName'));
      if (stack.status !== 'CREATE_FAILED' && stack.status !== 'UPDATE_FAILED')
        throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not be rolled back.`);
      beginRollback(context.realm, stack, text(input['ClientRequestToken']), []);
      return { StackId: stack.id };
    },
  },
  UpdateTerminationProtection: {
    takes: ['StackName', 'EnableTerminationProtection'],
    run: (input, context) => {
      const stack = needStack(context.realm, need(input, 'StackName'));
      stack.terminationProtection = text(input['EnableTerminationProtection']) === 'true';
      return { StackId: stack.id };
    },
  },
};

export function newStack(realm: Realm, name: string): Stack {
  if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name)) {
    throw validationError(
      `1 validation error detected: Value '${name}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
    );
  }
  return {
    name,
    id: realm.arn('cloudformation', `stack/${name}/${realm.world.ids.uuid()}`),
    created: realm.world.clock.now(),
    status: 'REVIEW_IN_PROGRESS',
    reason: undefined,
    updated: undefined,
    deleted: undefined,
    current: undefined,
    capabilities: [],
    roleArn: undefined,
    disableRollback: false,
    outputs: [],
    imports: new Set(),
    terminationProtection: false,
    drift: { status: 'NOT_CHECKED', checked: undefined },
    resources: new Map(),
    events: [],
    changeSets: new Map(),
    unfinished: undefined,
    running: undefined,
  };
}

function take(call: string, stack: Stack, input: JsonObject): void {
  stack.capabilities = strings(input['Capabilities']);
  stack.roleArn = text(input['RoleARN']) ?? stack.roleArn;
  stack.disableRollback = disablesRollback(call, input);
}

const UPDATABLE = [
  'CREATE_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_ROLLBACK_COMPLETE',
  'UPDATE_FAILED',
  'CREATE_FAILED',
  'IMPORT_COMPLETE',
];

/** Only a stack at rest can be updated; one whose creation was rolled back can only be deleted. */
export function requireUpdatable(stack: Stack): void {
  const afterFailure = stack.status === 'CREATE_FAILED' || stack.status === 'UPDATE_FAILED';
  if (!UPDATABLE.includes(stack.status) || (afterFailure && !stack.disableRollback)) throw inProgress(stack, 'updated');
}

function inProgress(stack: Stack, what: string): AwsError {
  return validationError(`Stack:${stack.id} is in ${stack.status} state and can not be ${what}.`);
}

/** Whether executing the target would do anything: resources, outputs, tags. */
export function differs(realm: Realm, stack: Stack, target: Target): boolean {
  const { current } = stack;
  if (current === undefined || stack.status.endsWith('_FAILED')) return true;
  const outputs = (of: Target) => of.template.body['Outputs'];
  return (
    planChanges(realm, stack, target).length > 0 ||
    !same(outputs(current), outputs(target)) ||
    !same(current.tags, target.tags)
  );
}
