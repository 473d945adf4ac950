import { join } from 'node:path';
import type { Project } from '../config/project.ts';
import { messageOf } from '../errors/tandem-error.ts';
import { readIfThere } from '../fs/files.ts';
import { allowsForeignCode, isForkEvent } from '../git/foreign.ts';
import { isIsolated } from '../processes/isolated.ts';
import { contentHash, hashOfParts } from '../stack/content-hash.ts';
import { digestOf } from '../stack/synthesized.ts';
import { cacheOf } from '../synthesis/artefact-cache.ts';
import { codeHash, projectCodeHash } from '../synthesis/code.ts';
import { inTemporary, runApartNow } from './apart.ts';
import { checkModules } from './check-modules.ts';
import { BEGUN, type CustomRequest, readAnswer, toPlain } from './custom-process.ts';
import type { ModuleFault } from './load-custom.ts';
import { ownModules } from './own-modules.ts';

/** In milliseconds: whoever asks waits, and a module that loads needs no second. */
const PATIENCE = 60_000;

/**
 * What is wrong with the project's own modules, asked in a process apart; once for the same code and configuration where nothing is.
 * Code of a fork's pull request is not run, and nothing is said of it.
 */
export function moduleFaults(root: string, project: Project, patience = PATIENCE): readonly ModuleFault[] {
  if (ownModules(root).length === 0 || (isForkEvent(process.env) && !allowsForeignCode(process.env))) return [];
  if (isIsolated()) return checkModules(root, project, () => undefined);
  const plain = toPlain(project);
  const cache = cacheOf(root);
  const key = hashOfParts(['tandem.modules/1', codeHash(), projectCodeHash(root), contentHash(plain)]);
  if (cache.read(key) !== undefined) return [];
  const faults = ask(root, { ask: 'check', root, project: plain }, patience);
  if (faults.length === 0) cache.write(key, { text: '[]', digest: digestOf('[]'), citations: '' });
  return faults;
}

function ask(root: string, request: CustomRequest, patience: number): readonly ModuleFault[] {
  return inTemporary((folder) => {
    const ended = runApartNow({ program: 'custom-main', root, folder, request, timeout: patience });
    try {
      return (readAnswer(folder, ended) as { faults: readonly ModuleFault[] }).faults;
    } catch (failure) {
      const file = readIfThere(join(folder, BEGUN)) ?? ownModules(root)[0] ?? '';
      return [{ file, why: ended.isLate ? `it did not load within ${patience / 1000} seconds` : messageOf(failure) }];
    }
  });
}
