import {
  AbortMultipartUploadCommand,
  DeleteObjectsCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { readFailure, toAwsError } from '../../../aws-api/aws-error.ts';
import { bytes } from '../../../text/bytes.ts';
import { counted } from '../../../text/plural.ts';
import { notEmptied } from '../errors.ts';

/** What is in a bucket. */
export interface BucketContents {
  readonly objects: number;
  /** Of objects, those that newer ones hide included. */
  readonly versions: number;
  readonly deleteMarkers: number;
  readonly uploads: number;
  readonly bytes: number;
  /** Whether there is more than was counted. */
  readonly isMore: boolean;
}

/** Pages of 1,000 versions that are counted before anybody is asked; a bucket of millions would take minutes. */
const COUNTED_PAGES = 50;

/** Counts what is in a bucket, `COUNTED_PAGES` pages at most; undefined where there is no such bucket. */
export async function lookInBucket(s3: S3Client, Bucket: string): Promise<BucketContents | undefined> {
  const total = { objects: 0, versions: 0, deleteMarkers: 0, uploads: 0, bytes: 0 };
  let pages = 0;
  let isMore = false;
  try {
    for await (const page of versionPages(s3, Bucket)) {
      pages += 1;
      for (const { IsLatest, Size = 0 } of page.Versions ?? []) {
        total.versions += 1;
        if (IsLatest === true) total.objects += 1;
        total.bytes += Size;
      }
      total.deleteMarkers += page.DeleteMarkers?.length ?? 0;
      isMore = pages === COUNTED_PAGES && page.IsTruncated === true;
      if (isMore) break;
    }
    const { Uploads = [], IsTruncated } = await s3.send(new ListMultipartUploadsCommand({ Bucket }));
    return { ...total, uploads: Uploads.length, isMore: isMore || IsTruncated === true };
  } catch (error) {
    if (readFailure(error).name === 'NoSuchBucket') return undefined;
    throw toAwsError('s3:ListBucketVersions', error);
  }
}

/** `3 objects, 1 earlier version, 2 delete markers, 1 unfinished upload, 1.2 MiB`; empty where nothing is in it. Pure. */
export function describeBucket({ isMore, ...found }: BucketContents): string {
  const parts = [
    [found.objects, 'object'],
    [found.versions - found.objects, 'earlier version'],
    [found.deleteMarkers, 'delete marker'],
    [found.uploads, 'unfinished upload'],
  ] as const;
  const told = parts.filter(([count]) => count > 0).map(([count, what]) => counted(count, what));
  if (told.length === 0) return '';
  return `${isMore ? 'more than ' : ''}${[...told, ...(found.bytes > 0 ? [bytes(found.bytes)] : [])].join(', ')}`;
}

/**
 * Deletes every version, delete marker and unfinished upload of a bucket, 1,000 a call; safe to repeat, and a bucket that is gone is
 * empty. Source: AmazonS3/latest/userguide/empty-bucket.html
 * @returns after each call, how many are deleted so far
 * @throws TandemError `not-emptied` where S3 refuses an object: a legal hold, a retention
 */
export async function* emptyBucket(s3: S3Client, Bucket: string, signal: AbortSignal): AsyncGenerator<number> {
  let deleted = 0;
  try {
    // Always the first page: what it had is gone by the next look.
    for (;;) {
      signal.throwIfAborted();
      const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
      const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
      if (Objects.length === 0) break;
      const { Errors = [] } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
      const [refused] = Errors;
      if (refused !== undefined)
        throw notEmptied(Bucket, Errors.length, `${refused.Key ?? ''}: ${refused.Message ?? refused.Code ?? ''}`);
      deleted += Objects.length;
      yield deleted;
    }
    for (let isMore = true; isMore; ) {
      signal.throwIfAborted();
      const { Uploads = [], IsTruncated = false } = await s3.send(new ListMultipartUploadsCommand({ Bucket }));
      for (const { Key, UploadId } of Uploads)
        await s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })).catch(unlessGone);
      deleted += Uploads.length;
      if (Uploads.length > 0) yield deleted;
      isMore = IsTruncated && Uploads.length > 0;
    }
  } catch (error) {
    if (readFailure(error).name === 'NoSuchBucket') return;
    throw toAwsError('s3:DeleteObjects', error);
  }
}

async function* versionPages(s3: S3Client, Bucket: string): AsyncGenerator<ListObjectVersionsOutput> {
  let next: { readonly KeyMarker?: string; readonly VersionIdMarker?: string } | undefined = {};
  while (next !== undefined) {
    const page: ListObjectVersionsOutput = await s3.send(new ListObjectVersionsCommand({ Bucket, ...next }));
    yield page;
    const { IsTruncated, NextKeyMarker: KeyMarker = '', NextVersionIdMarker: VersionIdMarker = '' } = page;
    next = IsTruncated === true ? { KeyMarker, VersionIdMarker } : undefined;
  }
}

/** An upload that was completed or aborted meanwhile. */
function unlessGone(error: unknown): void {
  if (readFailure(error).name !== 'NoSuchUpload') throw error;
}
