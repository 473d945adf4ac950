import type { Problem } from '../config/diagnostic.ts';
import type { DeployEvent } from '../deploy/ports.ts';
import type { FleetReport } from '../fleet/look/report.ts';
import type { FleetProgress } from '../fleet/ports.ts';
import type { Plan } from '../plan/model.ts';

/** What an action works with, besides its own options. The command line makes one; so may a test, CI or a service. */
export interface ActionContext {
  /** The project's folder: the one with `config/tandem.yaml`. */
  readonly root: string;
  /** The folder that was named, else the working folder; for what makes a project. */
  readonly folder: string;
  /** Variables of the operator: credentials, endpoints, proxies. */
  readonly environment: NodeJS.ProcessEnv;
  readonly now: () => Date;
  /**
   * Asks to stop: what is begun is finished and noted. Whoever reads it takes over the answer to Ctrl-C, so an action reads it only
   * where it honours it.
   */
  readonly signal: AbortSignal;
  readonly io: Io;
  /** Concurrent stacks. @default the machine's cores, at most 8, for synthesis; 4 on clouds */
  readonly parallelism?: number | undefined;
  /** Concurrent resources of a stack. @default 20 */
  readonly resourceParallelism?: number | undefined;
}

/** The host of an action: an action never prints, it tells its host. */
export interface Io {
  emit(event: ActionEvent): void;
  /** Shows the plan and asks; the default is no. @throws TandemError `no-terminal` where nobody can answer */
  confirm(question: Question): Promise<boolean>;
  /** One line of text; undefined where nobody can be asked. */
  text(prompt: string): Promise<string | undefined>;
  /** A value that must not be shown; undefined where none is given. */
  secret(prompt: string): Promise<string | undefined>;
}

export interface Question {
  /** Stable, kebab-case: `deploy`, `break-lock`. */
  readonly code: string;
  /** One sentence, answered with yes or no. */
  readonly text: string;
  /** Lines to read before answering. */
  readonly details?: string;
  /** What a yes carries out. */
  readonly plan?: Plan;
  /** The command that asks has a `--dry-run`. @default false */
  readonly hasDryRun?: boolean;
}

/** What an action tells while it works. Never holds a secret. */
export type ActionEvent =
  | DeployEvent
  | ProgressEvent
  | {
      readonly kind: 'message';
      readonly level: 'info' | 'warn';
      /** Stable, kebab-case, where scripts may look for it: `stack-skipped`. */
      readonly code?: string;
      readonly text: string;
      readonly stack?: undefined;
    }
  /** A fleet that is watched, as it is now. */
  | { readonly kind: 'fleet'; readonly report: FleetReport }
  /** How far an operation on a fleet is; `secondsLeft` is null where nothing was predicted. */
  | { readonly kind: 'fleet-progress'; readonly progress: FleetProgress; readonly secondsLeft: number | null }
  /** A problem of the configuration. */
  | { readonly kind: 'problem'; readonly problem: Problem }
  /** A request to a cloud's API is repeated. */
  | {
      readonly kind: 'api-retry';
      readonly reason: string;
      readonly attempt: number;
      readonly delaySeconds: number;
    };

/** How far counted work is; `done` equal to `total` ends it. */
export interface ProgressEvent {
  readonly kind: 'progress';
  /** `synthesizing stacks` */
  readonly what: string;
  readonly done: number;
  readonly total: number;
}

/** Tells the host of counted work, as callbacks of the rooms below take it. */
export function progressOf({ io }: Pick<ActionContext, 'io'>, what: string): (done: number, total: number) => void {
  return (done, total) => io.emit({ kind: 'progress', what, done, total });
}

/** A message to whoever started the action. */
export function inform({ io }: Pick<ActionContext, 'io'>, text: string, code?: string): void {
  io.emit({ kind: 'message', level: 'info', text, ...(code === undefined ? {} : { code }) });
}

/** How rooms below warn whoever started the action. */
export function warnerOf({ io }: { readonly io: Pick<Io, 'emit'> }): (text: string) => void {
  return (text) => io.emit({ kind: 'message', level: 'warn', text });
}
