import { readFileSync } from 'node:fs';
import { getCACertificates } from 'node:tls';
import type { RequestInit as UndiciInit } from 'undici';
import type { Transport } from './http.ts';

/**
 * A `fetch` that also trusts the authorities in a file. For this client alone: Node's own takes them from the process, so that one
 * cloud's authority could vouch for another cloud.
 */
export function trusting(file: string): Transport {
  const ca = [...getCACertificates('default'), readFileSync(file, 'utf8')];
  const loaded = import('undici').then(({ Agent, fetch }) => ({ fetch, dispatcher: new Agent({ connect: { ca } }) }));
  return async (url, init) => {
    const { fetch, dispatcher } = await loaded;
    return await fetch(url, { ...init, dispatcher } as unknown as UndiciInit);
  };
}
