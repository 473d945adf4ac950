import { once } from 'node:events';
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { CommandContext } from '@stricli/core';
import { systemFault } from '../fs/fault.ts';
import { requireTrustedProject } from '../git/trusted-project.ts';
import { fit } from '../text/fit.ts';
import { printableJson } from '../text/printable.ts';
import { shellWord } from '../text/shell-word.ts';
import { noProjectHere } from './errors.ts';
import { explain } from './failure.ts';
import { type Interruption, openInterruption } from './interruption.ts';
import { written } from './paint.ts';

/** What a command may touch. Results go to `out`, progress and logs to `log`. */
export interface TandemContext extends CommandContext {
  readonly process: NodeJS.Process;
  /** The command line, as a shell takes it: `tandem fleet restart prod`. */
  readonly command: string;
  readonly interruption: Interruption;
  /** Whether the exit code is another program's, and any. */
  passesExitCode: boolean;
  /** Text for people: control characters that it quotes are made visible, and on a terminal no line is wider than it. */
  out(text: string): void;
  /** The same, on stderr. */
  log(text: string): void;
  /** A document for programs, which keeps every value. */
  json(document: string): void;
  /** A value for a program, as it is. */
  value(text: string): void;
  /** As it is, on stderr: for what moves the cursor. */
  draw(text: string): void;
  /** The project's root: from `--project`, else from the working folder. @throws TandemError `no-project` */
  root(): string;
}

/**
 * @param args the command line, without the program
 * @param folder what `--project` names @default the working folder
 */
export function createContext(process: NodeJS.Process, args: readonly string[], folder?: string): TandemContext {
  const people = (stream: NodeJS.WriteStream) => (text: string) => {
    stream.write(stream.isTTY ? fit(written(text), stream.columns) : written(text));
  };
  const log = people(process.stderr);
  const command = ['tandem', ...args.map(shellWord)].join(' ');
  return {
    ...{ process, command, passesExitCode: false },
    out: people(process.stdout),
    log,
    json: (document) => void process.stdout.write(printableJson(document)),
    value: (text) => void process.stdout.write(text),
    draw: (text) => void process.stderr.write(text),
    interruption: openInterruption({ process, log, command }),
    root: () => trustedRoot(folder ?? process.cwd()),
  };
}

/** `tandem plan | head` goes on without a word when head ends: what is begun is not left half made for that. A full disk is told. */
export function outliveOutput(process: NodeJS.Process): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || error.code === 'EIO') return;
    process.stderr.write(written(`${explain(systemFault(error, 'standard output'))}\n`));
    process.exitCode = 1;
  });
  // A terminal that went away.
  process.stderr.on('error', () => undefined);
}

/** Writes a value in pieces, as fast as it is read: false once nobody reads any more, `… | head`. A terminal gets text that it does not obey. */
export function pieces(stdout: NodeJS.WriteStream): (chunk: Uint8Array) => Promise<boolean> {
  const text = new TextDecoder();
  return async (chunk) => {
    const piece = stdout.isTTY ? written(text.decode(chunk, { stream: true })) : chunk;
    if (!stdout.destroyed && !stdout.write(piece)) await Promise.race([once(stdout, 'drain'), once(stdout, 'close')]);
    return !stdout.destroyed;
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
