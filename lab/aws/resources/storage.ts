import { AwsError } from '../aws-error.ts';
import { createTable, deleteTable } from '../dynamodb/tables.ts';
import { isObject, text } from '../json.ts';
import { bucketTaken, removeBucket } from '../s3/bucket-calls.ts';
import { buckets, newBucket } from '../s3/store.ts';
import { checkAttributes, createQueue, queues } from '../sqs/store.ts';
import { parameterStore, putParameter } from '../ssm/store.ts';
import { property, simple, withName } from './define.ts';
import type { Making, ResourceType } from './resource-type.ts';

const QUEUE_ATTRIBUTES = [
  ...[
    'DelaySeconds',
    'MaximumMessageSize',
    'MessageRetentionPeriod',
    'ReceiveMessageWaitTimeSeconds',
    'VisibilityTimeout',
  ],
  ...['RedrivePolicy', 'RedriveAllowPolicy', 'KmsMasterKeyId', 'KmsDataKeyReusePeriodSeconds', 'SqsManagedSseEnabled'],
];

function queueAttributes({ properties }: Making): Record<string, string> {
  const entries = QUEUE_ATTRIBUTES.flatMap((name): [string, string][] => {
    const value = properties[name];
    if (value === undefined) return [];
    return [[name, text(value) ?? JSON.stringify(value)]];
  });
  return Object.fromEntries(entries);
}

function bucketName(making: Making): string {
  const name = text(making.properties['BucketName']) ?? making.name(63).toLowerCase();
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) || name.includes('..'))
    throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.');
  return name;
}

function setVersioning({ realm, properties }: Making, name: string): void {
  const bucket = buckets(realm.world).get(name);
  const versioning = properties['VersioningConfiguration'];
  if (bucket !== undefined) bucket.versioned = isObject(versioning) && versioning['Status'] === 'Enabled';
}

export const storageTypes: readonly ResourceType[] = [
  {
    type: 'AWS::SQS::Queue',
    create: (making) => {
      if (text(making.properties['FifoQueue']) === 'true')
        throw new AwsError('InvalidAttributeValue', 'lab/aws has no FIFO queues; see lab/aws/SPEC.md');
      const name = withName('QueueName', 80)(making);
      if (queues(making.realm).has(name))
        throw new AwsError('QueueAlreadyExists', `A queue already exists with the name ${name}`);
      const { url, arn } = createQueue(making.realm, name, queueAttributes(making));
      return { physicalId: url, attributes: { Arn: arn, QueueName: name, QueueUrl: url } };
    },
    update: ({ attributes }, making) => {
      const queue = queues(making.realm).get(text(attributes['QueueName']) ?? '');
      const wanted = queueAttributes(making);
      checkAttributes(making.realm, wanted);
      if (queue !== undefined) queue.replaceAttributes(wanted);
      return {};
    },
    remove: ({ attributes }, realm) => {
      queues(realm).delete(text(attributes['QueueName']) ?? '');
    },
  },
  simple('AWS::SQS::QueuePolicy', { id: (making) => making.name(80), attributes: (_, id) => ({ Id: id }) }),
  {
    type: 'AWS::S3::Bucket',
    create: (making) => {
      const { realm } = making;
      const name = bucketName(making);
      const taken = buckets(realm.world).get(name);
      if (taken !== undefined)
        throw new AwsError('AlreadyExists', `${name} already exists (${bucketTaken(taken, realm.account).code})`);
      newBucket(realm.world, name, realm.account, realm.region);
      setVersioning(making, name);
      return {
        physicalId: name,
        attributes: {
          Arn: `arn:aws:s3:::${name}`,
          DomainName: `${name}.s3.amazonaws.com`,
          DualStackDomainName: `${name}.s3.dualstack.${realm.region}.amazonaws.com`,
          RegionalDomainName: `${name}.s3.${realm.region}.amazonaws.com`,
          WebsiteURL: `http://${name}.s3-website.${realm.region}.amazonaws.com`,
        },
      };
    },
    update: ({ physicalId }, making) => {
      setVersioning(making, physicalId);
      return {};
    },
    remove: ({ physicalId }, realm) => {
      const bucket = buckets(realm.world).get(physicalId);
      if (bucket !== undefined) removeBucket(realm.world, bucket);
    },
  },
  simple('AWS::S3::BucketPolicy', {
    id: (making) => property(making, 'Bucket'),
    check: (making) => {
      if (!buckets(making.realm.world).has(property(making, 'Bucket')))
        throw new AwsError('NoSuchBucket', 'The specified bucket does not exist');
    },
  }),
  simple('AWS::SSM::Parameter', {
    id: withName('Name', 500),
    attributes: (making) => ({
      Type: property(making, 'Type'),
      Value: property(making, 'Value'),
      Arn: making.realm.arn('ssm', `parameter/${property(making, 'Name').replace(/^\//, '')}`),
    }),
    check: (making) => {
      if (property(making, 'Type') === 'SecureString')
        throw new AwsError('ValidationException', 'CloudFormation does not make SecureString parameters');
    },
    make: (making, id) => {
      if (parameterStore(making.realm).has(id))
        throw new AwsError('AlreadyExists', `${id} already exists in stack or account`);
      putParameter(making.realm, id, property(making, 'Value'), property(making, 'Type'));
    },
    update: ({ physicalId }, making) => {
      const { version } = putParameter(making.realm, physicalId, property(making, 'Value'), property(making, 'Type'));
      return { Value: property(making, 'Value'), Type: property(making, 'Type'), Version: version };
    },
    remove: ({ physicalId }, realm) => {
      parameterStore(realm).delete(physicalId);
    },
  }),
  {
    type: 'AWS::DynamoDB::Table',
    create: async (making) => {
      const name = withName('TableName', 255)(making);
      await createTable(making.realm, name, making.properties);
      return { physicalId: name, attributes: { Arn: making.realm.arn('dynamodb', `table/${name}`) } };
    },
    remove: ({ physicalId }, realm) => deleteTable(realm, physicalId),
  },
  simple('AWS::ECR::Repository', {
    id: (making) => withName('RepositoryName', 256)(making).toLowerCase(),
    attributes: ({ realm }, id) => ({
      Arn: realm.arn('ecr', `repository/${id}`),
      RepositoryUri: `${realm.account}.dkr.ecr.${realm.region}.amazonaws.com/${id}`,
    }),
  }),
  simple('AWS::KMS::Key', {
    id: ({ realm }) => realm.world.ids.uuid(),
    attributes: ({ realm }, id) => ({ KeyId: id, Arn: realm.arn('kms', `key/${id}`) }),
  }),
  simple('AWS::KMS::Alias', {
    id: (making) => property(making, 'AliasName'),
    check: (making) => {
      if (!/^alias\/(?!aws\/)[A-Za-z0-9/_-]{1,250}$/.test(property(making, 'AliasName')))
        throw new AwsError('ValidationException', `alias name ${property(making, 'AliasName')} is not valid`);
    },
  }),
];
