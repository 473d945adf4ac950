import { AwsError } from '../aws-error.ts';
import type { JsonObject } from '../json.ts';
import { defined, strings, text } from '../json.ts';
import type { Calls } from '../service.ts';
import { jsonService } from '../wire/json-protocol.ts';
import type { Realm } from '../world.ts';
import { type Parameter, parameterStore, putParameter } from './store.ts';

const calls: Calls = {
  GetParameter: {
    takes: ['Name', 'WithDecryption'],
    run: (input, { realm }) => {
      const found = lookUp(realm, text(input['Name']) ?? '', input);
      if (found === undefined) throw new AwsError('ParameterNotFound', '');
      return { Parameter: found };
    },
  },
  GetParameters: {
    takes: ['Names', 'WithDecryption'],
    run: (input, { realm }) => {
      const names = strings(input['Names']);
      if (names.length > 10)
        throw new AwsError('ValidationException', 'Member must have length less than or equal to 10');
      return {
        Parameters: names.flatMap((name) => lookUp(realm, name, input) ?? []),
        InvalidParameters: names.filter((name) => lookUp(realm, name, input) === undefined),
      };
    },
  },
  GetParametersByPath: {
    takes: ['Path', 'Recursive', 'WithDecryption'],
    run: (input, { realm }) => {
      const path = `${(text(input['Path']) ?? '/').replace(/\/$/, '')}/`;
      const inside = ({ name }: Parameter): boolean =>
        name.startsWith(path) && (input['Recursive'] === true || !name.slice(path.length).includes('/'));
      return {
        Parameters: [...parameterStore(realm).values()].filter(inside).map((found) => show(realm, found, input)),
      };
    },
  },
  PutParameter: {
    takes: ['Name', 'Value', 'Type', 'Overwrite', 'Description', 'DataType', 'Tier', 'KeyId'],
    run: (input, { realm }) => {
      const name = text(input['Name']) ?? '';
      if (parameterStore(realm).has(name) && input['Overwrite'] !== true) {
        throw new AwsError(
          'ParameterAlreadyExists',
          'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
        );
      }
      const [value, given] = [text(input['Value']) ?? '', text(input['Type'])];
      const before = parameterStore(realm).get(name)?.type;
      if (given === undefined && before === undefined)
        throw new AwsError('ValidationException', 'A parameter type is required when you create a parameter.');
      const isAdvanced =
        input['Tier'] === 'Advanced' || (input['Tier'] === 'Intelligent-Tiering' && value.length > STANDARD);
      checkLength(value, isAdvanced);
      const put = putParameter(realm, name, value, given ?? before ?? 'String');
      return { Version: put.version, Tier: isAdvanced ? 'Advanced' : 'Standard' };
    },
  },
  DeleteParameter: {
    takes: ['Name'],
    run: (input, { realm }) => {
      if (!parameterStore(realm).delete(text(input['Name']) ?? '')) throw new AwsError('ParameterNotFound', '');
      return {};
    },
  },
};

/** Characters of a value by tier (systems-manager/latest/userguide/parameter-store-advanced-parameters.html). */
const [STANDARD, ADVANCED] = [4096, 8192];

function checkLength(value: string, isAdvanced: boolean): void {
  if (value.length <= (isAdvanced ? ADVANCED : STANDARD)) return;
  const most = isAdvanced ? ADVANCED : STANDARD;
  throw new AwsError(
    'ValidationException',
    `${isAdvanced ? 'Advanced' : 'Standard'} tier parameters support a maximum parameter value of ${most} characters.`,
  );
}

function lookUp(realm: Realm, name: string, asked: JsonObject): JsonObject | undefined {
  const plain = name.replace(/^arn:aws:ssm:[^:]+:\d+:parameter(?=\/)/, '');
  const found = parameterStore(realm).get(plain);
  return found === undefined ? undefined : show(realm, found, asked);
}

/** What is kept for a service that must not read it is shown as something that cannot be read. */
function show(realm: Realm, parameter: Parameter, asked: JsonObject): JsonObject {
  const isHidden = parameter.type === 'SecureString' && asked['WithDecryption'] !== true;
  return defined({
    Name: parameter.name,
    Type: parameter.type,
    Value: isHidden ? `{cipher:${parameter.version}}` : parameter.value,
    Version: parameter.version,
    LastModifiedDate: parameter.modified / 1000,
    ARN: realm.arn('ssm', `parameter/${parameter.name.replace(/^\//, '')}`),
    DataType: 'text',
  });
}

export const parameters = jsonService(
  { service: 'ssm', target: 'AmazonSSM', version: '1.1', errorNamespace: '' },
  calls,
);
