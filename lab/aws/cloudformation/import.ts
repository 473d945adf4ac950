import { validationError } from '../aws-error.ts';
import { isObject, type JsonObject, listOf, text } from '../json.ts';
import type { Realm } from '../world.ts';
import { dependenciesOf } from './dependencies.ts';
import { runGraph } from './graph.ts';
import { Operation, reasonOf } from './operation.ts';
import { activeResources } from './plan.ts';
import { schemaOf } from './schema.ts';
import { cloudFormationStore, type ResourceChange, type Stack, type Target } from './stack.ts';

/** What an import takes in: physical ids by logical id. */
export function importsOf(input: JsonObject): Map<string, string> {
  return new Map(
    listOf(input['ResourcesToImport']).flatMap((each): [string, string][] => {
      if (!isObject(each)) return [];
      const identifier = listOf(each['ResourceIdentifier']).filter(isObject);
      const type = text(each['ResourceType']) ?? '';
      const names = identifier.map(({ key }) => text(key));
      if (names.join() !== schemaOf(type)?.identifier.join())
        throw validationError(`Invalid resource identifier [${names.join(', ')}] for resource type ${type}`);
      return [[text(each['LogicalResourceId']) ?? '', text(identifier[0]?.['value']) ?? '']];
    }),
  );
}

/**
 * The changes of a change set that imports. All that the template adds is imported, has a deletion policy of its own, exists, and belongs
 * to no stack; and nothing else changes.
 */
export function planImport(
  realm: Realm,
  { template }: Target,
  changes: readonly ResourceChange[],
  imports: ReadonlyMap<string, string>,
): ResourceChange[] {
  if (Object.keys(isObject(template.body['Outputs']) ? template.body['Outputs'] : {}).length > 0)
    throw validationError('As part of the import operation, you cannot modify or add [Outputs]');
  const taken = new Map(
    cloudFormationStore(realm)
      .stacks.filter(({ status }) => status !== 'DELETE_COMPLETE')
      .flatMap(({ id, resources }) =>
        [...resources.values()].map(({ type, physicalId }) => [`${type} ${physicalId}`, id]),
      ),
  );
  const missing = changes.filter(({ logicalId }) => !imports.has(logicalId)).map(({ logicalId }) => logicalId);
  if (missing.length > 0)
    throw validationError(`Resources [${missing.join(', ')}] is missing from ResourceToImport list`);
  return changes.map((change): ResourceChange => {
    const { logicalId, type } = change;
    const physicalId = imports.get(logicalId) ?? '';
    const declared = isObject(template.body['Resources']) ? template.body['Resources'][logicalId] : undefined;
    if (!isObject(declared) || declared['DeletionPolicy'] === undefined)
      throw validationError(`Resource ${logicalId} must have a DeletionPolicy attribute to be imported`);
    const owner = taken.get(`${type} ${physicalId}`);
    if (owner !== undefined) throw validationError(`Resource ${physicalId} already exists in stack ${owner}`);
    return { ...change, action: 'Import', physicalId };
  });
}

/** Takes resources in as they are; a failure takes none in. */
export function beginImport(
  realm: Realm,
  stack: Stack,
  target: Target,
  { token, imports }: { readonly token: string | undefined; readonly imports: ReadonlyMap<string, string> },
): void {
  const operation = new Operation(realm, stack, token);
  stack.current = target;
  operation.stackStatus('IMPORT_IN_PROGRESS', 'User Initiated');
  const flow = async (): Promise<void> => {
    const declarations = new Map(activeResources(target).map((each) => [each.logicalId, each]));
    const failed = await runGraph(operation, dependenciesOf(target.template, declarations.values()), async (id) => {
      const declaration = declarations.get(id);
      if (declaration === undefined || stack.resources.has(id)) return true;
      const subject = { logicalId: id, type: declaration.type, physicalId: imports.get(id) ?? '' };
      operation.event(subject, 'IMPORT_IN_PROGRESS', 'Resource import started.');
      await operation.step();
      const resource = realm.find(subject.type, subject.physicalId);
      if (resource === undefined) {
        operation.event(
          subject,
          'IMPORT_FAILED',
          `Resource of type '${subject.type}' with identifier '${subject.physicalId}' was not found.`,
        );
        return false;
      }
      const known = operation.remember(declaration, resource, operation.propertiesOf(declaration, target));
      operation.event(known, 'IMPORT_COMPLETE', 'Resource import completed.');
      return true;
    });
    if (failed.length === 0) {
      operation.stackStatus('IMPORT_COMPLETE');
      return;
    }
    operation.stackStatus(
      'IMPORT_ROLLBACK_IN_PROGRESS',
      `The following resource(s) failed to import: [${failed.join(', ')}].`,
    );
    await operation.step();
    for (const id of imports.keys()) stack.resources.delete(id);
    operation.stackStatus('IMPORT_ROLLBACK_COMPLETE');
  };
  stack.running = flow()
    .catch((error: unknown) => operation.stackStatus('IMPORT_ROLLBACK_FAILED', `lab/aws failed: ${reasonOf(error)}`))
    .finally(() => {
      stack.running = undefined;
    });
}
