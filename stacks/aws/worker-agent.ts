import { basename, join } from 'node:path';
import { FileAssetPackaging, type Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { WorkerProps } from '../../lib/aws/analysis-cluster-props.ts';

const FILE = 'packages/worker-agent/dist/worker-agent.mjs';
const CODE = join(import.meta.dirname, '../..');

/** The bundle that `packages/worker-agent` builds. */
export const AGENT_FILE: string = join(CODE, FILE);

/** The same as seen from the `cdk.out` of a project: of this checkout, or of one that has Tandem installed. */
export const AGENT_PATH: string = basename(CODE) === 'dist' ? `../node_modules/tandem/dist/${FILE}` : `../${FILE}`;

/** The version that the bundle has; another one could not be published from here. A test compares it with the package. */
export const AGENT_VERSION = '0.3.0';

/** Of the bundle of that version, whatever is built here: instances run nothing else. */
export const AGENT_SHA256 = 'ce71e2a2e50ac3abaa3a300c72b061c1db841feaf08f6d72d504ff7eeffbdfd2';

/**
 * The agent as an asset, published before the stack is deployed. Its key is its version, not a digest of the file: the artefact
 * must not depend on whether, or where, the bundle was built. So a version never changes its content.
 */
export function workerAgent(stack: Stack): WorkerProps['agent'] {
  const location = stack.synthesizer.addFileAsset({
    sourceHash: `tandem-worker-agent-${AGENT_VERSION}`,
    fileName: AGENT_PATH,
    packaging: FileAssetPackaging.FILE,
    displayName: `Worker agent ${AGENT_VERSION}`,
  });
  const bucket = Bucket.fromBucketName(stack, 'Assets', location.bucketName);
  return { version: AGENT_VERSION, bucket, objectKey: location.objectKey, sha256: AGENT_SHA256 };
}
