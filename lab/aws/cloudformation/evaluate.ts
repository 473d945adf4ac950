import { validationError } from '../aws-error.ts';
import type { Json, JsonObject } from '../json.ts';
import { isList, isObject, same, text } from '../json.ts';
import { subnetsOf } from './cidr.ts';

/** What intrinsic functions are evaluated against. */
export interface Scope {
  readonly parameters: ReadonlyMap<string, Json>;
  readonly pseudo: ReadonlyMap<string, Json>;
  readonly mappings: JsonObject;
  readonly conditions: ReadonlyMap<string, boolean>;
  readonly zones: readonly string[];
  ref(logicalId: string): Json;
  getAtt(logicalId: string, attribute: string): Json;
  importValue(name: string): Json;
  /** `{{resolve:ssm:NAME}}` */
  dynamic(reference: string): string;
}

const UNKNOWN = /\u0001([^\u0001]*)\u0001/;

/** Stands for a value that only exists after another resource was changed. */
export function unknown(of: string): string {
  return `\u0001${of}\u0001`;
}

/** Whether a value has an unknown one anywhere inside. */
export function hasUnknown(value: Json | undefined): boolean {
  if (typeof value === 'string') return UNKNOWN.test(value);
  if (isList(value)) return value.some(hasUnknown);
  return isObject(value) && Object.values(value).some(hasUnknown);
}

/** Whether the unknown value of this resource or attribute is anywhere inside. */
export function mentions(value: Json | undefined, of: string): boolean {
  if (typeof value === 'string') return value.includes(unknown(of));
  if (isList(value)) return value.some((item) => mentions(item, of));
  return isObject(value) && Object.values(value).some((item) => mentions(item, of));
}

/** For people and for the before and after of a change set. */
export function withoutMarks(value: Json): Json {
  if (typeof value === 'string') return value.replaceAll(new RegExp(UNKNOWN, 'g'), '{{changeSet:KNOWN_AFTER_APPLY}}');
  if (isList(value)) return value.map(withoutMarks);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutMarks(inner)]));
}

/** The value with all functions worked out; undefined where it is `AWS::NoValue`. */
export function evaluate(value: Json, scope: Scope): Json | undefined {
  if (typeof value === 'string') return resolveDynamic(value, scope);
  if (isList(value)) return value.flatMap((item) => evaluateItem(item, scope));
  if (!isObject(value)) return value;
  const [only, ...others] = Object.entries(value);
  if (only !== undefined && others.length === 0 && (only[0] === 'Ref' || only[0].startsWith('Fn::')))
    return intrinsic(only[0], only[1], scope);
  const members = Object.entries(value).map(([key, inner]) => [key, evaluate(inner, scope)] as const);
  return Object.fromEntries(members.filter((entry): entry is [string, Json] => entry[1] !== undefined));
}

function evaluateItem(item: Json, scope: Scope): Json[] {
  const value = evaluate(item, scope);
  return value === undefined ? [] : [value];
}

function intrinsic(name: string, argument: Json, scope: Scope): Json | undefined {
  switch (name) {
    case 'Ref':
      return ref(needText(argument, name), scope);
    case 'Fn::GetAtt': {
      const [id, attribute] = getAttParts(argument);
      return scope.getAtt(id, needText(evaluate(attribute, scope), name));
    }
    case 'Fn::Sub':
      return sub(argument, scope);
    case 'Fn::Join': {
      const [separator, items] = pair(argument, name);
      const list = needList(evaluate(items, scope), name);
      return list.map((item) => needText(item, name)).join(needText(separator, name));
    }
    case 'Fn::Select': {
      const [index, items] = pair(argument, name);
      const list = needList(evaluate(items, scope), name);
      const found = list[Number(text(evaluate(index, scope)))];
      if (found !== undefined) return found;
      if (list.length === 1 && hasUnknown(list[0])) return list[0];
      throw validationError(
        'Template error: Fn::Select cannot select nonexistent value at index ' + String(text(index)),
      );
    }
    case 'Fn::Split': {
      const [separator, source] = pair(argument, name);
      return needText(evaluate(source, scope), name).split(needText(separator, name));
    }
    case 'Fn::If': {
      const [condition, yes = null, no = null] = needList(argument, name);
      return evaluate(conditionValue(needText(condition, name), scope) ? yes : no, scope);
    }
    case 'Fn::FindInMap':
      return findInMap(needList(argument, name), scope);
    case 'Fn::ImportValue':
      return scope.importValue(needText(evaluate(argument, scope), name));
    case 'Fn::GetAZs':
      return scope.zones;
    case 'Fn::Base64':
      return Buffer.from(needText(evaluate(argument, scope), name)).toString('base64');
    case 'Fn::Cidr':
      return cidr(needList(argument, name), scope);
    default:
      if (['Fn::Equals', 'Fn::And', 'Fn::Or', 'Fn::Not'].includes(name))
        return testCondition({ [name]: argument }, scope);
      throw validationError(`Template error: lab/aws does not support the function ${name}`);
  }
}

function ref(id: string, scope: Scope): Json | undefined {
  if (id === 'AWS::NoValue') return undefined;
  const parameter = scope.pseudo.get(id) ?? scope.parameters.get(id);
  return parameter ?? scope.ref(id);
}

export function getAttParts(argument: Json): [string, Json] {
  if (typeof argument === 'string') {
    const dot = argument.indexOf('.');
    return [argument.slice(0, dot), argument.slice(dot + 1)];
  }
  const [id, ...rest] = needList(argument, 'Fn::GetAtt');
  const [first = ''] = rest;
  return [needText(id, 'Fn::GetAtt'), rest.length === 1 ? first : rest.map((part) => text(part) ?? '').join('.')];
}

