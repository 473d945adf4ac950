import { z } from 'zod';
import { envelopeUnreadable } from './errors.ts';

/** What an in-toto payload is called in an envelope. */
export const STATEMENT_PAYLOAD = 'application/vnd.in-toto+json';

/** An in-toto Statement (github.com/in-toto/attestation, v1): something that is said of artefacts. */
export interface Statement<P> {
  readonly _type: 'https://in-toto.io/Statement/v1';
  /** What is spoken of: names with the SHA-256 of their content, in hex. */
  readonly subject: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[];
  /** What is said, as a URI of its kind. */
  readonly predicateType: string;
  readonly predicate: P;
}

/** A statement whose predicate has the given shape. */
export function statementSchema<P extends z.ZodType>(predicateType: string, predicate: P) {
  return z.strictObject({
    _type: z.literal('https://in-toto.io/Statement/v1'),
    subject: z
      .array(
        z.strictObject({ name: z.string(), digest: z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/) }) }),
      )
      .min(1),
    predicateType: z.literal(predicateType),
    predicate,
  });
}

/** The statement in a payload. @throws TandemError `envelope-unreadable` where it is no statement of that kind */
export function readStatement<S extends z.ZodType>(payload: Uint8Array, schema: S, name: string): z.output<S> {
  let content: unknown;
  try {
    content = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
  } catch {
    throw envelopeUnreadable(name, 'what it holds is no JSON');
  }
  const { data, error } = schema.safeParse(content);
  if (error === undefined) return data;
  const [issue] = error.issues;
  throw envelopeUnreadable(name, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'it has another format'}`);
}
