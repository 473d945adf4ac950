import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateIdentity } from 'age-encryption';
import { expect, test } from 'vitest';
import { fileSecrets } from '../../../lib/secrets/file-secrets.ts';
import { Secret } from '../../../lib/secrets/secret.ts';
import { secretStoreContract } from './secret-store.contract.ts';

function prepare(environment: NodeJS.ProcessEnv = {}) {
  const root = mkdtempSync(join(tmpdir(), 'tandem-secrets-'));
  const props = { file: join(root, '.tandem', 'secrets.age'), keyFile: join(root, 'home', 'acme.agekey'), environment };
  return { props, store: fileSecrets(props), close: async () => rmSync(root, { recursive: true }) };
}

secretStoreContract('file', async () => prepare());

test('neither file shows the secret, and the key is for its owner alone', async () => {
  const { props, store, close } = prepare();
  await store.put('secret:pg', new Secret('canary-7f3a9c', 'secret:pg'));
  expect(readFileSync(props.file, 'latin1')).toMatch(/^age-encryption\.org\/v1/);
  expect(readFileSync(props.file, 'latin1')).not.toContain('canary');
  expect(statSync(props.keyFile).mode & 0o777).toBe(0o600);
  await close();
});

test('fails with a key that others can read', async () => {
  const { props, store, close } = prepare();
  await store.put('secret:pg', new Secret('x', 'secret:pg'));
  chmodSync(props.keyFile, 0o644);
  await expect(store.use('secret:pg', async () => 1)).rejects.toMatchObject({ code: 'secrets-key' });
  await close();
});

test('fails with another key, and says nothing of the content', async () => {
  const { props, store, close } = prepare();
  await store.put('secret:pg', new Secret('canary-7f3a9c', 'secret:pg'));
  const other = fileSecrets({ ...props, environment: { TANDEM_SECRETS_KEY: await generateIdentity() } });
  const error = await other.use('secret:pg', async () => 1).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'secrets-unreadable' });
  expect(JSON.stringify(error)).not.toContain('canary');
  await close();
});
