import { existsSync } from 'node:fs';
import { programDiffers } from './errors.ts';
import { archiveOf, packProgram } from './pack.ts';

/** A program as the configuration names it. */
export interface ProgramReference {
  /** Folder, relative to the project. */
  readonly path: string;
  readonly version: string;
  /** Of its archive, in hexadecimal digits. */
  readonly sha256: string;
}

/**
 * The archive that the configuration names: as it was packed before, or packed now.
 * @throws TandemError `program-differs` where the files are others, and those of `packProgram`
 */
export function requireArchive(root: string, { path, version, sha256 }: ProgramReference): string {
  const kept = archiveOf(root, sha256);
  if (existsSync(kept)) return kept;
  const packed = packProgram(root, path);
  if (packed.sha256 !== sha256) throw programDiffers(path, version, sha256, packed.sha256);
  return packed.file;
}
