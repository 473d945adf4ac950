import { validationError } from '../aws-error.ts';
import type { Json, JsonObject } from '../json.ts';
import { defined, strings, text } from '../json.ts';
import type { Calls } from '../service.ts';
import type { Realm } from '../world.ts';
import { differences, onlyDeclared, statusOf } from './drift.ts';
import { need, needStack, page } from './request.ts';
import { cloudFormationStore, type Stack, type StackResource } from './stack.ts';

const AT_REST = [
  'CREATE_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_ROLLBACK_COMPLETE',
  'UPDATE_ROLLBACK_FAILED',
  'ROLLBACK_COMPLETE',
];

export const driftCalls: Calls = {
  DetectStackDrift: {
    takes: ['StackName', 'LogicalResourceIds'],
    run: (input, { realm }) => {
      const stack = needStack(realm, need(input, 'StackName'));
      if (!AT_REST.includes(stack.status))
        throw validationError(`Drift detection cannot be performed on stack [${stack.name}] in ${stack.status} state`);
      const id = realm.world.ids.uuid();
      const detection = {
        id,
        stackId: stack.id,
        started: realm.world.clock.now(),
        status: 'DETECTION_IN_PROGRESS',
        stackStatus: undefined as string | undefined,
        drifted: 0,
      };
      cloudFormationStore(realm).detections.set(id, detection);
      void detect(realm, stack, strings(input['LogicalResourceIds'])).then((drifted) => {
        detection.status = 'DETECTION_COMPLETE';
        detection.drifted = drifted;
        detection.stackStatus = drifted > 0 ? 'DRIFTED' : 'IN_SYNC';
      });
      return { StackDriftDetectionId: id };
    },
  },
  DescribeStackResourceDrifts: {
    takes: ['StackName', 'StackResourceDriftStatusFilters', 'NextToken', 'MaxResults'],
    run: (input, { realm }) => {
      const stack = needStack(realm, need(input, 'StackName'));
      const filters = strings(input['StackResourceDriftStatusFilters']);
      const checked = [...stack.resources.values()].filter(
        ({ drift }) => drift.status !== 'NOT_CHECKED' && (filters.length === 0 || filters.includes(drift.status)),
      );
      const { items, next } = page(checked, text(input['NextToken']));
      return defined({
        StackResourceDrifts: items.map((resource) => showDrift(realm, stack, resource)),
        NextToken: next,
      });
    },
  },
};

async function detect(realm: Realm, stack: Stack, only: readonly string[]): Promise<number> {
  await realm.world.clock.sleep(realm.world.stepMilliseconds);
  const checked = realm.world.clock.now();
  for (const resource of stack.resources.values()) {
    if (only.length > 0 && !only.includes(resource.logicalId)) continue;
    resource.drift = { status: statusOf(realm, resource), checked };
  }
  const drifted = [...stack.resources.values()].filter(({ drift }) => ['MODIFIED', 'DELETED'].includes(drift.status));
  stack.drift = { status: drifted.length > 0 ? 'DRIFTED' : 'IN_SYNC', checked };
  return drifted.length;
}

function showDrift(realm: Realm, stack: Stack, resource: StackResource): JsonObject {
  const found = realm.find(resource.type, resource.physicalId);
  const actual = found === undefined ? undefined : onlyDeclared(resource.declared, found.properties);
  const words = (value: Json | undefined): string =>
    value === undefined ? 'null' : (text(value) ?? JSON.stringify(value));
  return defined({
    StackId: stack.id,
    LogicalResourceId: resource.logicalId,
    PhysicalResourceId: resource.physicalId,
    ResourceType: resource.type,
    ExpectedProperties: JSON.stringify(resource.declared),
    ActualProperties: actual === undefined ? undefined : JSON.stringify(actual),
    PropertyDifferences:
      actual === undefined
        ? []
        : differences(resource.declared, actual).map(({ path, expected, actual: now }) => ({
            PropertyPath: path,
            ExpectedValue: words(expected),
            ActualValue: words(now),
            DifferenceType: expected === undefined ? 'ADD' : now === undefined ? 'REMOVE' : 'NOT_EQUAL',
          })),
    StackResourceDriftStatus: resource.drift.status,
    Timestamp: new Date(resource.drift.checked ?? 0).toISOString(),
  });
}
