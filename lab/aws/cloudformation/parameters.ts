import { validationError } from '../aws-error.ts';
import type { Json, JsonObject } from '../json.ts';
import { isObject, listOf, strings, text } from '../json.ts';
import { parameterStore } from '../ssm/store.ts';
import type { Realm } from '../world.ts';
import type { ParameterValue } from './stack.ts';
import type { Template } from './template.ts';

const SSM_VALUE = /^AWS::SSM::Parameter::Value<(.+)>$/;
const AWS_TYPE = /^(List<)?AWS::(EC2|Route53|SSM)::[A-Za-z:]+>?$/;

/** Values for all parameters of a template: given, kept from before, or by default; each judged by its constraints. */
export function parameterValues(
  realm: Realm,
  template: Template,
  given: readonly Json[],
  previous: ReadonlyMap<string, ParameterValue> | undefined,
): ReadonlyMap<string, ParameterValue> {
  const inputs = new Map(given.filter(isObject).map((item) => [text(item['ParameterKey']) ?? '', item]));
  const foreign = [...inputs.keys()].filter((key) => !Object.hasOwn(template.parameters, key));
  if (foreign.length > 0) throw validationError(`Parameters: [${foreign.join(', ')}] do not exist in the template`);
  const missing: string[] = [];
  const values = new Map<string, ParameterValue>();
  for (const [key, declaration] of Object.entries(template.parameters)) {
    const input = inputs.get(key);
    const kept = text(input?.['UsePreviousValue']) === 'true' ? previous?.get(key)?.given : undefined;
    const written = text(input?.['ParameterValue']) ?? kept ?? text(declaration['Default']);
    if (written === undefined) missing.push(key);
    else values.set(key, parameterValue(realm, key, declaration, written));
  }
  if (missing.length > 0) throw validationError(`Parameters: [${missing.join(', ')}] must have values`);
  return values;
}

function parameterValue(realm: Realm, key: string, declaration: JsonObject, given: string): ParameterValue {
  const type = text(declaration['Type']) ?? '';
  const inner = SSM_VALUE.exec(type)?.[1];
  const resolved = inner === undefined ? undefined : fromSsm(realm, given);
  constrain(key, declaration, given, type);
  return {
    key,
    given,
    value: typed(key, inner ?? type, resolved ?? given),
    resolved,
    noEcho: text(declaration['NoEcho']) === 'true',
  };
}

function fromSsm(realm: Realm, name: string): string {
  const found = parameterStore(realm).get(name);
  if (found === undefined)
    throw validationError(`Unable to fetch parameters [${name}] from parameter store for this account.`);
  return found.value;
}

function typed(key: string, type: string, written: string): Json {
  if (type === 'CommaDelimitedList' || type.startsWith('List<')) {
    const items = written === '' ? [] : written.split(',').map((item) => item.trim());
    if (type === 'List<Number>' && !items.every(isNumber)) throw notNumeric(key);
    return items;
  }
  if (type === 'Number' && !isNumber(written)) throw notNumeric(key);
  if (type === 'String' || type === 'Number' || AWS_TYPE.test(type)) return written;
  throw validationError(`Template format error: Unrecognized parameter type: ${type}`);
}

const isNumber = (written: string): boolean => /^-?\d+(\.\d+)?$/.test(written.trim());

const notNumeric = (key: string) => validationError(`Parameter '${key}' must be a number.`);

function constrain(key: string, declaration: JsonObject, value: string, type: string): void {
  const why = text(declaration['ConstraintDescription']);
  const refuse = (rule: string): never => {
    throw validationError(`Parameter ${key} failed to satisfy constraint: ${why ?? rule}`);
  };
  const allowed = strings(declaration['AllowedValues']);
  if (listOf(declaration['AllowedValues']).length > 0 && !allowed.includes(value))
    throw validationError(
      why === undefined
        ? `Parameter '${key}' must be one of AllowedValues`
        : `Parameter ${key} failed to satisfy constraint: ${why}`,
    );
  const pattern = text(declaration['AllowedPattern']);
  if (pattern !== undefined && !new RegExp(`^(?:${pattern})$`).test(value))
    throw validationError(`Parameter ${key} failed to satisfy constraint: ${why ?? `must match pattern ${pattern}`}`);
  const bound = (name: string): number | undefined => {
    const written = text(declaration[name]);
    return written === undefined ? undefined : Number(written);
  };
  const length = { least: bound('MinLength'), most: bound('MaxLength') };
  if (length.least !== undefined && value.length < length.least) refuse(`must have length of at least ${length.least}`);
  if (length.most !== undefined && value.length > length.most) refuse(`must have length of at most ${length.most}`);
  if (type !== 'Number') return;
  const range = { least: bound('MinValue'), most: bound('MaxValue') };
  if (range.least !== undefined && Number(value) < range.least) refuse(`must be at least ${range.least}`);
  if (range.most !== undefined && Number(value) > range.most) refuse(`must be at most ${range.most}`);
}
