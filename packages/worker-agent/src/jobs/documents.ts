import { GetObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';

/** Where a job's documents are. */
export interface Documents {
  /** Names below a prefix, in order. */
  list(prefix: string): Promise<readonly string[]>;
  /** A document in pieces. */
  read(name: string): AsyncIterable<Uint8Array>;
}

/** Documents of the cluster's bucket; names are below its prefix for documents. */
export class S3Documents implements Documents {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #root: string;

  constructor(client: S3Client, bucket: string, root: string) {
    this.#client = client;
    this.#bucket = bucket;
    this.#root = root;
  }

  async list(prefix: string): Promise<readonly string[]> {
    const names: string[] = [];
    const input = { Bucket: this.#bucket, Prefix: this.#root + prefix };
    for await (const { Contents = [] } of paginateListObjectsV2({ client: this.#client }, input)) {
      for (const { Key } of Contents) if (Key !== undefined) names.push(Key.slice(this.#root.length));
    }
    return names;
  }

  async *read(name: string): AsyncIterable<Uint8Array> {
    const { Body } = await this.#client.send(new GetObjectCommand({ Bucket: this.#bucket, Key: this.#root + name }));
    if (Body !== undefined) yield* Body as AsyncIterable<Uint8Array>;
  }
}
