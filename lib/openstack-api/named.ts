import { z } from 'zod';
import type { OpenStackClient } from './client.ts';

/** Anything that has an id and a name. */
export const named = z.object({ id: z.string(), name: z.string() });

/** The id of a domain; undefined where none is called that. */
export async function domainNamed(client: OpenStackClient, name: string): Promise<string | undefined> {
  return (await client.list('identity', `/domains?name=${encodeURIComponent(name)}`, 'domains', named))[0]?.id;
}
