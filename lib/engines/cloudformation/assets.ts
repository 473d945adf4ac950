import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AssetManifest,
  AssetPublishing,
  type ClientOptions,
  EventType,
  type IAws,
  type IPublishProgressListener,
  type IS3Client,
} from '@aws-cdk/cdk-assets-lib';
import {
  GetBucketEncryptionCommand,
  GetBucketLocationCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
} from '@aws-sdk/client-s3';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { readFailure } from '../../aws-api/aws-error.ts';
import type { AwsConnection, Credentials } from '../../aws-api/connection.ts';
import type { StackId } from '../../stack/id.ts';
import { assetFailed, assetRunsProgram, notBootstrapped } from './errors.ts';

/** The assets of a stack: the CDK's manifest, and the folder to which its paths are relative. */
export interface AssetSource {
  readonly directory: string;
  readonly manifest: ConstructorParameters<typeof AssetManifest>[1];
  /** Removes the folder, once all is published. @default - it stays */
  readonly remove?: () => void;
}

/** Publishes a stack's files to the bootstrap's bucket, as the CDK CLI does; what is there already is skipped. */
export async function publishAssets(
  connection: AwsConnection,
  stack: StackId,
  { directory, manifest }: AssetSource,
  onUpload: (what: string) => void,
): Promise<void> {
  for (const { source } of Object.values(manifest.files ?? {}))
    if (source.executable !== undefined) throw assetRunsProgram(stack, source.executable.join(' '));
  const assets = new AssetManifest(directory, manifest);
  const listener: IPublishProgressListener = {
    onPublishEvent: (type, { message }) => {
      // `Upload s3://…`
      if (type === EventType.UPLOAD) onUpload(message.replace(/^Upload /, ''));
    },
  };
  const publishing = new AssetPublishing(assets, {
    aws: awsOf(connection),
    progressListener: listener,
    throwOnError: false,
    publishInParallel: true,
    subprocessOutputDestination: 'ignore',
  });
  await publishing.publish({ allowCrossAccount: false });
  const [failure] = publishing.failures;
  if (failure === undefined) return;
  const { account, region } = connection;
  const why = readFailure(failure.error).message.split('\n', 1)[0]?.trim() ?? '';
  if (/bootstrapped\?|AssumeRole/.test(why)) throw notBootstrapped(account, region, why);
  // The library takes a role that it may not assume, which one that is missing looks like, for somebody else's bucket.
  if (/exists, but we dont have access/.test(why))
    throw notBootstrapped(account, region, 'its file-publishing role does not exist or cannot be assumed');
  throw assetFailed(stack, failure.asset.displayName(false), why);
}

/** Puts a template where CloudFormation reads those that are too large for a request, and gives its address. */
export async function publishTemplate(
  connection: AwsConnection,
  stack: StackId,
  { text, digest, qualifier }: { readonly text: string; readonly digest: string; readonly qualifier: string },
): Promise<string> {
  const { account, region, partition } = connection;
  const directory = mkdtempSync(join(tmpdir(), 'tandem-template-'));
  const bucketName = `cdk-${qualifier}-assets-${account}-${region}`;
  const objectKey = `${digest.replace(/^sha256:/, '')}.json`;
  const assumeRoleArn = `arn:${partition}:iam::${account}:role/cdk-${qualifier}-file-publishing-role-${account}-${region}`;
  try {
    writeFileSync(join(directory, 'template.json'), text, { mode: 0o600 });
    const manifest = {
      version: '48.0.0',
      files: {
        [digest]: {
          displayName: 'template',
          source: { path: 'template.json', packaging: 'file' as never },
          destinations: { current: { bucketName, objectKey, region, assumeRoleArn } },
        },
      },
    };
    await publishAssets(connection, stack, { directory, manifest }, () => undefined);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  const suffix = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  return `https://s3.${region}.${suffix}/${bucketName}/${objectKey}`;
}

type Input<Call extends keyof IS3Client> = Parameters<IS3Client[Call]>[0];

/** What the publishing library needs of AWS, with the credentials of the role that deploys. */
function awsOf({ account, region, partition, credentials }: AwsConnection): IAws {
  const identity = { accountId: account, partition };
  const s3Of = (options: ClientOptions): S3Client =>
    new S3Client({
      region: options.region ?? region,
      credentials: publishing(credentials, options, region),
      // A rehearsal's endpoint has one host for all buckets.
      forcePathStyle: process.env['AWS_ENDPOINT_URL'] !== undefined,
    });
  const unsupported = (): Promise<never> => Promise.reject(new Error('container images are not published by Tandem'));
  return {
    discoverPartition: () => Promise.resolve(partition),
    discoverDefaultRegion: () => Promise.resolve(region),
    discoverCurrentAccount: () => Promise.resolve(identity),
    discoverTargetAccount: () => Promise.resolve(identity),
    ecrClient: unsupported,
    secretsManagerClient: unsupported,
    s3Client(options) {
      const client = s3Of(options);
      const requests = {
        getBucketEncryption: (input: Input<'getBucketEncryption'>) =>
          client.send(new GetBucketEncryptionCommand(input)),
        getBucketLocation: (input: Input<'getBucketLocation'>) => client.send(new GetBucketLocationCommand(input)),
        listObjectsV2: (input: Input<'listObjectsV2'>) => client.send(new ListObjectsV2Command(input)),
        // One request: assets of a stack are small, and a stream has no length.
        async upload(input: Input<'upload'>) {
          const { Body } = input;
          const chunks: Buffer[] = [];
          for await (const chunk of Body as AsyncIterable<Buffer>) chunks.push(chunk);
          const request = { ...input, Body: Buffer.concat(chunks) } as PutObjectCommandInput;
          const { $metadata } = await client.send(new PutObjectCommand(request));
          return { $metadata };
        },
      };
      // The library's answers know no absent member.
      return Promise.resolve(requests as IS3Client);
    },
  };
}

/** Keys of the role that the manifest names for publishing. */
function publishing(own: Credentials, { assumeRoleArn }: ClientOptions, region: string): Credentials {
  if (assumeRoleArn === undefined) return own;
  return fromTemporaryCredentials({
    masterCredentials: own,
    params: { RoleArn: assumeRoleArn, RoleSessionName: 'tandem-assets' },
    clientConfig: { region },
  });
}
