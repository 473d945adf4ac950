import { z } from 'zod';
import { envelopeUnreadable } from './errors.ts';

/** A signature over the payload; who made it is known by the key that verifies it. */
export interface Signature {
  /** Fingerprint of the public key, as `ssh-keygen -l` prints it: `SHA256:…`. */
  readonly keyid: string;
  /** Ed25519, 64 bytes. */
  readonly sig: Uint8Array;
}

/** A DSSE envelope (github.com/secure-systems-lab/dsse, v1): a payload with the signatures of any number of people. */
export interface Envelope {
  readonly payloadType: string;
  readonly payload: Uint8Array;
  readonly signatures: readonly Signature[];
}

const base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/);

const envelopeSchema = z.strictObject({
  payloadType: z.string(),
  payload: base64,
  signatures: z.array(z.strictObject({ keyid: z.string().max(100), sig: base64.max(100) })).max(100),
});

/** What is signed: the type and the payload, each after its length, so that neither can pass for a part of the other. */
export function preAuthenticationEncoding({ payloadType, payload }: Pick<Envelope, 'payloadType' | 'payload'>): Buffer {
  const type = Buffer.from(payloadType, 'utf8');
  const head = `DSSEv1 ${type.length} ${payloadType} ${payload.length} `;
  return Buffer.concat([Buffer.from(head, 'utf8'), payload]);
}

/** The one form in which an envelope is written. */
export function writeEnvelope({ payloadType, payload, signatures }: Envelope): string {
  const document = {
    payloadType,
    payload: Buffer.from(payload).toString('base64'),
    signatures: signatures.map(({ keyid, sig }) => ({ keyid, sig: Buffer.from(sig).toString('base64') })),
  };
  return `${JSON.stringify(document, null, 1)}\n`;
}

/**
 * Reads what `writeEnvelope` wrote, byte for byte: spaces, repeated keys and other spellings of the same base64 are refused, so that no
 * byte can differ from what was signed.
 * @param name of the file, for people @throws TandemError `envelope-unreadable`
 */
export function readEnvelope(text: string, name: string): Envelope {
  let document: z.output<typeof envelopeSchema>;
  try {
    document = envelopeSchema.parse(JSON.parse(text));
  } catch {
    throw envelopeUnreadable(name, 'it is cut off, or no envelope of DSSE');
  }
  const envelope = {
    payloadType: document.payloadType,
    payload: Buffer.from(document.payload, 'base64'),
    signatures: document.signatures.map(({ keyid, sig }) => ({ keyid, sig: Buffer.from(sig, 'base64') })),
  };
  if (writeEnvelope(envelope) !== text) throw envelopeUnreadable(name, 'it was altered after it was written');
  return envelope;
}
