import { validationError } from '../aws-error.ts';
import type { Json } from '../json.ts';
import { parameterStore } from '../ssm/store.ts';
import type { Realm, Resource } from '../world.ts';
import type { Scope } from './evaluate.ts';
import type { ParameterValue, Stack } from './stack.ts';
import { findExport } from './stack.ts';
import type { Template } from './template.ts';

/** How the resources of a stack are seen while a value is worked out. */
export interface ResourceView {
  ref(logicalId: string): Json;
  getAtt(logicalId: string, attribute: string): Json;
}

export interface ScopeParts {
  readonly realm: Realm;
  readonly stackName: string;
  readonly stackId: string;
  readonly template: Template;
  readonly parameters: ReadonlyMap<string, ParameterValue>;
  readonly conditions: ReadonlyMap<string, boolean>;
  readonly view: ResourceView;
  /** Told of each name that is imported. */
  readonly imported?: (name: string) => void;
}

export function scopeOf(parts: ScopeParts): Scope {
  const { realm, template } = parts;
  return {
    parameters: new Map([...parts.parameters].map(([key, { value }]) => [key, value])),
    pseudo: new Map<string, Json>([
      ['AWS::AccountId', realm.account],
      ['AWS::Region', realm.region],
      ['AWS::Partition', 'aws'],
      ['AWS::URLSuffix', 'amazonaws.com'],
      ['AWS::StackName', parts.stackName],
      ['AWS::StackId', parts.stackId],
      ['AWS::NotificationARNs', []],
    ]),
    mappings: template.mappings,
    conditions: parts.conditions,
    zones: ['a', 'b', 'c'].map((letter) => `${realm.region}${letter}`),
    ref: (id) => parts.view.ref(id),
    getAtt: (id, attribute) => parts.view.getAtt(id, attribute),
    importValue: (name) => {
      const found = findExport(realm, name);
      if (found === undefined) throw validationError(`No export named ${name} found. Rollback requested by user.`);
      parts.imported?.(name);
      return found.output.value;
    },
    dynamic: (reference) => dynamicReference(realm, reference),
  };
}

function dynamicReference(realm: Realm, reference: string): string {
  const [service, ...rest] = reference.split(':');
  const name = rest.join(':').replace(/:\d+$/, '');
  // Whoever makes the resource resolves it, so that no template, change set or property has the value.
  if (service === 'secretsmanager') return `{{resolve:${reference}}}`;
  if (service !== 'ssm')
    throw validationError(
      `lab/aws resolves dynamic references of ssm and secretsmanager only, not {{resolve:${reference}}}`,
    );
  const found = parameterStore(realm).get(name);
  if (found === undefined) throw validationError(`Parameters: [ssm:${name}] cannot be found.`);
  return found.value;
}

/** The value of an attribute of a resource that exists. */
function attributeOf(resource: Resource, logicalId: string, attribute: string): Json {
  const parts = attribute.split('.');
  const [first = ''] = parts;
  const found = resource.attributes[attribute] ?? resource.properties[attribute];
  if (found !== undefined) return found;
  const outer = resource.attributes[first];
  if (parts.length > 1 && typeof outer === 'object' && outer !== null && !Array.isArray(outer)) {
    const inner = (outer as Record<string, Json>)[parts.slice(1).join('.')];
    if (inner !== undefined) return inner;
  }
  throw validationError(`lab/aws gives ${logicalId} (${resource.type}) no attribute ${attribute}; see lab/aws/SPEC.md`);
}

/** The resources of a stack as they are. */
export function liveView(realm: Realm, stack: Stack): ResourceView {
  const resource = (id: string): Resource => {
    const mine = stack.resources.get(id);
    const found = mine === undefined ? undefined : realm.find(mine.type, mine.physicalId);
    if (found === undefined) throw validationError(`Template error: resource ${id} does not exist`);
    return found;
  };
  return { ref: (id) => resource(id).ref, getAtt: (id, name) => attributeOf(resource(id), id, name) };
}
