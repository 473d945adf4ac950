import { z } from 'zod';
import type { OpenStackClient } from './client.ts';
import { statusOf } from './errors.ts';

const output = z.object({ output: z.string().nullable() });

/** What Nova keeps of a server's console. 404: it is gone, or its host has none; 409: it is on no host, as a shelved one. */
export async function consoleOf(client: OpenStackClient, serverId: string): Promise<string | undefined> {
  try {
    const body = { 'os-getConsoleOutput': {} };
    const answer = await client.post('compute', `/servers/${serverId}/action`, body, output);
    return answer.output ?? '';
  } catch (error) {
    const status = statusOf(error);
    if (status === 404 || status === 409) return undefined;
    throw error;
  }
}
