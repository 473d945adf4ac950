import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { fullJitter } from '../backoff.ts';
import type { Clock, ResultStore } from '../ports.ts';

const MIB = 1024 * 1024;
/** Up to here a body is held in memory, and the SDK may send it again after an error. */
const IN_MEMORY = 4 * MIB;
/** Above, in parts. */
const ONE_PUT = 64 * MIB;
const PART = 64 * MIB;
/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const MOST_PARTS = 10_000;
const ATTEMPTS = 6;
const BACKOFF = { firstMs: 500, mostMs: 20_000 };

export interface S3ResultsOptions {
  readonly client: S3Client;
  readonly bucket: string;
  readonly clock: Clock;
  readonly random: () => number;
  /** Largest result that is one request. @default 64 MiB */
  readonly onePutBytes?: number;
  /** Least size of a part; larger where a result would have too many. @default 64 MiB */
  readonly partBytes?: number;
}

/** Results are written once, by a condition on the put, or on the completion of the parts. No more than 4 MiB are held in memory. */
export class S3Results implements ResultStore {
  readonly #options: S3ResultsOptions;

  constructor(options: S3ResultsOptions) {
    this.#options = options;
  }

  /** By a listing, which the role may do under this prefix: a GET of what is not there would be told 403, not 404. */
  async has(key: string): Promise<boolean> {
    const { client, bucket } = this.#options;
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: key, MaxKeys: 1 }));
    // Keys are listed in order: what only begins with the key comes after it.
    return Contents[0]?.Key === key;
  }

  async putOnce(key: string, file: string): Promise<'written' | 'exists'> {
    const { size } = await stat(file);
    try {
      if (size <= (this.#options.onePutBytes ?? ONE_PUT)) await this.#put(key, file, size);
      else await this.#putParts(key, file, size);
      return 'written';
    } catch (error) {
      // Also after our own put whose answer was lost: the result is there, and that is what counts.
      if (!(error instanceof S3ServiceException)) throw error;
      if (error.$metadata.httpStatusCode === 412) return 'exists';
      if (error.name === 'NoSuchUpload' && (await this.has(key))) return 'exists';
      throw error;
    }
  }

  async #put(key: string, file: string, size: number): Promise<void> {
    const { client, bucket } = this.#options;
    const put = async (): Promise<void> => {
      const body = await bodyOf(file, 0, size);
      const input = { Bucket: bucket, Key: key, Body: body, ContentLength: size, IfNoneMatch: '*' };
      await client.send(new PutObjectCommand(input));
    };
    await (size <= IN_MEMORY ? put() : this.#again(put));
  }

  async #putParts(key: string, file: string, size: number): Promise<void> {
    const { client, bucket, partBytes = PART } = this.#options;
    const at = { Bucket: bucket, Key: key };
    const { UploadId } = await this.#again(() => client.send(new CreateMultipartUploadCommand(at)));
    const upload = { ...at, UploadId };
    const length = Math.max(partBytes, Math.ceil(size / MOST_PARTS));
    const Parts: { PartNumber: number; ETag: string | undefined }[] = [];
    try {
      for (let start = 0; start < size; start += length) {
        const PartNumber = Parts.length + 1;
        const bytes = Math.min(length, size - start);
        const { ETag } = await this.#again(async () => {
          const Body = await bodyOf(file, start, bytes);
          return client.send(new UploadPartCommand({ ...upload, PartNumber, Body, ContentLength: bytes }));
        });
        Parts.push({ PartNumber, ETag });
      }
      const end = { ...upload, MultipartUpload: { Parts }, IfNoneMatch: '*' };
      await this.#again(() => client.send(new CompleteMultipartUploadCommand(end)));
    } catch (error) {
      // What stays behind, the bucket forgets after two days.
      await client.send(new AbortMultipartUploadCommand(upload)).catch(() => undefined);
      throw error;
    }
  }

  /** The SDK does not send a stream twice; here each attempt has its own. What is refused for good is thrown at once. */
  async #again<T>(attempt: () => Promise<T>): Promise<T> {
    const { clock, random } = this.#options;
    for (let count = 1; ; count += 1) {
      try {
        return await attempt();
      } catch (error) {
        if (count >= ATTEMPTS || isForGood(error)) throw error;
        await clock.sleep(fullJitter(BACKOFF, count, random));
      }
    }
  }
}

function isForGood(error: unknown): boolean {
  if (!(error instanceof S3ServiceException)) return false;
  const { httpStatusCode: status = 500 } = error.$metadata;
  // 408 RequestTimeout, 409 ConditionalRequestConflict, 429: again.
  return status >= 400 && status < 500 && ![408, 409, 429].includes(status) && error.name !== 'RequestTimeout';
}

async function bodyOf(file: string, start: number, bytes: number) {
  if (bytes > IN_MEMORY) return createReadStream(file, { start, end: start + bytes - 1 });
  const handle = await open(file);
  try {
    const { buffer } = await handle.read(Buffer.alloc(bytes), 0, bytes, start);
    return buffer;
  } finally {
    await handle.close();
  }
}
