import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { expect, test } from 'vitest';
import { defaultKeyFile, newIdentity } from '../../../lib/secrets/age.ts';
import { type FileSecretsProps, fileSecrets } from '../../../lib/secrets/file-secrets.ts';
import { Secret } from '../../../lib/secrets/secret.ts';
import { secretStoreContract } from './secret-store.contract.ts';

function prepare(environment: NodeJS.ProcessEnv = {}) {
  const root = mkdtempSync(join(tmpdir(), 'tandem-secrets-'));
  const props = {
    file: join(root, 'secrets.age'),
    guardFolder: join(root, '.tandem', 'secrets'),
    keyFile: join(root, 'home', 'acme.agekey'),
    environment,
  };
  return { props, store: fileSecrets(props), close: async () => rmSync(root, { recursive: true }) };
}

secretStoreContract('file', async () => prepare());

test('neither file shows the secret, and the key is for its owner alone', async () => {
  const { props, store, close } = prepare();
  await store.put('secret:pg', new Secret('canary-7f3a9c', 'secret:pg'));
  expect(readFileSync(props.file, 'latin1')).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----/);
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

test('everybody among the recipients opens it, and nobody else', async () => {
  const { props, close } = prepare();
  const [kim, ada, eve] = await Promise.all([generateIdentity(), generateIdentity(), generateIdentity()]);
  const recipients = await Promise.all([kim, ada].map((each) => identityToRecipient(each)));
  const as = (identity: string, more: Partial<FileSecretsProps> = {}) =>
    fileSecrets({ ...props, recipients, environment: { TANDEM_SECRETS_KEY: identity }, ...more });
  await as(kim).put('secret:pg', new Secret('canary-7f3a9c', 'secret:pg'));
  expect(await as(ada).use('secret:pg', async (secret) => secret.unwrap())).toBe('canary-7f3a9c');
  await expect(as(eve).use('secret:pg', async () => 1)).rejects.toMatchObject({ code: 'secrets-unreadable' });
  await expect(as(eve).put('secret:pg', new Secret('x', 'secret:pg'))).rejects.toMatchObject({
    code: 'secrets-unreadable',
  });

  const withoutKim = { recipients: [await identityToRecipient(ada), await identityToRecipient(eve)] };
  expect(await as(ada, withoutKim).rotate()).toBe(2);
  expect(await as(eve).use('secret:pg', async (secret) => secret.unwrap())).toBe('canary-7f3a9c');
  await expect(as(kim).use('secret:pg', async () => 1)).rejects.toMatchObject({ code: 'secrets-unreadable' });
  await close();
});

test('nobody locks themselves out', async () => {
  const { props, store, close } = prepare();
  await store.put('secret:pg', new Secret('canary-7f3a9c', 'secret:pg'));
  const others = fileSecrets({ ...props, recipients: [await identityToRecipient(await generateIdentity())] });
  await expect(others.rotate()).rejects.toMatchObject({ code: 'secrets-not-ours' });
  expect(await store.use('secret:pg', async (secret) => secret.unwrap())).toBe('canary-7f3a9c');
  await close();
});

test('a new key seals, and the one before it opens what it sealed', async () => {
  const { props, store, close } = prepare();
  await store.put('secret:pg', new Secret('canary-7f3a9c', 'secret:pg'));
  const [, before] = readFileSync(props.keyFile, 'utf8').split('\n');
  const identity = await newIdentity(props.keyFile);
  expect(await store.use('secret:pg', async (secret) => secret.unwrap())).toBe('canary-7f3a9c');
  expect(await store.rotate()).toBe(1);
  const as = (key: string) => fileSecrets({ ...props, environment: { TANDEM_SECRETS_KEY: key } });
  expect(await as(identity).use('secret:pg', async (secret) => secret.unwrap())).toBe('canary-7f3a9c');
  await expect(as(before ?? '').list()).rejects.toMatchObject({ code: 'secrets-unreadable' });
  await close();
});

test.each([
  ['no home at all', {}, undefined],
  ['a relative one', { HOME: 'x', XDG_CONFIG_HOME: '' }, undefined],
  ['XDG_CONFIG_HOME', { HOME: '/home/kim', XDG_CONFIG_HOME: '/cfg' }, '/cfg/tandem/acme.agekey'],
  ['HOME', { HOME: '/home/kim' }, '/home/kim/.config/tandem/acme.agekey'],
])('the key file with %s', (_, environment, file) => {
  expect(defaultKeyFile(environment, 'acme')).toBe(file);
});

test('without a home no key is made anywhere', async () => {
  const { props, close } = prepare();
  const store = fileSecrets({ ...props, keyFile: undefined });
  await expect(store.put('secret:pg', new Secret('x', 'secret:pg'))).rejects.toMatchObject({
    code: 'no-place-for-key',
  });
  await expect(store.use('secret:pg', async () => 1)).rejects.toMatchObject({ code: 'no-such-secret' });
  await close();
});
