import { FileAssetPackaging, type Stack } from 'aws-cdk-lib';
import { programKey } from '../../lib/aws/worker-program.ts';
import type { WorkerProgram } from '../../lib/config/schema/environment-worker.ts';

/** Where `tandem program pack` puts an archive, as seen from the `cdk.out` of the project. */
const ARCHIVES = '../.tandem/programs/';

/** The digest of the archive that an asset's path means; undefined for other assets. */
export function digestOfArchive(path: string | undefined): string | undefined {
  return path?.startsWith(ARCHIVES) === true ? path.slice(ARCHIVES.length).replace(/\.tar$/, '') : undefined;
}

/**
 * A program that is delivered becomes an asset, published before the stack is deployed. Like the agent's, it is known by what the
 * configuration says: the artefact does not depend on whether, or where, the program was packed.
 */
export function workerProgram(stack: Stack, cluster: string, program: WorkerProgram): WorkerProgram {
  if (program.kind !== 'archive') return program;
  stack.synthesizer.addFileAsset({
    sourceHash: programKey(cluster, program).replace(/\.tar$/, ''),
    fileName: `${ARCHIVES}${program.sha256}.tar`,
    packaging: FileAssetPackaging.FILE,
    displayName: `Program ${program.path} ${program.version}`,
  });
  return program;
}
