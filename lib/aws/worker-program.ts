import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { WorkerProgram } from '../config/schema/environment-worker.ts';

/** Folder of the bucket of assets that has the programs of all clusters of the account and Region. */
const FOLDER = 'tandem-programs';

/**
 * Where the archive (tar, gzip) of a program is in the bucket of assets: by its version, not by a digest, so that an artefact does not
 * depend on whether, or where, the program was packed. It is put there once, with `If-None-Match`.
 */
export function programKey(cluster: string, program: { readonly path: string; readonly version: string }): string {
  const folder = program.path.split('/').findLast((part) => part !== '' && part !== '.') ?? 'program';
  return `${FOLDER}/${cluster}/${folder.replaceAll(/[^\w.-]/g, '-')}-${program.version}.tar.gz`;
}

/** What a worker reads of its program. Without a version of its own, a program is the one of the machine image. */
export function programConfig(cluster: string, program: WorkerProgram, assets: IBucket) {
  const { kind, command } = program;
  if (kind === 'archive')
    return {
      kind,
      command,
      version: program.version,
      bucket: assets.bucketName,
      key: programKey(cluster, program),
    };
  if (kind === 'container') {
    const digest = program.image.slice(program.image.lastIndexOf(':') + 1);
    return { kind, command, version: digest.slice(0, 12), image: program.image, engine: program.engine };
  }
  return { kind, command, version: 'image' };
}
