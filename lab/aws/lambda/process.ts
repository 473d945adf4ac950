import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { unzipSync } from 'fflate';
import type { VirtualClock } from '../clock.ts';
import type { JsonObject } from '../json.ts';
import { RUNTIME } from './runtime.ts';

type Told =
  | { readonly kind: 'ready' | 'done' }
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'sleep'; readonly id: number; readonly milliseconds: number };

export interface FunctionCode {
  readonly archive: Buffer;
  /** `file.export`, as Lambda names it. */
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** One execution environment: a process that runs an event at a time, and stays for the next. */
export class FunctionProcess {
  readonly #clock: VirtualClock;
  readonly #child: ChildProcess;
  readonly #folder = mkdtempSync(join(tmpdir(), 'lab-lambda-'));
  readonly #ready: Promise<void>;
  /** False after it ended, or did not end in time. */
  isUsable = true;
  #output = '';
  /** Set while an event runs. */
  #end: ((failure: string | undefined) => void) | undefined;
  /** Ends what the clock waits for: until the function sleeps or ends. */
  #rest: (() => void) | undefined;

  constructor(clock: VirtualClock, { archive, handler, environment }: FunctionCode) {
    this.#clock = clock;
    for (const [name, content] of Object.entries(unzipSync(archive))) {
      const file = join(this.#folder, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
    const [module = '', name = 'handler'] = handler.split('.');
    const { PATH } = process.env;
    this.#child = spawn(process.execPath, ['--input-type=module', '--eval', RUNTIME], {
      cwd: this.#folder,
      env: {
        ...{ PATH, ...environment },
        LAB_HANDLER_FILE: pathToFileURL(join(this.#folder, `${module}.mjs`)).href,
        LAB_HANDLER_NAME: name,
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (text: Buffer) => (this.#output += text.toString('utf8')));
    this.#ready = new Promise((resolve) => {
      this.#child.on('message', (told: Told) => {
        if (told.kind === 'ready') resolve();
        else this.#hear(told);
      });
    });
    this.#child.once('exit', (code) => {
      this.isUsable = false;
      this.#rest?.();
      this.#end?.(`the process ended with ${code ?? 'a signal'}`);
    });
  }

  /** What it wrote since it was last asked. */
  takeOutput(): string {
    const output = this.#output;
    this.#output = '';
    return output;
  }

  /**
   * Runs an event: why it failed, or nothing. Where the clock is moved by hand it stands still while the function computes, so that a function takes no time but
   * what it sleeps.
   */
  async run(event: JsonObject, timeoutMs: number): Promise<string | undefined> {
    this.#compute();
    await this.#ready;
    const { promise: ended, resolve: end } = Promise.withResolvers<string | undefined>();
    this.#end = end;
    void this.#clock.sleep(timeoutMs).then(() => {
      if (this.#end !== end) return;
      this.isUsable = false;
      end(`Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`);
    });
    this.#child.send({ kind: 'event', event });
    const failure = await ended;
    this.#end = undefined;
    this.#rest?.();
    return failure;
  }

  close(): void {
    this.isUsable = false;
    this.#rest?.();
    this.#child.kill('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #hear(told: Exclude<Told, { readonly kind: 'ready' }>): void {
    if (told.kind === 'sleep') {
      const { id } = told;
      void this.#clock.sleep(told.milliseconds).then(() => {
        if (!this.isUsable) return;
        this.#compute();
        this.#child.send({ kind: 'wake', id });
      });
      this.#rest?.();
    } else this.#end?.(told.kind === 'failed' ? told.why : undefined);
  }

  #compute(): void {
    this.#clock.waitFor(new Promise<void>((resolve) => (this.#rest = resolve)));
  }
}
