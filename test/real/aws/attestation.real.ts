import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Envelope, writeEnvelope } from '../../../lib/attestation/dsse.ts';
import { publicKeyOf } from '../../../lib/attestation/public-key.ts';
import { openSigner, signEnvelope } from '../../../lib/attestation/signer.ts';
import { STATEMENT_PAYLOAD } from '../../../lib/attestation/statement.ts';
import { signersOf } from '../../../lib/attestation/verify.ts';
import { pythonTools } from './python-tools.ts';

const folder = mkdtempSync(join(tmpdir(), 'attestation-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const PASSPHRASE = 'open sesame';

function makeKey(name: string, passphrase = ''): string {
  const file = join(folder, name);
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-C', `${name}@host`, '-f', file]);
  return file;
}

const lineOf = (file: string): string => readFileSync(`${file}.pub`, 'utf8').trim();

const statement = {
  _type: 'https://in-toto.io/Statement/v1',
  subject: [{ name: 'aws/prod/network', digest: { sha256: 'a'.repeat(64) } }],
  predicateType: 'urn:tandem:bundle:1',
  predicate: { text: 'ü' },
};
const envelope: Envelope = {
  payloadType: STATEMENT_PAYLOAD,
  payload: Buffer.from(JSON.stringify(statement)),
  signatures: [],
};

let bin: string;
beforeAll(() => {
  bin = pythonTools();
});

function verifyElsewhere(signed: Envelope, ...lines: string[]): string {
  const file = join(folder, 'envelope.json');
  writeFileSync(file, writeEnvelope(signed));
  const script = join(import.meta.dirname, 'verify_bundle.py');
  return execFileSync(join(bin, 'python'), [script, file, ...lines], { encoding: 'utf8', stdio: 'pipe' }).trim();
}

describe('keys that ssh-keygen makes', () => {
  test('sign what the verifiers of others accept, from a file, with a passphrase and from the agent', async () => {
    const [plain, locked, held] = [makeKey('plain'), makeKey('locked', PASSPHRASE), makeKey('held')];
    const socket = join(folder, 'agent');
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      await once(agent.stdout, 'data');
      execFileSync('ssh-add', ['-q', held], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: 'pipe' });
      const asked = { environment: { SSH_AUTH_SOCK: socket }, passphrase: async () => PASSPHRASE };
      const signers = [
        await openSigner({ ...asked, file: plain }),
        await openSigner({ ...asked, file: locked }),
        await openSigner({ ...asked, file: `${held}.pub` }),
      ];
      const byOnlyKey = await openSigner(asked);
      expect(byOnlyKey.keyid).toBe(signers[2]?.keyid);
      let signed = envelope;
      for (const signer of signers) signed = await signEnvelope(signed, signer);
      const lines = [plain, locked, held].map(lineOf);
      expect(
        signersOf(
          signed,
          lines.map((line) => publicKeyOf(line)!),
          'x',
        ),
      ).toHaveLength(3);
      for (const [index, file] of [plain, locked, held].entries())
        expect(execFileSync('ssh-keygen', ['-lf', `${file}.pub`], { encoding: 'utf8' })).toContain(
          ` ${signed.signatures[index]?.keyid ?? '?'} `,
        );
      expect(verifyElsewhere(signed, ...lines)).toBe(`${STATEMENT_PAYLOAD} urn:tandem:bundle:1 aws/prod/network`);
      const altered = { ...signed, payload: Buffer.from(JSON.stringify({ ...statement, predicate: {} })) };
      expect(() => verifyElsewhere(altered, ...lines)).toThrow('VerificationError');
    } finally {
      agent.kill();
    }
  });

  test('of other types are refused', async () => {
    const file = join(folder, 'rsa');
    execFileSync('ssh-keygen', ['-q', '-t', 'rsa', '-b', '2048', '-N', '', '-f', file]);
    const refused = { environment: {}, passphrase: async () => undefined };
    await expect(openSigner({ ...refused, file })).rejects.toThrow('it is a key for rsa');
    await expect(openSigner({ ...refused, file: `${file}.pub` })).rejects.toThrow('it is ssh-rsa');
  });
});
