import { AwsError } from '../aws-error.ts';
import { type JsonObject, member } from '../json.ts';
import { requireReferenced, requireUnused } from '../resources/references.ts';
import type { Making } from '../resources/resource-type.ts';
import { resourceTypeOf } from '../resources/types.ts';
import type { Realm, Resource } from '../world.ts';
import { evaluate, hasUnknown } from './evaluate.ts';
import { schemaOf } from './schema.ts';
import { checkProperties } from './schema-check.ts';
import { liveView, scopeOf } from './scope.ts';
import type { Stack, StackResource, Tags, Target } from './stack.ts';
import type { ResourceDeclaration } from './template.ts';

/** What an event is about. */
export interface Subject {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
}

/** One run over a stack: it writes the events, and makes, changes and removes single resources. */
export class Operation {
  readonly realm: Realm;
  readonly stack: Stack;
  readonly id: string;
  readonly token: string | undefined;
  /** Names that the new template imports. */
  readonly imported = new Set<string>();
  #cancelled = false;

  constructor(realm: Realm, stack: Stack, token: string | undefined) {
    this.realm = realm;
    this.stack = stack;
    this.id = realm.world.ids.uuid();
    this.token = token;
  }

  get cancelled(): boolean {
    return this.#cancelled;
  }

  /** No resource starts any more, and those under way stop at their next step. */
  cancel(): void {
    this.#cancelled = true;
  }

  step(): Promise<void> {
    return this.realm.world.clock.sleep(this.realm.world.stepMilliseconds);
  }

  stackStatus(status: string, reason?: string): void {
    const { stack } = this;
    stack.status = status;
    stack.reason = reason;
    const subject = { logicalId: stack.name, physicalId: stack.id, type: 'AWS::CloudFormation::Stack' };
    this.event(subject, status, reason);
  }

  /** Times differ by a millisecond at least: readers sort by them. */
  event(subject: Subject, status: string, reason?: string, properties?: JsonObject): void {
    const { realm, stack } = this;
    stack.events.push({
      id:
        subject.type === 'AWS::CloudFormation::Stack'
          ? realm.world.ids.uuid()
          : `${subject.logicalId}-${status}-${realm.world.ids.hex(8)}`,
      operationId: this.id,
      time: Math.max(realm.world.clock.now(), (stack.events.at(-1)?.time ?? 0) + 1),
      logicalId: subject.logicalId,
      physicalId: subject.physicalId,
      type: subject.type,
      status,
      reason,
      properties,
      token: this.token,
    });
    const resource = stack.resources.get(subject.logicalId);
    // Events of a replaced resource's old self leave the new one's status alone.
    if (resource === undefined || (status.startsWith('DELETE') && resource.physicalId !== subject.physicalId)) return;
    resource.status = status;
    resource.statusReason = reason;
    resource.updated = realm.world.clock.now();
  }

  /** The properties of a resource with all functions worked out on what exists now. */
  propertiesOf(declaration: ResourceDeclaration, target: Target): JsonObject {
    const value = evaluate(declaration.properties, this.scope(target));
    return (value ?? {}) as JsonObject;
  }

  scope(target: Target) {
    const { realm, stack } = this;
    return scopeOf({
      realm,
      stackName: stack.name,
      stackId: stack.id,
      template: target.template,
      parameters: target.parameters,
      conditions: target.conditions,
      view: liveView(realm, stack),
      imported: (name) => this.imported.add(name),
    });
  }

  making(logicalId: string, properties: JsonObject, tags: Tags, updatePolicy: JsonObject = {}): Making {
    const { realm, stack } = this;
    return {
      realm,
      stackName: stack.name,
      stackId: stack.id,
      logicalId,
      properties,
      updatePolicy,
      tags: {
        ...tags,
        'aws:cloudformation:stack-name': stack.name,
        'aws:cloudformation:stack-id': stack.id,
        'aws:cloudformation:logical-id': logicalId,
      },
      name: (longest) => {
        const suffix = realm.world.ids.suffix(12);
        const room = longest - suffix.length - 2;
        const name = stack.name.slice(0, Math.max(1, room - logicalId.length));
        return `${name}-${logicalId.slice(0, room - name.length)}-${suffix}`;
      },
    };
  }

