import { hash } from 'node:crypto';
import { printableLine } from '../text/printable.ts';

/** A job as it is sent. */
export interface ReadJob {
  readonly id: string;
  /** The message's body: one line of JSON that has the id. */
  readonly body: string;
  /** Of the body, in bytes. */
  readonly size: number;
  /** Of the body, in hexadecimal digits. */
  readonly sha256: string;
}

/** Why a text is no job: what was received, and what to write. */
export class NotAJob extends Error {}

/** As the worker agent takes it: part of an object's key and of log lines. */
const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** The largest body. What is larger is data, and belongs into a document that the job names. */
export const MOST_BYTES: number = 64 * 1024 * 1024;

/** Digits of a digest that make an id: two of a million jobs agree once in 10^16 batches. */
const DIGITS = 24;

export function isJobId(text: string): boolean {
  return ID.test(text);
}

/** Of ECMAScript 2026, and in Node since 22; the compiler's library lacks it. */
const exactJson = JSON as unknown as {
  rawJSON(text: string): unknown;
  isRawJSON(value: unknown): boolean;
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
};

/** JSON with numbers as they were written: an identifier of twenty digits survives. @throws NotAJob */
export function parseExactly(text: string): unknown {
  try {
    return exactJson.parse(text, (_key, value, { source }) =>
      typeof value === 'number' && source !== undefined && String(value) !== source ? exactJson.rawJSON(source) : value,
    );
  } catch (error) {
    throw new NotAJob(
      `got ${quoted(text)}, which is not JSON (${wordsOf(error)}); write one JSON object a line (\`jq -c\` does)`,
    );
  }
}

/** Gives jobs their ids. One a batch: of jobs without an id that are equal, the second has another one, the same in each run. */
export class JobReader {
  readonly #prefix: string;
  /** How often a digest came. */
  readonly #derived = new Map<string, number>();

  /** @param prefix stands before each id */
  constructor(prefix = '') {
    this.#prefix = prefix;
  }

  /** @throws NotAJob */
  read(value: unknown): ReadJob {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || exactJson.isRawJSON(value))
      throw new NotAJob(`got ${quoted(JSON.stringify(value))}; write a JSON object, {"id": "…", …}`);
    const { id: own, ...rest } = value as Readonly<Record<string, unknown>>;
    const id = `${this.#prefix}${own === undefined ? this.#derive(rest) : ownId(own)}`;
    if (!isJobId(id))
      throw new NotAJob(
        `got the id ${quoted(JSON.stringify(id))}; write letters, digits, ".", "_" and "-", 128 at most, the first one a letter or a digit`,
      );
    const body = sendable(JSON.stringify({ id, ...rest }));
    const size = Buffer.byteLength(body);
    if (size > MOST_BYTES)
      throw new NotAJob(
        `got ${size} bytes, and a job has ${MOST_BYTES} at most; put the data into the bucket below documents/, and name it in the job`,
      );
    return { id, body, size, sha256: hash('sha256', body) };
  }

  #derive(rest: object): string {
    const digest = hash('sha256', JSON.stringify(rest)).slice(0, DIGITS);
    const count = (this.#derived.get(digest) ?? 0) + 1;
    this.#derived.set(digest, count);
    return count === 1 ? digest : `${digest}-${count}`;
  }
}

function ownId(own: unknown): string {
  if (typeof own === 'string') return own;
  throw new NotAJob(`got the id ${quoted(JSON.stringify(own))}; write it as a text, in quotes, or leave it out`);
}

/** SQS takes no U+FFFE and U+FFFF; JSON may escape any character. API_SendMessage.html */
function sendable(json: string): string {
  return json.replaceAll(/[\uFFFE\uFFFF]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`);
}

function quoted(text: string): string {
  const shown = printableLine(text.length > 80 ? `${text.slice(0, 80)}…` : text);
  return `\`${shown}\``;
}

function wordsOf(error: unknown): string {
  return printableLine(error instanceof Error ? error.message : String(error));
}
