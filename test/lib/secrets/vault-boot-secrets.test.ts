import { expect, test } from 'vitest';
import { Secret } from '../../../lib/secrets/secret.ts';
import { vaultBootSecrets } from '../../../lib/secrets/vault-boot-secrets.ts';
import { bootSecretsContract } from './boot-secrets.contract.ts';
import { startFakeVault } from './fake-vault.ts';

bootSecretsContract('response wrapping of a Vault in memory', async () => {
  const vault = await startFakeVault();
  const token = () => Promise.resolve(new Secret(vault.token, 'secret:vault'));
  return {
    bootSecrets: vaultBootSecrets({ url: vault.url, token }),
    pass: async (seconds) => {
      await Promise.resolve();
      vault.pass(seconds);
    },
    close: () => vault.close(),
  };
});

test('fails with a token that Vault does not know, and says neither it nor a secret', async () => {
  const vault = await startFakeVault();
  const { url } = vault;
  const strange = vaultBootSecrets({ url, token: () => Promise.resolve(new Secret('hvs.canary', 'secret:vault')) });
  const refused = strange.offer({ a: { k: 'canary' } }, 60);
  await expect(refused).rejects.toMatchObject({
    code: 'vault-refused',
    message: expect.not.stringContaining('canary'),
  });
  await vault.close();
  await expect(strange.offer({}, 60)).rejects.toMatchObject({ code: 'vault-silent' });
});
