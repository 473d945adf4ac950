import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { ListObjectsV2Command, PutObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import type { ResultStore } from '../ports.ts';

/** Up to here a result is held in memory, and the SDK may send it again after an error. */
const IN_MEMORY = 4 * 1024 * 1024;

export class S3Results implements ResultStore {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  /** By a listing, which the role may do under this prefix: a GET of what is not there would be told 403, not 404. */
  async has(key: string): Promise<boolean> {
    const command = new ListObjectsV2Command({ Bucket: this.#bucket, Prefix: key, MaxKeys: 1 });
    const { Contents = [] } = await this.#client.send(command);
    // Keys are listed in order: what only begins with the key comes after it.
    return Contents[0]?.Key === key;
  }

  async putOnce(key: string, file: string): Promise<'written' | 'exists'> {
    const { size } = await stat(file);
    const body = size <= IN_MEMORY ? await readFile(file) : createReadStream(file);
    const put = new PutObjectCommand({
      ...{ Bucket: this.#bucket, Key: key, Body: body, ContentLength: size },
      IfNoneMatch: '*',
    });
    try {
      await this.#client.send(put);
      return 'written';
    } catch (error) {
      // Also after our own put whose answer was lost: the result is there, and that is what counts.
      if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 412) return 'exists';
      throw error;
    }
  }
}
