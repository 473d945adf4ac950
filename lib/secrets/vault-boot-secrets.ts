import { z } from 'zod';
import type { BootSecrets } from './boot-secrets.ts';
import { vaultRefused, vaultSilent } from './errors.ts';
import type { Secret } from './secret.ts';

export interface VaultProps {
  /** Where Vault or OpenBao answers, without a slash at its end: `https://vault.acme.example.org:8200`. */
  readonly url: string;
  /** A token that may wrap and look up, as every token of the policy `default` may; asked for at each call. */
  readonly token: () => Promise<Secret>;
  readonly signal?: AbortSignal;
}

const wrapped = z.object({ wrap_info: z.object({ token: z.string().regex(/^\S+$/) }) });

const TIMEOUT_MILLISECONDS = 20_000;

/**
 * Response wrapping of Vault or OpenBao: what is wrapped is kept in its cubbyhole, and the first who unwraps it has it, alone.
 * https://developer.hashicorp.com/vault/api-docs/system/wrapping-wrap
 */
export function vaultBootSecrets({ url, token, signal }: VaultProps): BootSecrets {
  /** The answer's body; undefined where the token in question is none, or none any more. */
  const ask = async (path: string, body: object, own: string, headers: Record<string, string> = {}) => {
    const timeout = AbortSignal.timeout(TIMEOUT_MILLISECONDS);
    let answer: Response;
    try {
      answer = await fetch(`${url}/v1/sys/wrapping/${path}`, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', 'x-vault-token': own, ...headers },
        redirect: 'error',
        signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      });
    } catch (error) {
      signal?.throwIfAborted();
      throw vaultSilent(url, error);
    }
    if (answer.status === 400 && path !== 'wrap') return undefined;
    // What it says may quote what it was asked.
    if (!answer.ok) throw vaultRefused(url, path, answer.status);
    return await answer.json();
  };
  return {
    async offer(values, ttlSeconds) {
      const until = Math.floor(Date.now() / 1000) + ttlSeconds;
      const ttl = { 'x-vault-wrap-ttl': `${ttlSeconds}s` };
      const answer = wrapped.safeParse(await ask('wrap', values, (await token()).unwrap(), ttl));
      if (!answer.success) throw vaultRefused(url, 'wrap', 200);
      return { kind: 'wrapped', url, token: answer.data.wrap_info.token, until };
    },
    async isSpent(offered) {
      if (offered.kind !== 'wrapped') return true;
      return (await ask('lookup', { token: offered.token }, (await token()).unwrap())) === undefined;
    },
  };
}
