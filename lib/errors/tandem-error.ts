/** What every expected failure of Tandem says: a stable code, what happened, and what to do next. */
export interface TandemErrorInit {
  /** Stable, kebab-case, unique in the catalogue, e.g. `state-locked`. Scripts match on it. */
  readonly code: string;
  /** Lowercase; names the value received. */
  readonly message: string;
  /** The next step for the person reading it. */
  readonly next: string;
  readonly cause?: unknown;
  /** Facts for `--json`; never a secret. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** What anything that was thrown says. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** Anything that was thrown, as an error. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** An expected error: printed as code, message and next step, never with a stack trace. */
export class TandemError extends Error {
  readonly code: string;
  readonly next: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(init: TandemErrorInit) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause });
    this.name = 'TandemError';
    this.code = init.code;
    this.next = init.next;
    this.details = init.details ?? {};
  }

  /** The same error, with what it left behind, the next step that follows from that, and more facts. */
  told(left: string, next: string, facts: Readonly<Record<string, unknown>>): TandemError {
    const { code, message, details } = this;
    const separator = message.includes('\n') ? '\n' : '; ';
    const all = { ...details, ...facts };
    return new TandemError({ code, message: `${message}${separator}${left}`, next, cause: this.cause, details: all });
  }

  /** The same error, of a flag or an argument that is named. */
  of(subject: string): TandemError {
    const { code, message, next, details } = this;
    return new TandemError({ code, message: `${subject}: ${message}`, next, cause: this.cause, details });
  }
}
