import { validationError } from '../aws-error.ts';
import type { Json } from '../json.ts';
import { isList, isObject, text } from '../json.ts';
import { getAttParts, subNames } from './evaluate.ts';
import type { ResourceDeclaration, Template } from './template.ts';

/** One place in a resource's properties that needs another resource. */
export interface Reference {
  readonly logicalId: string;
  /** Undefined for a `Ref`. */
  readonly attribute: string | undefined;
}

/** Every Ref, GetAtt and Sub inside a value; names of parameters are among them. */
export function referencesIn(value: Json): Reference[] {
  if (isList(value)) return value.flatMap(referencesIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, argument]) => {
    if (key === 'Ref') return [{ logicalId: text(argument) ?? '', attribute: undefined }];
    if (key === 'Fn::GetAtt') {
      const [logicalId, attribute] = getAttParts(argument);
      return [{ logicalId, attribute: text(attribute) ?? '' }];
    }
    if (key === 'Fn::Sub') {
      const own = isList(argument) ? referencesIn(argument.slice(1)) : [];
      return [...subNames(argument).map(named), ...own];
    }
    return referencesIn(argument);
  });
}

function named(name: string): Reference {
  const dot = name.indexOf('.');
  if (dot < 0) return { logicalId: name, attribute: undefined };
  return { logicalId: name.slice(0, dot), attribute: name.slice(dot + 1) };
}

/** What each resource waits for: what it refers to and what it says it depends on. */
export function dependenciesOf(
  template: Template,
  declarations: Iterable<ResourceDeclaration> = template.resources.values(),
): Map<string, Set<string>> {
  const graph = new Map<string, Set<string>>();
  for (const declaration of declarations) {
    const needed = [
      ...referencesIn(declaration.properties).map(({ logicalId }) => logicalId),
      ...declaration.dependsOn,
    ];
    const resources = needed.filter((id) => template.resources.has(id));
    graph.set(declaration.logicalId, new Set(resources));
  }
  return graph;
}

/** Logical ids, each after those that it waits for; refuses a circle as CloudFormation does. */
export function inOrder(graph: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const order: string[] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (id: string): void => {
    if (done.has(id) || !graph.has(id)) return;
    if (path.includes(id)) {
      const circle = path.slice(path.indexOf(id)).sort();
      throw validationError(`Circular dependency between resources: [${circle.join(', ')}]`);
    }
    path.push(id);
    for (const needed of graph.get(id) ?? []) visit(needed);
    path.pop();
    done.add(id);
    order.push(id);
  };
  for (const id of graph.keys()) visit(id);
  return order;
}