/** The names that a Fn::Sub takes from outside its own variables. */
export function subNames(argument: Json): string[] {
  const [template, variables] = isList(argument) ? argument : [argument];
  const own = isObject(variables) ? Object.keys(variables) : [];
  return [...(text(template) ?? '').matchAll(/\$\{([^!}][^}]*)\}/g)]
    .map((match) => (match[1] ?? '').trim())
    .filter((name) => !own.includes(name));
}

function sub(argument: Json, scope: Scope): string {
  const [template, variables] = isList(argument) ? argument : [argument];
  const own = isObject(variables) ? variables : {};
  return needText(template, 'Fn::Sub').replace(/\$\{([^}]+)\}/g, (_, inner: string) => {
    if (inner.startsWith('!')) return `\${${inner.slice(1)}}`;
    const name = inner.trim();
    const given = own[name];
    if (given !== undefined) return needText(evaluate(given, scope), 'Fn::Sub');
    const dot = name.indexOf('.');
    const value = dot < 0 ? ref(name, scope) : scope.getAtt(name.slice(0, dot), name.slice(dot + 1));
    return needText(value, 'Fn::Sub');
  });
}

function findInMap(argument: readonly Json[], scope: Scope): Json {
  const [map, first, second, options] = argument.map((item) => evaluate(item, scope) ?? null);
  const table = scope.mappings[needText(map, 'Fn::FindInMap')];
  const row = isObject(table) ? table[needText(first, 'Fn::FindInMap')] : undefined;
  const found = isObject(row) ? row[needText(second, 'Fn::FindInMap')] : undefined;
  const otherwise = isObject(options) ? options['DefaultValue'] : undefined;
  if (found !== undefined) return found;
  if (otherwise !== undefined) return otherwise;
  throw validationError(`Template error: Unable to get mapping for ${[map, first, second].map(text).join('::')}`);
}

function cidr(argument: readonly Json[], scope: Scope): Json {
  const [block, count, bits] = argument.map((item) => evaluate(item, scope) ?? null);
  const written = needText(block, 'Fn::Cidr');
  if (hasUnknown(written)) return Array.from({ length: Number(text(count)) }, (_, index) => unknown(`cidr ${index}`));
  return subnetsOf(written, Number(text(count)), Number(text(bits) ?? 8));
}

function conditionValue(name: string, scope: Scope): boolean {
  const found = scope.conditions.get(name);
  if (found === undefined) throw validationError(`Template error: unresolved condition dependency ${name}`);
  return found;
}

/** The truth of a condition's body. */
function testCondition(body: Json, scope: Scope): boolean {
  const [name = '', argument = null] = isObject(body) ? (Object.entries(body)[0] ?? []) : [];
  const each = (): boolean[] => needList(argument, name).map((item) => testCondition(item, scope));
  switch (name) {
    case 'Condition':
      return conditionValue(needText(argument, name), scope);
    case 'Fn::And':
      return each().every(Boolean);
    case 'Fn::Or':
      return each().some(Boolean);
    case 'Fn::Not':
      return each()[0] === false;
    case 'Fn::Equals': {
      const [left, right] = pair(argument, name).map((item) => evaluate(item, scope));
      return same(asText(left), asText(right));
    }
    default:
      throw validationError(`Template error: ${name} is no condition function that lab/aws supports`);
  }
}

const asText = (value: Json | undefined): Json | undefined => text(value) ?? value;

/** All conditions of a template, each worked out after those that it names. */
export function evaluateConditions(
  bodies: JsonObject,
  scopeWith: (done: ReadonlyMap<string, boolean>) => Scope,
): ReadonlyMap<string, boolean> {
  const done = new Map<string, boolean>();
  const open = new Set<string>();
  const visit = (name: string): void => {
    const body = bodies[name];
    if (done.has(name) || body === undefined) return;
    if (open.has(name)) throw validationError(`Template error: circular dependency between conditions: ${name}`);
    open.add(name);
    for (const other of conditionNames(body)) visit(other);
    done.set(name, testCondition(body, scopeWith(done)));
  };
  Object.keys(bodies).forEach(visit);
  return done;
}

function conditionNames(body: Json): string[] {
  if (isList(body)) return body.flatMap(conditionNames);
  if (!isObject(body)) return [];
  return Object.entries(body).flatMap(([key, value]) =>
    key === 'Condition' && typeof value === 'string' ? [value] : conditionNames(value),
  );
}

function resolveDynamic(value: string, scope: Scope): string {
  return value.replace(/\{\{resolve:([^}]+)\}\}/g, (_, reference: string) => scope.dynamic(reference));
}

function pair(argument: Json, name: string): readonly [Json, Json] {
  const [first, second] = needList(argument, name);
  if (first === undefined || second === undefined) throw validationError(`Template error: ${name} needs two arguments`);
  return [first, second];
}

function needList(value: Json | undefined, name: string): readonly Json[] {
  if (isList(value)) return value;
  // A list that is not known yet is one unknown.
  if (typeof value === 'string' && hasUnknown(value)) return [value];
  throw validationError(`Template error: every ${name} object requires a list`);
}

function needText(value: Json | undefined, name: string): string {
  const found = text(value);
  if (found === undefined) throw validationError(`Template error: every ${name} object must resolve to a string`);
  return found;
}
