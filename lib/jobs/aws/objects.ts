import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { called, readFailure, toAwsError } from '../../aws-api/aws-error.ts';

export interface ObjectFacts {
  readonly key: string;
  readonly size: number;
  /** Of the version that is meant. */
  readonly etag: string;
  /** ISO 8601. */
  readonly writtenAt: string;
}

/** Objects of the cluster's bucket. All calls throw `aws-…`. */
export class ClusterObjects {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  async put(key: string, text: string): Promise<void> {
    const command = new PutObjectCommand({
      ...{ Bucket: this.#bucket, Key: key, Body: text },
      ContentType: 'application/json',
    });
    await called('s3:PutObject', () => this.#client.send(command));
  }

  /** Undefined where there is none. */
  async text(key: string): Promise<string | undefined> {
    const facts = await this.facts(key);
    if (facts === undefined) return undefined;
    const chunks: Uint8Array[] = [];
    for await (const chunk of await this.read(facts, 0, facts.size)) chunks.push(chunk);
    return Buffer.concat(chunks).toString('utf8');
  }

  /** Undefined where there is none. */
  async facts(key: string): Promise<ObjectFacts | undefined> {
    try {
      const head = await this.#client.send(new HeadObjectCommand({ Bucket: this.#bucket, Key: key }));
      return {
        key,
        size: head.ContentLength ?? 0,
        etag: head.ETag ?? '',
        writtenAt: head.LastModified?.toISOString() ?? '',
      };
    } catch (error) {
      if (readFailure(error).status === 404) return undefined;
      throw toAwsError('s3:HeadObject', error);
    }
  }

  /** Bytes from `start` to before `end` of that version; another one is refused with 412. */
  async read({ key, etag, size }: ObjectFacts, start: number, end: number): Promise<AsyncIterable<Uint8Array>> {
    if (size === 0 || start >= end) return none();
    const command = new GetObjectCommand({
      ...{ Bucket: this.#bucket, Key: key, IfMatch: etag },
      // A checksum of the whole object can't be held against a part of it.
      ...(start === 0 && end >= size ? {} : { Range: `bytes=${start}-${end - 1}` }),
    });
    const { Body } = await called('s3:GetObject', () => this.#client.send(command));
    return (Body ?? none()) as AsyncIterable<Uint8Array>;
  }
}

async function* none(): AsyncIterable<Uint8Array> {
  // Nothing to read.
}