  /** Makes the physical resource; throws the service's words. */
  async create(declaration: ResourceDeclaration, properties: JsonObject, tags: Tags): Promise<Resource> {
    const { logicalId, type } = declaration;
    this.#checkSchema(declaration, properties);
    this.#fault('create', logicalId, type);
    requireReferenced(this.realm, properties);
    const made = await this.#typeOf(type).create(this.making(logicalId, properties, tags));
    if (this.realm.find(type, made.physicalId) !== undefined)
      throw new AwsError('AlreadyExists', `${made.physicalId} already exists`);
    const { physicalId, ref = physicalId, attributes = {} } = made;
    return this.realm.put({ type, physicalId, ref, properties, attributes });
  }

  /** Changes the physical resource in place. */
  async update(
    declaration: ResourceDeclaration,
    physicalId: string,
    properties: JsonObject,
    tags: Tags,
  ): Promise<void> {
    const { logicalId, type } = declaration;
    this.#checkSchema(declaration, properties);
    this.#fault('update', logicalId, type);
    const resource = this.realm.find(type, physicalId);
    if (resource === undefined) throw new AwsError('NotFound', `${type} ${physicalId} does not exist`);
    requireReferenced(this.realm, properties);
    const making = this.making(logicalId, properties, tags, member(declaration.attributes, 'UpdatePolicy'));
    const attributes = await this.#typeOf(type).update?.(resource, making);
    if (attributes !== undefined) resource.attributes = { ...resource.attributes, ...attributes };
    resource.properties = properties;
  }

  async remove({ logicalId, type, physicalId }: Subject): Promise<void> {
    this.#fault('delete', logicalId, type);
    const resource = this.realm.find(type, physicalId);
    // Gone already is as good as removed.
    if (resource === undefined) return;
    requireUnused(this.realm, resource);
    await this.#typeOf(type).remove?.(resource, this.realm);
    this.realm.remove(type, physicalId);
  }

  remember(declaration: ResourceDeclaration, resource: Resource, declared: JsonObject): StackResource {
    const known: StackResource = {
      logicalId: declaration.logicalId,
      type: declaration.type,
      physicalId: resource.physicalId,
      status: 'CREATE_IN_PROGRESS',
      statusReason: undefined,
      updated: this.realm.world.clock.now(),
      declared,
      deletionPolicy: declaration.deletionPolicy,
      updateReplacePolicy: declaration.updateReplacePolicy,
      drift: { status: 'NOT_CHECKED', checked: undefined },
    };
    this.stack.resources.set(declaration.logicalId, known);
    return known;
  }

  #checkSchema({ logicalId, type }: ResourceDeclaration, properties: JsonObject): void {
    const schema = schemaOf(type);
    const problems = schema === undefined ? [] : checkProperties(schema, properties, hasUnknown);
    if (problems.length === 0) return;
    const list = problems.map(({ path, message }) => `${path}: ${message}`).join('\n');
    throw new AwsError(
      'InvalidRequest',
      `Properties validation failed for resource ${logicalId} with message:\n${list}`,
    );
  }

  #fault(action: 'create' | 'update' | 'delete', logicalId: string, type: string): void {
    const at = { action, logicalId, type, stackName: this.stack.name };
    const message = this.realm.world.faults.takeResource(at);
    if (message !== undefined) throw new AwsError('ServiceFault', message);
  }

  #typeOf(type: string) {
    const found = resourceTypeOf(type);
    if (found === undefined) throw new AwsError('ValidationError', `Unrecognized resource type ${type}`);
    return found;
  }
}

/** The reason that goes into an event. */
export function reasonOf(error: unknown): string {
  if (error instanceof AwsError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : 'failed';
}
