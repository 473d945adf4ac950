import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import { stateUnreachable } from './errors.ts';

export interface BucketProps {
  readonly bucket: string;
  readonly region: string;
  /** Prefix of every key, without slashes at its ends. */
  readonly prefix: string;
  /** URL of an S3-compatible service. @default - AWS */
  readonly endpoint?: string;
  /** @default - AWS's own chain: environment, profile, role */
  readonly credentials?: NonNullable<S3ClientConfig['credentials']>;
}

export interface StoredObject {
  readonly text: string;
  /** Names this very content. */
  readonly etag: string;
}

/** What stores need of a bucket: whole objects, written under conditions. */
export interface Bucket {
  get(key: string): Promise<StoredObject | undefined>;
  /** Keys below a prefix, sorted. */
  list(prefix: string): Promise<readonly string[]>;
  /**
   * Writes. With `onlyNew`, only where nothing is; with `instead`, only over exactly that content. False where the condition fails.
   */
  put(
    key: string,
    text: string,
    condition?: { readonly onlyNew: true } | { readonly instead: string },
  ): Promise<boolean>;
  remove(key: string): Promise<void>;
  close(): void;
}

/** A bucket of S3, or of a service that speaks like it and knows conditional writes. */
export function s3Bucket({ bucket, region, prefix, endpoint, credentials }: BucketProps): Bucket {
  const client = new S3Client({
    region,
    ...(credentials === undefined ? {} : { credentials }),
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    // Services besides AWS know few of the newer checksums.
    ...{ requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED' },
  });
  const at = (key: string) => ({ Bucket: bucket, Key: `${prefix}/${key}` });
  const told = async <T>(action: () => Promise<T>, expected: (status: number) => T | undefined): Promise<T> => {
    try {
      return await action();
    } catch (error) {
      const outcome = expected(statusOf(error));
      if (outcome !== undefined) return outcome;
      throw stateUnreachable(
        `bucket ${bucket}`,
        error instanceof Error ? `${error.name}: ${error.message}` : String(error),
      );
    }
  };
  return {
    async get(key) {
      const found = await told<StoredObject | 'absent'>(
        async () => {
          const { Body, ETag } = await client.send(new GetObjectCommand(at(key)));
          return { text: (await Body?.transformToString()) ?? '', etag: ETag ?? '' };
        },
        (status) => (status === 404 ? 'absent' : undefined),
      );
      return found === 'absent' ? undefined : found;
    },
    list: (below) =>
      told(
        () => listAll(client, bucket, `${prefix}/${below}`, prefix.length + 1),
        () => undefined,
      ),
    put: (key, text, condition) =>
      told<boolean>(
        async () => {
          const only =
            condition === undefined
              ? {}
              : 'onlyNew' in condition
                ? { IfNoneMatch: '*' }
                : { IfMatch: condition.instead };
          await client.send(new PutObjectCommand({ ...at(key), Body: text, ContentType: 'application/json', ...only }));
          return true;
        },
        // 409: two conditional writes at once; 404: what was to be replaced is gone.
        (status) => (condition !== undefined && [404, 409, 412].includes(status) ? false : undefined),
      ),
    remove: (key) =>
      told(
        async () => {
          await client.send(new DeleteObjectCommand(at(key)));
        },
        () => undefined,
      ),
    close: () => client.destroy(),
  };
}

async function listAll(client: S3Client, bucket: string, prefix: string, drop: number): Promise<string[]> {
  const keys: string[] = [];
  for (let token: string | undefined, more = true; more; more = token !== undefined) {
    const page = await client.send(
      new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: prefix,
        ...(token === undefined ? {} : { ContinuationToken: token }),
      }),
    );
    keys.push(...(page.Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [Key.slice(drop)])));
    token = page.NextContinuationToken;
  }
  return keys.sort();
}

function statusOf(error: unknown): number {
  const metadata =
    error instanceof Error && '$metadata' in error ? (error.$metadata as { httpStatusCode?: number }) : {};
  return metadata.httpStatusCode ?? 0;
}
