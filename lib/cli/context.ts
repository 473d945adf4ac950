import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { CommandContext } from '@stricli/core';
import { requireTrustedProject } from '../git/trusted-project.ts';
import { noProjectHere } from './errors.ts';

/** What a command may touch. Results go to `out`, progress and logs to `log`. */
export interface TandemContext extends CommandContext {
  readonly process: NodeJS.Process;
  out(text: string): void;
  log(text: string): void;
  /** The project's root: from `--project`, else from the working folder. @throws TandemError `no-project` */
  root(): string;
}

/** @param folder what `--project` names @default the working folder */
export function createContext(process: NodeJS.Process, folder?: string): TandemContext {
  return {
    process,
    out: (text: string) => void process.stdout.write(text),
    log: (text: string) => void process.stderr.write(text),
    root: () => trustedRoot(folder ?? process.cwd()),
  };
}

/**
 * The project's root around a folder, where its `.tandem` is to be believed.
 * @throws TandemError `no-project`, `folder-not-trusted`, `link-not-followed`, `working-folder-committed`
 */
export function trustedRoot(from: string): string {
  const root = findRoot(from);
  requireTrustedProject(root);
  return root;
}

/**
 * The folder with `config/tandem.yaml`: the given one, or the nearest above it. Symbolic links are followed first, so that a link to
 * a folder inside a project leads to that project.
 * @throws TandemError `no-project`
 */
export function findRoot(from: string): string {
  const start = existsSync(from) ? realpathSync(from) : resolve(from);
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'config', 'tandem.yaml'))) return folder;
    if (dirname(folder) === folder) throw noProjectHere(start);
  }
}
