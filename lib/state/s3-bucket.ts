import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import type { PutCondition } from './cells.ts';
import { stateFull, stateReadOnly, stateUnreachable } from './errors.ts';
import { AT_START, type Outcome, persist, WITHIN } from './persist.ts';

export interface BucketProps {
  readonly bucket: string;
  readonly region: string;
  /** Prefix of every key, without slashes at its ends. */
  readonly prefix: string;
  /** URL of an S3-compatible service. @default - AWS */
  readonly endpoint?: string | undefined;
  /** @default - AWS's own chain: environment, profile, role */
  readonly credentials?: NonNullable<S3ClientConfig['credentials']>;
  /** Account that every request requires the bucket to belong to, 12 digits. @default - whoever owns the name */
  readonly expectedBucketOwner?: string | undefined;
  /** Told once of each time that the service has to be waited for. @default - nobody is */
  readonly onWait?: (text: string) => void;
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
  /** False where the condition fails. */
  put(key: string, text: string, condition?: PutCondition): Promise<boolean>;
  remove(key: string): Promise<void>;
  close(): void;
}

/** A bucket of S3, or of a service that speaks like it and knows conditional writes. */
export function s3Bucket(props: BucketProps): Bucket {
  const { bucket, region, prefix, endpoint, credentials, expectedBucketOwner, onWait = () => undefined } = props;
  const client = new S3Client({
    region,
    ...(credentials === undefined ? {} : { credentials }),
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    // Services besides AWS know few of the newer checksums.
    ...{ requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED' },
    requestHandler: { connectionTimeout: AT_START, requestTimeout: WITHIN / 2 },
  });
  const place = `bucket ${bucket}${endpoint === undefined ? '' : ` at ${endpoint}`}`;
  const inBucket = { Bucket: bucket, ExpectedBucketOwner: expectedBucketOwner };
  const at = (key: string) => ({ ...inBucket, Key: `${prefix}/${key}` });
  const attempts = persist(place, onWait);
  const told = <T>(action: () => Promise<T>, expected: (status: number) => T | undefined): Promise<T> =>
    attempts<T>(async (): Promise<Outcome<T>> => {
      try {
        return { value: await action() };
      } catch (error) {
        // A bucket that is not there is no empty one.
        const value = error instanceof Error && error.name === 'NoSuchBucket' ? undefined : expected(statusOf(error));
        if (value !== undefined) return { value };
        return judge(place, error);
      }
    });
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
        () => listAll(client, inBucket, `${prefix}/${below}`, prefix.length + 1),
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

/** What to do about an error: the service's own faults and the network's pass; answers need people. */
function judge(place: string, error: unknown): { readonly passes: string } {
  const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const name = error instanceof Error ? error.name : '';
  const status = statusOf(error);
  if (status === 507 || /QuotaExceeded|InsufficientStorage|StorageFull/i.test(name)) throw stateFull(place, why);
  if (name === 'XMinioReadOnly' || status === 405) throw stateReadOnly(place, why);
  if (status !== 0 && status !== 408 && status !== 429 && status < 500) throw stateUnreachable(place, why);
  // Without credentials there is no request at all, and none will come by waiting.
  if (/Credential/.test(name)) throw stateUnreachable(place, why);
  return { passes: why };
}

async function listAll(
  client: S3Client,
  inBucket: Pick<ListObjectsV2CommandInput, 'Bucket' | 'ExpectedBucketOwner'>,
  prefix: string,
  drop: number,
): Promise<string[]> {
  const keys: string[] = [];
  for (let token: string | undefined, more = true; more; more = token !== undefined) {
    const page = await client.send(new ListObjectsV2Command({ ...inBucket, Prefix: prefix, ContinuationToken: token }));
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
