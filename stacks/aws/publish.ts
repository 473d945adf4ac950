import { FileAssetPackaging, type Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { WorkerProps } from '../../lib/aws/analysis-cluster-props.ts';
import type { ConsulArchive } from '../../lib/aws/consul-access.ts';
import type { ScalerChoice } from '../../lib/aws/fleet-scaler.ts';
import { programKey } from '../../lib/aws/worker-program.ts';
import type { Architecture } from '../../lib/aws-model/ec2/type-names.ts';
import { CONSUL_VERSION } from '../../lib/components/consul/install.ts';
import type { WorkerProgram } from '../../lib/config/schema/environment-worker.ts';
import {
  AGENT_PATH,
  AGENT_SHA256,
  AGENT_VERSION,
  consulAsset,
  programPath,
  SCALER_PATH,
  SCALER_VERSION,
} from './assets.ts';

/**
 * A file as an asset, published before the stack is deployed. Its key is its version, not a digest of the file: the artefact must not
 * depend on whether, or where, it was built, packed or fetched. So a version never changes its content.
 */
function publish(stack: Stack, sourceHash: string, fileName: string, displayName: string) {
  return stack.synthesizer.addFileAsset({ sourceHash, fileName, packaging: FileAssetPackaging.FILE, displayName });
}

export function workerAgent(stack: Stack): WorkerProps['agent'] {
  const key = `tandem-worker-agent-${AGENT_VERSION}`;
  const { bucketName, objectKey } = publish(stack, key, AGENT_PATH, `Worker agent ${AGENT_VERSION}`);
  const bucket = Bucket.fromBucketName(stack, 'Assets', bucketName);
  return { version: AGENT_VERSION, bucket, objectKey, sha256: AGENT_SHA256 };
}

export function fleetScaler(stack: Stack): ScalerChoice['code'] {
  const key = `tandem-fleet-scaler-${SCALER_VERSION}`;
  const { bucketName, objectKey } = publish(stack, key, SCALER_PATH, `Fleet scaler ${SCALER_VERSION}`);
  return { bucket: Bucket.fromBucketName(stack, 'ScalerAssets', bucketName), objectKey };
}

/** A program that is delivered becomes an asset. */
export function workerProgram(stack: Stack, cluster: string, program: WorkerProgram): WorkerProgram {
  if (program.kind === 'archive') {
    const key = programKey(cluster, program).replace(/\.tar$/, '');
    publish(stack, key, programPath(program.sha256), `Program ${program.path} ${program.version}`);
  }
  return program;
}

/** The archive of Consul in a bucket of assets, where the stack of the link publishes it. */
export function consulArchiveIn(bucket: ConsulArchive['bucket'], architecture: Architecture): ConsulArchive {
  const { key, artefact } = consulAsset(architecture);
  return { bucket, objectKey: `${key}.zip`, sha256: artefact.sha256 };
}

/** Consul for each processor that is named. */
export function consulArchives<Role extends string>(
  stack: Stack,
  architectures: Readonly<Record<Role, Architecture>>,
): Readonly<Record<Role, ConsulArchive>> {
  const bucket = (name: string) => stack.node.tryFindChild('Assets') ?? Bucket.fromBucketName(stack, 'Assets', name);
  const all = Object.entries<Architecture>(architectures).map(([role, architecture]) => {
    const { key, path } = consulAsset(architecture);
    const { bucketName } = publish(stack, key, path, `Consul ${CONSUL_VERSION} for ${architecture}`);
    return [role, consulArchiveIn(bucket(bucketName) as ConsulArchive['bucket'], architecture)] as const;
  });
  return Object.fromEntries(all) as Readonly<Record<Role, ConsulArchive>>;
}
