import type { CallContext } from '../service.ts';
import type { AwsRequest, AwsResponse } from '../wire/request.ts';
import type { Bucket } from './store.ts';

export interface S3Request {
  readonly request: AwsRequest;
  readonly context: CallContext;
  readonly bucketName: string;
  readonly key: string;
  /** Throws NoSuchBucket, or AccessDenied for another account's. */
  readonly bucket: () => Bucket;
}

export type S3Call = (request: S3Request) => AwsResponse;
