import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { WorkerProgram } from '../config/schema/environment-worker.ts';

/** Folder of the bucket of assets that has the programs of all clusters of the account and Region. */
export const PROGRAMS_FOLDER = 'tandem-programs/';

type ArchivedProgram = Pick<Extract<WorkerProgram, { kind: 'archive' }>, 'path' | 'version' | 'sha256'>;

/** What all archives of one version would begin with; a version has one. */
function programVersionPrefix(cluster: string, { path, version }: Omit<ArchivedProgram, 'sha256'>): string {
  const folder = path.split('/').findLast((part) => part !== '' && part !== '.') ?? 'program';
  return `${PROGRAMS_FOLDER}${cluster}/${folder.replaceAll(/[^\w.-]/g, '-')}-${version}-`;
}

/** Where the archive (tar) of a program is in the bucket of assets: by its version and its digest, so that it never changes. */
export function programKey(cluster: string, program: ArchivedProgram): string {
  return `${programVersionPrefix(cluster, program)}${program.sha256.slice(0, 16)}.tar`;
}

/** What a worker reads of its program. Without a version of its own, a program is the one of the machine image. */
export function programConfig(cluster: string, program: WorkerProgram, assets: IBucket) {
  const { kind, command } = program;
  if (kind === 'archive') {
    const { version, sha256 } = program;
    return { kind, command, version, bucket: assets.bucketName, key: programKey(cluster, program), sha256 };
  }
  if (kind === 'container') {
    const digest = program.image.slice(program.image.lastIndexOf(':') + 1);
    return { kind, command, version: digest.slice(0, 12), image: program.image, engine: program.engine };
  }
  return { kind, command, version: 'image' };
}
