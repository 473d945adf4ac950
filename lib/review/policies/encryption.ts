import type { Change } from '../../plan/model.ts';
import { partsOf } from '../../stack/id.ts';
import { isNew, perChange, valuesAfter, valuesBefore } from './changes.ts';
import type { PolicyContext, ShippedPolicy } from './shipped-policy.ts';

/** Properties that must be there and not false, or what is stored is stored in clear. */
const MUST: Readonly<Record<string, readonly string[]>> = {
  'AWS::EC2::Volume': ['Encrypted'],
  'AWS::EFS::FileSystem': ['Encrypted'],
  'AWS::RDS::DBInstance': ['StorageEncrypted'],
  'AWS::RDS::DBCluster': ['StorageEncrypted'],
  'AWS::Neptune::DBCluster': ['StorageEncrypted'],
  'AWS::DocDB::DBCluster': ['StorageEncrypted'],
  'AWS::Redshift::Cluster': ['Encrypted'],
  'AWS::ElastiCache::ReplicationGroup': ['AtRestEncryptionEnabled'],
  'AWS::OpenSearchService::Domain': ['EncryptionAtRestOptions.Enabled'],
  'AWS::Kinesis::Stream': ['StreamEncryption'],
  'AWS::SNS::Topic': ['KmsMasterKeyId'],
};

/** A database that belongs to a cluster, or is made from a snapshot or a source, has their encryption. */
const INHERITS =
  /^(?:DBClusterIdentifier|SourceDBInstanceIdentifier|SnapshotIdentifier|DBSnapshotIdentifier|SourceDBClusterIdentifier)$/;

export const unencrypted: ShippedPolicy = {
  id: 'unencrypted',
  about:
    'Volumes, disks, file systems, databases, streams, topics and queues of AWS without encryption; volumes of OpenStack of a type that is not `encrypted`, where the cloud has one that is.',
  level: 'deny',
  reason: 'What is stored in clear is read by whoever gets the disk or the snapshot.',
  check: perChange('resources that store in clear', ({ stack, change }, context) => {
    const reason = clearIn(change) ?? clearVolume(stack.id, change, context);
    return reason === undefined ? [] : [reason];
  }),
};

function clearIn(change: Change): string | undefined {
  const after = valuesAfter(change);
  const before = valuesBefore(change);
  for (const path of MUST[change.type] ?? []) {
    const state = stateOf(path, after);
    if (state === false) return `${path} is false`;
    const wasThere = has(path, before) && !has(path, after);
    if (change.action !== 'create' && wasThere) return `${path} is no longer set`;
    const inherits = [...after.keys()].some((each) => INHERITS.test(each));
    if (isNew(change) && state === undefined && !inherits) return `${path} is not set`;
  }
  if (change.type === 'AWS::SQS::Queue' && isFalse(after.get('SqsManagedSseEnabled')) && !after.has('KmsMasterKeyId'))
    return 'SqsManagedSseEnabled is false, and it has no KMS key';
  return clearDisk(change, after, before);
}

/** Disks of instances and launch templates. */
function clearDisk(
  change: Change,
  after: ReadonlyMap<string, unknown>,
  before: ReadonlyMap<string, unknown>,
): string | undefined {
  for (const [path, value] of [...after, ...before]) {
    const [, disk, member] = /^((?:LaunchTemplateData\.)?BlockDeviceMappings\.\d+\.Ebs)\.(\w+)$/.exec(path) ?? [];
    if (disk === undefined) continue;
    const state = after.get(`${disk}.Encrypted`);
    if (isFalse(state)) return `${disk}.Encrypted is false`;
    if (isNew(change) && state === undefined) return `${disk}.Encrypted is not set`;
    if (member === 'Encrypted' && !after.has(path) && !isFalse(value)) return `${disk}.Encrypted is no longer set`;
  }
  return undefined;
}

/** Where a cloud has a type that is encrypted, volumes are of one. */
function clearVolume(id: `${string}/${string}`, change: Change, { project }: PolicyContext): string | undefined {
  const { cloud } = partsOf(id);
  if (cloud === undefined || !change.type.startsWith('openstack_blockstorage_volume_v')) return undefined;
  const types = Object.entries(project.clouds.get(cloud)?.value.storage.volumeTypes ?? {});
  const safe = types.filter(([, { encrypted }]) => encrypted).map(([name]) => name);
  if (safe.length === 0) return undefined;
  const after = valuesAfter(change);
  const type = after.get('volume_type') ?? (isNew(change) ? types[0]?.[0] : undefined);
  return type === undefined || safe.includes(words(type))
    ? undefined
    : `volume type ${words(type)} is not encrypted; ${cloud} has ${safe.join(', ')}`;
}

/** What services encrypt with a key of their own unless told otherwise. */
const BY_DEFAULT: Readonly<Record<string, readonly string[]>> = {
  'AWS::S3::Bucket': ['BucketEncryption'],
  'AWS::SQS::Queue': ['KmsMasterKeyId', 'SqsManagedSseEnabled'],
};

export const encryptionByDefault: ShippedPolicy = {
  id: 'encryption-by-default',
  about:
    'Buckets and queues that say nothing of their encryption. S3 and SQS encrypt all the same, with keys of their own.',
  level: 'warn',
  reason: 'Encryption that nobody wrote down has a key that nobody controls, and is not seen in a review.',
  check: perChange('resources without words about their encryption', ({ change }) => {
    const names = BY_DEFAULT[change.type] ?? [];
    const after = valuesAfter(change);
    const before = valuesBefore(change);
    const isSaid = names.some((name) => has(name, after));
    const wasSaid = names.some((name) => has(name, before));
    const isSilent = names.length > 0 && !isSaid && (isNew(change) || wasSaid);
    return isSilent ? [`${names.join(' or ')} is not set: the service takes a key of its own`] : [];
  }),
};

/** Whether a property or anything in it is set. */
function has(path: string, values: ReadonlyMap<string, unknown>): boolean {
  return [...values.keys()].some((each) => each === path || each.startsWith(`${path}.`));
}

function stateOf(path: string, values: ReadonlyMap<string, unknown>): boolean | undefined {
  return has(path, values) ? !isFalse(values.get(path)) : undefined;
}

function isFalse(value: unknown): boolean {
  return value === false || value === 'false';
}

function words(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
