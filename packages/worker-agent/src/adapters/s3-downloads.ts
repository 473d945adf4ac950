import { createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { type Downloads, MissingObject } from '../ports.ts';

export class S3Downloads implements Downloads {
  readonly #client: S3Client;

  constructor(client: S3Client) {
    this.#client = client;
  }

  async fetch(bucket: string, key: string, file: string): Promise<void> {
    try {
      const { Body } = await this.#client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      await pipeline(Body as Readable, createWriteStream(file, { mode: 0o600 }));
    } catch (error) {
      const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
      if (status === 404 || status === 403) throw new MissingObject(`s3://${bucket}/${key}`, { cause: error });
      throw error;
    }
  }
}
