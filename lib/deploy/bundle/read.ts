import { type Envelope, readEnvelope } from '../../attestation/dsse.ts';
import { envelopeUnreadable } from '../../attestation/errors.ts';
import { readStatement, STATEMENT_PAYLOAD } from '../../attestation/statement.ts';
import { digestOf } from '../../stack/synthesized.ts';
import { type Bundle, bundleStatement } from './schema.ts';

/** A bundle as a file has it. Nothing in it is believed before its signatures are verified. */
export interface ReadBundle {
  /** Name of the file, for people. */
  readonly name: string;
  readonly envelope: Envelope;
  readonly bundle: Bundle;
  /** `sha256:…` of what is signed: the same however many sign it. */
  readonly digest: string;
}

/** @throws TandemError `envelope-unreadable` */
export function readBundle(text: string, name: string): ReadBundle {
  const envelope = readEnvelope(text, name);
  if (envelope.payloadType !== STATEMENT_PAYLOAD)
    throw envelopeUnreadable(name, 'what it holds is no statement of in-toto');
  const { subject, predicate } = readStatement(envelope.payload, bundleStatement, name);
  const named = JSON.stringify(subjectOf(predicate));
  if (JSON.stringify(subject) !== named) throw envelopeUnreadable(name, 'it speaks of other artefacts than it holds');
  return { name, envelope, bundle: predicate, digest: digestOf(Buffer.from(envelope.payload).toString('utf8')) };
}

/** What a bundle is about: the artefact of each stack, by its digest. */
export function subjectOf({ stacks }: Pick<Bundle, 'stacks'>) {
  return stacks.map(({ id, artefact }) => ({
    name: id,
    digest: { sha256: digestOf(artefact).replace('sha256:', '') },
  }));
}
