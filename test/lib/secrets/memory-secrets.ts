import { noSuchSecret } from '../../../lib/secrets/errors.ts';
import { Secret, type SecretRef, type SecretStore } from '../../../lib/secrets/secret.ts';

/** A store of secrets in memory, and what is in it. */
export function memorySecrets(): SecretStore & { readonly values: Map<SecretRef, string> } {
  const values = new Map<SecretRef, string>();
  return {
    values,
    put: (reference, value) => Promise.resolve(void values.set(reference, value.unwrap())),
    use: async (reference, action) => {
      const value = values.get(reference);
      if (value === undefined) throw noSuchSecret(reference, 'memory');
      return await action(new Secret(value, reference));
    },
    remove: (reference) => Promise.resolve(void values.delete(reference)),
    list: () => Promise.resolve([...values.keys()].sort()),
    close: () => undefined,
  };
}
