import { AwsError } from '../aws-error.ts';
import { addRole, iamStore } from '../iam/store.ts';
import type { Json, JsonObject } from '../json.ts';
import { isObject, listOf, strings, text } from '../json.ts';
import { simple, withName } from './define.ts';
import type { Making, ResourceType } from './resource-type.ts';

const iam = (name: string): string => `AWS::IAM::${name}`;

/** What IAM refuses of any policy's grammar; whether it grants anything sensible is not judged. */
function checkDocument(document: Json | undefined, kind: 'identity' | 'trust'): void {
  const malformed = (why: string) => new AwsError('MalformedPolicyDocument', why);
  const parsed = typeof document === 'string' ? (JSON.parse(document) as Json) : document;
  if (!isObject(parsed)) throw malformed('Syntax errors in policy.');
  const written = parsed['Statement'];
  const statements = isObject(written) ? [written] : listOf(written);
  if (statements.length === 0) throw malformed('Syntax errors in policy.');
  for (const statement of statements) {
    if (!isObject(statement)) throw malformed('Syntax errors in policy.');
    const has = (name: string): boolean => statement[name] !== undefined;
    if (!['Allow', 'Deny'].includes(text(statement['Effect']) ?? '')) throw malformed('Missing required field Effect');
    if (!has('Action') && !has('NotAction')) throw malformed('Policy statement must contain actions.');
    if (kind === 'identity' && !has('Resource') && !has('NotResource'))
      throw malformed('Policy statement must contain resources.');
    if (kind === 'identity' && has('Principal')) throw malformed('Policy document should not specify a principal.');
    if (kind === 'trust' && !has('Principal')) throw malformed('AssumeRolepolicy must contain a principal.');
    if (kind === 'trust' && has('Resource')) throw malformed('Has prohibited field Resource.');
  }
}

function checkInline({ properties }: Making): void {
  for (const policy of listOf(properties['Policies'])) {
    if (isObject(policy)) checkDocument(policy['PolicyDocument'], 'identity');
  }
}

function checkRoles(making: Making): void {
  const { roles } = iamStore(making.realm.world, making.realm.account);
  const missing = strings(making.properties['Roles']).find((name) => !roles.has(name));
  if (missing !== undefined) throw new AwsError('NoSuchEntity', `The role with name ${missing} cannot be found.`);
}

function roleAttributes(making: Making, name: string): JsonObject {
  const role = iamStore(making.realm.world, making.realm.account).roles.get(name);
  return role === undefined ? {} : { Arn: role.arn, RoleId: role.id };
}

export const iamTypes: readonly ResourceType[] = [
  simple(iam('Role'), {
    id: withName('RoleName', 64),
    check: (making) => {
      checkDocument(making.properties['AssumeRolePolicyDocument'], 'trust');
      checkInline(making);
      const seconds = Number(text(making.properties['MaxSessionDuration']) ?? 3600);
      if (seconds < 3600 || seconds > 43_200)
        throw new AwsError('ValidationError', 'MaxSessionDuration must be between 3600 and 43200');
    },
    make: (making, name) => {
      const { realm } = making;
      const { roles } = iamStore(realm.world, realm.account);
      if (roles.has(name)) throw new AwsError('EntityAlreadyExists', `Role with name ${name} already exists.`);
      const path = text(making.properties['Path']) ?? '/';
      addRole(realm, name, path);
    },
    attributes: roleAttributes,
    remove: ({ physicalId }, realm) => {
      const used = [...realm.ofType(iam('InstanceProfile'))].find(({ properties }) =>
        strings(properties['Roles']).includes(physicalId),
      );
      if (used !== undefined)
        throw new AwsError('DeleteConflict', 'Cannot delete entity, must remove roles from instance profile first.');
      iamStore(realm.world, realm.account).roles.delete(physicalId);
    },
  }),
  simple(iam('Policy'), {
    id: (making) => making.name(128),
    attributes: (_, id) => ({ Id: id }),
    check: (making) => {
      checkDocument(making.properties['PolicyDocument'], 'identity');
      checkRoles(making);
    },
  }),
  simple(iam('ManagedPolicy'), {
    id: (making) => {
      const name = withName('ManagedPolicyName', 128)(making);
      return `arn:aws:iam::${making.realm.account}:policy${text(making.properties['Path']) ?? '/'}${name}`;
    },
    attributes: (_, id) => ({ PolicyArn: id, DefaultVersionId: 'v1', IsAttachable: true }),
    check: (making) => {
      checkDocument(making.properties['PolicyDocument'], 'identity');
      checkRoles(making);
      const size = JSON.stringify(making.properties['PolicyDocument']).replace(/\s/g, '').length;
      if (size > 6144) throw new AwsError('LimitExceeded', 'Cannot exceed quota for PolicySize: 6144');
    },
  }),
  simple(iam('InstanceProfile'), {
    id: withName('InstanceProfileName', 128),
    check: checkRoles,
    attributes: ({ realm, properties }, id) => ({
      Arn: `arn:aws:iam::${realm.account}:instance-profile${text(properties['Path']) ?? '/'}${id}`,
    }),
  }),
];
