import { basename, join } from 'node:path';
import { FileAssetPackaging, type Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { ScalerChoice } from '../../lib/aws/fleet-scaler.ts';

const FOLDER = 'packages/fleet-scaler/dist';
const CODE = join(import.meta.dirname, '../..');

/** What decides: the archive holds this file, and the simulator runs it. */
export const SCALER_BUNDLE: string = join(CODE, FOLDER, 'fleet-scaler.mjs');

/** The archive that `packages/fleet-scaler` makes of its bundle, as AWS Lambda takes it. */
export const SCALER_FILE: string = join(CODE, FOLDER, 'fleet-scaler.zip');

/** The same as seen from the `cdk.out` of a project: of this checkout, or of one that has Tandem installed. */
export const SCALER_PATH: string = `../${basename(CODE) === 'dist' ? 'node_modules/tandem/dist/' : ''}${FOLDER}/fleet-scaler.zip`;

/** The version that the archive has; another one could not be published from here. A test compares it with the package. */
export const SCALER_VERSION = '0.2.0';

/** The archive as an asset. Its key is its version, like the agent's: so a version never changes its content. */
export function fleetScaler(stack: Stack): ScalerChoice['code'] {
  const location = stack.synthesizer.addFileAsset({
    sourceHash: `tandem-fleet-scaler-${SCALER_VERSION}`,
    fileName: SCALER_PATH,
    packaging: FileAssetPackaging.FILE,
    displayName: `Fleet scaler ${SCALER_VERSION}`,
  });
  const bucket = Bucket.fromBucketName(stack, 'ScalerAssets', location.bucketName);
  return { bucket, objectKey: location.objectKey };
}
