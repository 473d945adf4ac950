import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AssetManifest,
  AssetPublishing,
  type ClientOptions,
  EventType,
  FileManifestEntry,
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
import { PROGRAMS_FOLDER } from '../../aws/worker-program.ts';
import { readFailure, toAwsError } from '../../aws-api/aws-error.ts';
import type { AwsConnection, Credentials } from '../../aws-api/connection.ts';
import { versionTaken } from '../../programs/errors.ts';
import type { StackId } from '../../stack/id.ts';
import { assetFailed, assetRunsProgram, notBootstrapped } from './errors.ts';

/** The assets of a stack: the CDK's manifest, and the folder to which its paths are relative. */
export interface AssetSource {
  readonly directory: string;
  readonly manifest: ConstructorParameters<typeof AssetManifest>[1];
  /** What brings a file that does not come with the project, by its path: asked where it is not published yet. @default - all are there */
  readonly fetches?: ReadonlyMap<string, () => Promise<unknown>>;
  /** Removes the folder, once all is published. @default - it stays */
  readonly remove?: () => void;
}

/** Publishes a stack's files to the bootstrap's bucket, as the CDK CLI does; what is there already is skipped. */
export async function publishAssets(
  connection: AwsConnection,
  stack: StackId,
  { directory, manifest, fetches }: AssetSource,
  onUpload: (what: string) => void,
): Promise<void> {
  for (const { source } of Object.values(manifest.files ?? {}))
    if (source.executable !== undefined) throw assetRunsProgram(stack, source.executable.join(' '));
  await refuseTakenVersions(connection, manifest);
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
  for (const entry of assets.entries) {
    const fetch = entry instanceof FileManifestEntry ? fetches?.get(entry.source.path ?? '') : undefined;
    // What refuses this refuses the publication too, which says why.
    if (fetch !== undefined && !(await publishing.isEntryPublished(entry).catch(() => true))) await fetch();
  }
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

/** Digest and ending of an archive's key. */
const ARCHIVE_END = /[0-9a-f]{16}\.tar$/;

/**
 * A version of a program has one content: another archive under it is refused. An archive is named by its digest as well, so that
 * publishing by other means, which don't ask, changes nothing that runs.
 * @throws TandemError `program-version-taken`, `aws-…`
 */
async function refuseTakenVersions(connection: AwsConnection, manifest: AssetSource['manifest']): Promise<void> {
  const archives = Object.values(manifest.files ?? {}).flatMap(({ destinations }) =>
    Object.values(destinations).filter(({ objectKey }) => objectKey.startsWith(PROGRAMS_FOLDER)),
  );
  for (const { bucketName: Bucket, objectKey, region = connection.region, assumeRoleArn } of archives) {
    const role = assumeRoleArn?.replaceAll('${AWS::Partition}', connection.partition);
    const client = clientOf(connection, { region, ...(role === undefined ? {} : { assumeRoleArn: role }) });
    const version = objectKey.replace(ARCHIVE_END, '');
    try {
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket, Prefix: version }));
      // What follows may be a longer version that begins like this one.
      const isOther = (key: string): boolean => key !== objectKey && key.replace(ARCHIVE_END, '') === version;
      const other = Contents.find(({ Key = '' }) => isOther(Key))?.Key;
      if (other !== undefined) throw versionTaken(objectKey, other);
    } catch (error) {
      // A bucket or a role that is not there is told by the publication, which needs them too.
      if (!/^(?:NoSuchBucket|AccessDenied)$/.test(readFailure(error).name)) throw toAwsError('s3:ListObjectsV2', error);
    } finally {
      client.destroy();
    }
  }
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
function awsOf(connection: AwsConnection): IAws {
  const { account, region, partition } = connection;
  const identity = { accountId: account, partition };
  const unsupported = (): Promise<never> => Promise.reject(new Error('container images are not published by Tandem'));
  return {
    discoverPartition: () => Promise.resolve(partition),
    discoverDefaultRegion: () => Promise.resolve(region),
    discoverCurrentAccount: () => Promise.resolve(identity),
    discoverTargetAccount: () => Promise.resolve(identity),
    ecrClient: unsupported,
    secretsManagerClient: unsupported,
    s3Client(options) {
      const client = clientOf(connection, options);
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

function clientOf({ region, credentials }: AwsConnection, options: ClientOptions): S3Client {
  return new S3Client({
    region: options.region ?? region,
    credentials: publishing(credentials, options, region),
    // A rehearsal's endpoint has one host for all buckets.
    forcePathStyle: process.env['AWS_ENDPOINT_URL'] !== undefined,
  });
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
