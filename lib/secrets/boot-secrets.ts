import type { BootToken, BootValues } from '../bring-up/boot-token.ts';

/** A token that can be taken; never `taken`. */
export type OfferedToken = Exclude<BootToken, { readonly kind: 'taken' }>;

/**
 * Hands secrets to a server that has no credentials yet: for a token of one use within minutes. Adapters: response wrapping of Vault or
 * OpenBao, and Keystone with Barbican; one contract test runs over both. A server takes them by `TAKE_SECRETS` of
 * `lib/bring-up/boot-token.ts`.
 */
export interface BootSecrets {
  /** @param ttlSeconds after which nobody gets them any more */
  offer(values: BootValues, ttlSeconds: number): Promise<OfferedToken>;
  /** Whether nobody can take it any more: it was taken, or its time is over. */
  isSpent(token: OfferedToken): Promise<boolean>;
}
