import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { stateSealer } from '../../../lib/state/sealer.ts';

const canary = 'canary-93c1e7';
let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'tandem-sealer-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const keyFile = (): string => join(folder, 'acme.agekey');

/** Somebody with an identity in the environment, or in the key file where none is given. */
function sealerOf(recipients: readonly string[], identity?: string) {
  const environment = identity === undefined ? {} : { TANDEM_SECRETS_KEY: identity };
  return stateSealer({ recipients, environment, keyFile: keyFile() });
}

async function twoPeople() {
  const identities = [await generateIdentity(), await generateIdentity()] as const;
  return { identities, recipients: await Promise.all(identities.map((each) => identityToRecipient(each))) };
}

test('seals to several, each of whom opens it', async () => {
  const { identities, recipients } = await twoPeople();
  const sealed = await sealerOf(recipients, identities[0]).seal(canary);
  expect(sealed).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----\n/);
  expect(sealed).not.toContain(canary);
  for (const identity of identities) expect(await sealerOf(recipients, identity).open(sealed)).toBe(canary);
});

test('leaves text alone where nobody is named, and reads clear text where somebody is', async () => {
  const { identities, recipients } = await twoPeople();
  expect(await sealerOf([]).seal(canary)).toBe(canary);
  expect(await sealerOf(recipients, identities[0]).open(canary)).toBe(canary);
});

test('opens what was sealed after the recipients were removed from the configuration', async () => {
  const { identities, recipients } = await twoPeople();
  const sealed = await sealerOf(recipients, identities[0]).seal(canary);
  expect(await sealerOf([], identities[1]).open(sealed)).toBe(canary);
});

test('opens with any of several identities in the key file', async () => {
  const { identities, recipients } = await twoPeople();
  const sealed = await sealerOf(recipients.slice(1), identities[1]).seal(canary);
  writeFileSync(keyFile(), `# old\n${identities[0]}\n# new\n${identities[1]}\n`, { mode: 0o600 });
  expect(await sealerOf(recipients).open(sealed)).toBe(canary);
});

test('fails without an identity, with a stranger’s, and for a writer who could not read it again', async () => {
  const { identities, recipients } = await twoPeople();
  const sealed = await sealerOf(recipients, identities[0]).seal(canary);
  const stranger = await generateIdentity();
  await expect(sealerOf(recipients).open(sealed)).rejects.toMatchObject({ code: 'state-key' });
  await expect(sealerOf(recipients, stranger).open(sealed)).rejects.toMatchObject({ code: 'state-key' });
  await expect(sealerOf(recipients).seal(canary)).rejects.toMatchObject({ code: 'state-key' });
  await expect(sealerOf(recipients, stranger).seal(canary)).rejects.toMatchObject({ code: 'not-a-recipient' });
});
