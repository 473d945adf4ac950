import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sshpk from 'sshpk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Envelope,
  preAuthenticationEncoding,
  readEnvelope,
  writeEnvelope,
} from '../../../lib/attestation/dsse.ts';
import { publicKeyOf } from '../../../lib/attestation/public-key.ts';
import { openSigner, signEnvelope } from '../../../lib/attestation/signer.ts';
import { signersOf } from '../../../lib/attestation/verify.ts';
import { startAgent } from './agent-server.ts';
import { makeKey, type TestKey } from './keys.ts';

const folder = mkdtempSync(join(tmpdir(), 'attestation-'));
let alice: TestKey;
let bob: TestKey;
let locked: TestKey;

beforeAll(() => {
  alice = makeKey(folder, 'alice');
  bob = makeKey(folder, 'bob');
  locked = makeKey(folder, 'locked', { passphrase: 'open sesame' });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const keyOf = ({ line }: TestKey) => publicKeyOf(line)!;
const envelope: Envelope = { payloadType: 'text/x', payload: Buffer.from('what is approved'), signatures: [] };
const nobody = { environment: {}, passphrase: async () => undefined };
const signedBy = async (...keys: TestKey[]): Promise<Envelope> => {
  let signed = envelope;
  for (const { file } of keys) signed = await signEnvelope(signed, await openSigner({ ...nobody, file }));
  return signed;
};

describe('an envelope', () => {
  it('is signed over the encoding that DSSE prescribes', () => {
    const vector = { payloadType: 'http://example.com/HelloWorld', payload: Buffer.from('hello world') };
    expect(preAuthenticationEncoding(vector).toString()).toBe('DSSEv1 29 http://example.com/HelloWorld 11 hello world');
  });

  it('is read as it was written, with who signed it', async () => {
    const read = readEnvelope(writeEnvelope(await signedBy(alice, bob)), 'x');
    expect(signersOf(read, [keyOf(bob), keyOf(alice)], 'x')).toEqual([keyOf(alice), keyOf(bob)]);
    expect(Buffer.from(read.payload).toString()).toBe('what is approved');
  });

  it('signed again by the same key has one signature of it', async () => {
    expect((await signedBy(alice, alice)).signatures).toHaveLength(1);
  });

  it('fails with a signature of a key that nobody has', async () => {
    expect(() => signersOf({ ...envelope, signatures: [] }, [], 'x')).not.toThrow();
    const signed = await signedBy(alice, bob);
    expect(() => signersOf(signed, [keyOf(alice)], 'x')).toThrow(`x has a signature by ${keyOf(bob).keyid}`);
  });

  it('fails with a signature over something else, or one of another key', async () => {
    const signed = await signedBy(alice);
    const other = { ...signed, payload: Buffer.from('what was swapped') };
    expect(() => signersOf(other, [keyOf(alice)], 'x')).toThrow('x was altered');
    const swapped = { ...signed, signatures: signed.signatures.map(({ sig }) => ({ sig, keyid: keyOf(bob).keyid })) };
    expect(() => signersOf(swapped, [keyOf(alice), keyOf(bob)], 'x')).toThrow('x was altered');
    const twice = { ...signed, signatures: [...signed.signatures, ...signed.signatures] };
    expect(() => signersOf(twice, [keyOf(alice)], 'x')).toThrow('two signatures');
  });

  it.each([
    ['spaces', (text: string) => text.replace('{', '{ ')],
    ['a byte order mark', (text: string) => `\uFEFF${text}`],
    ['a repeated key', (text: string) => text.replace('{', '{\n "payload": "AAAA",')],
    ['another spelling of the same base64', (text: string) => text.replace(/"payload": "[^"]+"/, '"payload": "QR=="')],
    ['an escape for a letter', (text: string) => text.replace('text/x', 'text\\/x')],
    ['a field more', (text: string) => text.replace('{', '{\n "more": 1,')],
    ['its end missing', (text: string) => text.slice(0, -1)],
    ['nothing at all', () => ''],
    ['another document', () => '{}\n'],
  ])('fails with %s', (_what, alter) => {
    const text = writeEnvelope(envelope);
    expect(alter(text)).not.toBe(text);
    expect(() => readEnvelope(alter(text), 'x')).toThrow('x is not believed');
  });
});

describe('a key', () => {
  it('is known by the fingerprint of its line', () => {
    const line = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICajf8CPVqvaD2fBe3Y5CEPFiS3ORYDeYlB9Arwc4cgZ a@host';
    expect(publicKeyOf(line)?.keyid).toBe('SHA256:c32zrMmHzGIHWrNcDq7vz9U8N/zEdxCloW40lcjXWSU');
  });

  it('whose seed begins with a zero signs as every other', async () => {
    const key = makeKey(folder, 'zero', { isWanted: (seed) => seed[0] === 0 });
    expect(signersOf(await signedBy(key), [keyOf(key)], 'x')).toEqual([keyOf(key)]);
  });

  it('with a passphrase asks for it', async () => {
    const signer = await openSigner({ ...nobody, file: locked.file, passphrase: async () => 'open sesame' });
    expect(signersOf(await signEnvelope(envelope, signer), [keyOf(locked)], 'x')).toEqual([keyOf(locked)]);
  });

  it.each([
    ['nobody can answer', undefined, 'nobody can be asked'],
    ['the passphrase is wrong', 'close', 'the passphrase is wrong'],
  ])('with a passphrase fails where %s', async (_what, given, says) => {
    const opening = openSigner({ ...nobody, file: locked.file, passphrase: async () => given });
    await expect(opening).rejects.toThrow(says);
  });

  it.each([
    ['ecdsa', generatePem(), 'it is a key for ecdsa'],
    ['text', 'PRIVATE KEY? no', 'it is no private key of OpenSSH'],
    ['sk.pub', 'sk-ssh-ed25519@openssh.com AAAA a@host', 'it is sk-ssh-ed25519@openssh.com'],
  ])('fails where it is of another kind: %s', async (name, text, says) => {
    const file = join(folder, name);
    writeFileSync(file, text);
    await expect(openSigner({ ...nobody, file })).rejects.toThrow(says);
  });

  it('fails where there is none', async () => {
    await expect(openSigner({ ...nobody, environment: { HOME: folder } })).rejects.toThrow('no key to sign with');
    await expect(openSigner(nobody)).rejects.toThrow('no key to sign with');
  });
});

describe('an agent', () => {
  it('signs with the key that is wanted, or that a public file names', async () => {
    const { socket, server } = await startAgent(folder, [alice, bob]);
    try {
      const environment = { SSH_AUTH_SOCK: socket };
      const wanted = await openSigner({ ...nobody, environment, wanted: new Set([keyOf(bob).keyid]) });
      const named = await openSigner({ ...nobody, environment, file: `${alice.file}.pub` });
      const signed = await signEnvelope(await signEnvelope(envelope, wanted), named);
      expect(signersOf(signed, [keyOf(alice), keyOf(bob)], 'x')).toEqual([keyOf(bob), keyOf(alice)]);
      await expect(openSigner({ ...nobody, environment, file: `${locked.file}.pub` })).rejects.toThrow('does not have');
    } finally {
      server.close();
    }
  });

  it('fails where it does not answer as an agent does', async () => {
    const environment = { SSH_AUTH_SOCK: join(folder, 'gone') };
    const opening = openSigner({ ...nobody, environment, file: `${alice.file}.pub` });
    await expect(opening).rejects.toThrow('the SSH agent does not sign');
  });
});

function generatePem(): string {
  return sshpk.generatePrivateKey('ecdsa').toString('openssh');
}
