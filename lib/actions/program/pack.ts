import { relative } from 'node:path';
import { leavesProject } from '../../config/boot-text.ts';
import { packProgram } from '../../programs/pack.ts';
import type { ActionContext } from '../context.ts';
import { usage } from '../errors.ts';
import type { ResultOf } from '../result-of.ts';
import type { packSchema } from './schema.ts';

export interface PackOptions {
  /** Folder, relative to the project. */
  readonly path: string;
}

export type PackResult = ResultOf<typeof packSchema>;

/** Packs a program and tells its digest, which the configuration names. @throws TandemError `usage`, and those of `packProgram` */
export function pack({ root }: Pick<ActionContext, 'root'>, { path: given }: PackOptions): Promise<PackResult> {
  const path = given.replace(/^\.\//, '').replace(/\/+$/, '');
  if (/^\.?$/.test(path) || leavesProject(path))
    throw usage(`got "${given}"`, 'name a folder inside the project, relative to it, such as programs/word-statistics');
  const { file, sha256, bytes, files } = packProgram(root, path);
  return Promise.resolve({ path, sha256, bytes, files, archive: relative(root, file) });
}
