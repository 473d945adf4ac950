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
      const found = lookUp(realm, text(input['Name']) ?? '');
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
        Parameters: names.flatMap((name) => lookUp(realm, name) ?? []),
        InvalidParameters: names.filter((name) => lookUp(realm, name) === undefined),
      };
    },
  },
  GetParametersByPath: {
    takes: ['Path', 'Recursive', 'WithDecryption'],
    run: (input, { realm }) => {
      const path = `${(text(input['Path']) ?? '/').replace(/\/$/, '')}/`;
      const inside = ({ name }: Parameter): boolean =>
        name.startsWith(path) && (input['Recursive'] === true || !name.slice(path.length).includes('/'));
      return { Parameters: [...parameterStore(realm).values()].filter(inside).map((found) => show(realm, found)) };
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
      const put = putParameter(realm, name, text(input['Value']) ?? '', text(input['Type']) ?? 'String');
      return { Version: put.version, Tier: 'Standard' };
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

function lookUp(realm: Realm, name: string): JsonObject | undefined {
  const plain = name.replace(/^arn:aws:ssm:[^:]+:\d+:parameter(?=\/)/, '');
  const found = parameterStore(realm).get(plain);
  return found === undefined ? undefined : show(realm, found);
}

function show(realm: Realm, parameter: Parameter): JsonObject {
  return defined({
    Name: parameter.name,
    Type: parameter.type,
    Value: parameter.value,
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
