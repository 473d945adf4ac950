import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { labServiceFailed } from '../errors.ts';
import { logTail } from './command.ts';
import type { Sandbox } from './sandbox.ts';
import type { LabProcess } from './services.ts';

/** Starts services, waits for them, and notices one that ends. */
export class Supervisor {
  readonly #sandbox: Sandbox;
  readonly #started = new Map<string, { process: LabProcess; child: ChildProcess }>();

  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
  }

  start(process: LabProcess): void {
    this.#started.set(process.name, { process, child: this.#sandbox.start(process.name, process) });
  }

  /** Throws if a process of this service, or one of its foundations, has ended. */
  requireAlive(service: string | undefined): void {
    for (const { process, child } of this.#started.values()) {
      if (service !== undefined && process.service !== service) continue;
      if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) continue;
      const how = child.exitCode === null ? `signal ${child.signalCode ?? 'unknown'}` : `exit code ${child.exitCode}`;
      throw this.failed(process.name, `ended with ${how}`);
    }
  }

  /** Repeats a check until it passes; fails as soon as a process ended, or when the time is over. */
  async waitFor(
    service: string,
    check: () => Promise<string>,
    options: { readonly seconds: number; readonly signal: AbortSignal; readonly log?: string },
  ): Promise<string> {
    const deadline = Date.now() + options.seconds * 1000;
    for (;;) {
      options.signal.throwIfAborted();
      this.requireAlive(undefined);
      try {
        return await check();
      } catch (error) {
        if (Date.now() > deadline) {
          const reason = `was not ready after ${options.seconds} s: ${(error as Error).message}`;
          throw this.failed(options.log ?? this.#firstLog(service), reason, error);
        }
      }
      await sleep(250, undefined, { signal: options.signal });
    }
  }

  failed(name: string, reason: string, cause?: unknown): Error {
    const log = this.#sandbox.log(name);
    return labServiceFailed({ service: name, reason, logTail: logTail(log), log }, cause);
  }

  #firstLog(service: string): string {
    return [...this.#started.values()].find(({ process }) => process.service === service)?.process.name ?? service;
  }
}
