import { randomText } from './random-text.ts';
import { Secret, type SecretRef, type SecretStore } from './secret.ts';

/** Characters of a pre-shared key, of the 64 that AWS takes. */
const LENGTH = 48;

/** The key that a store has by that name; made and kept where it has none. */
export async function linkKey(store: SecretStore, reference: SecretRef): Promise<Secret> {
  if ((await store.list()).includes(reference)) return await store.use(reference, (secret) => Promise.resolve(secret));
  const made = new Secret(randomText(LENGTH), reference);
  await store.put(reference, made);
  return made;
}
