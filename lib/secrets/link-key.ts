import { randomInt } from 'node:crypto';
import { Secret, type SecretRef, type SecretStore } from './secret.ts';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const CHARACTERS = `${LETTERS}0123456789`;
/** Of the 64 that AWS takes: 285 bits. */
const LENGTH = 48;

/** A new pre-shared key of a tunnel: letters and digits, and a letter first, for AWS takes none that begins with 0. */
function newLinkKey(): string {
  const rest = Array.from({ length: LENGTH - 1 }, () => CHARACTERS.charAt(randomInt(CHARACTERS.length)));
  return `${LETTERS.charAt(randomInt(LETTERS.length))}${rest.join('')}`;
}

/** The key that a store has by that name; made and kept where it has none. */
export async function linkKey(store: SecretStore, reference: SecretRef): Promise<Secret> {
  if ((await store.list()).includes(reference)) return await store.use(reference, (secret) => Promise.resolve(secret));
  const made = new Secret(newLinkKey(), reference);
  await store.put(reference, made);
  return made;
}
