import { MODELS } from '../api/models.ts';
import { modelledService } from '../api/service.ts';
import { AwsError } from '../aws-error.ts';
import type { Realm } from '../world.ts';
import { findSecret, type StoredSecret, secretsOf, secretValue } from './store.ts';

interface Input {
  readonly Name?: string;
  readonly SecretId?: string;
  readonly SecretString?: string;
  readonly Tags?: StoredSecret['tags'];
  readonly ForceDeleteWithoutRecovery?: boolean;
  readonly RecoveryWindowInDays?: number;
  readonly IncludePlannedDeletion?: boolean;
  readonly Filters?: readonly { readonly Key?: string; readonly Values?: readonly string[] }[];
}

const DAY = 86_400_000;

/** Secrets of an account, without versions beside the current one: secretsmanager/latest/apireference. */
export const secretsManager = modelledService(
  { name: 'secretsmanager', model: MODELS.secretsmanager, protocol: 'json' },
  (name, input, { realm }) => run(realm, name, input),
);

function run(realm: Realm, call: string, input: Input): object {
  const now = realm.world.clock.now();
  if (call === 'CreateSecret') return create(realm, input);
  if (call === 'ListSecrets') return list(realm, input);
  const secret = findSecret(realm, input.SecretId ?? '');
  const head = { ARN: secret.arn, Name: secret.name };
  switch (call) {
    case 'GetSecretValue':
      return {
        ...{ ...head, SecretString: secretValue(realm, secret.name), VersionId: secret.version },
        ...{ VersionStages: ['AWSCURRENT'], CreatedDate: secret.changed },
      };
    case 'PutSecretValue':
      if (secret.deleted !== undefined) throw marked();
      Object.assign(secret, { value: input.SecretString, version: realm.world.ids.uuid(), changed: now });
      return { ...head, VersionId: secret.version, VersionStages: ['AWSCURRENT'] };
    case 'TagResource':
      for (const tag of input.Tags ?? []) secret.tags = [...secret.tags.filter(({ Key }) => Key !== tag.Key), tag];
      return {};
    case 'DeleteSecret':
      if (secret.deleted !== undefined) throw marked();
      if (input.ForceDeleteWithoutRecovery === true) secretsOf(realm).delete(secret.name);
      else secret.deleted = now + (input.RecoveryWindowInDays ?? 30) * DAY;
      return { ...head, DeletionDate: secret.deleted ?? now };
    case 'RestoreSecret':
      secret.deleted = undefined;
      return head;
    default:
      return described(secret);
  }
}

function create(realm: Realm, { Name = '', SecretString, Tags = [] }: Input): object {
  const secrets = secretsOf(realm);
  const known = secrets.get(Name);
  if (known?.deleted !== undefined)
    throw new AwsError(
      'InvalidRequestException',
      "You can't create this secret because a secret with this name is already scheduled for deletion.",
    );
  if (known !== undefined)
    throw new AwsError('ResourceExistsException', `The operation failed because the secret ${Name} already exists.`);
  const now = realm.world.clock.now();
  const arn = realm.arn('secretsmanager', `secret:${Name}-${realm.world.ids.suffix(6)}`);
  const version = realm.world.ids.uuid();
  secrets.set(Name, {
    ...{ name: Name, arn, value: SecretString, version, tags: [...Tags] },
    ...{ created: now, changed: now, deleted: undefined },
  });
  return { ARN: arn, Name, VersionId: version };
}

function list(realm: Realm, { Filters = [], IncludePlannedDeletion }: Input): object {
  const SecretList = [...secretsOf(realm).values()]
    .filter(({ deleted }) => deleted === undefined || IncludePlannedDeletion === true)
    .filter(({ name }) =>
      Filters.every(({ Key, Values = [] }) => {
        if (Key !== 'name')
          throw new AwsError('ValidationException', `lab/aws does not support the filter ${Key ?? ''}`);
        return Values.some((prefix) => name.startsWith(prefix));
      }),
    )
    .map(described);
  return { SecretList };
}

function described({ arn, name, tags, created, changed, deleted }: StoredSecret) {
  return {
    ...{ ARN: arn, Name: name, Tags: tags, CreatedDate: created, LastChangedDate: changed },
    ...(deleted === undefined ? {} : { DeletedDate: deleted }),
  };
}

function marked(): AwsError {
  return new AwsError(
    'InvalidRequestException',
    "You can't perform this operation on the secret because it was marked for deletion.",
  );
}
