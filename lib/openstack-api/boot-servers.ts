import { z } from 'zod';
import { BOOT_TOKEN } from '../bring-up/boot-token.ts';
import type { OpenStackClient } from './client.ts';
import { listOwn } from './list-own.ts';

/** A server of a project, as far as its boot token goes. */
export interface BootServer {
  readonly id: string;
  readonly name: string;
  /** Whether its metadata may change: Nova lets nobody change that of a server that is being made, or is shelved. */
  readonly mayBeTold: boolean;
  /** Its metadata `boot-token`; empty where there is none. */
  readonly line: string;
}

/** Servers whose metadata tells them where to get their secrets. */
export interface BootServers {
  list(): Promise<readonly BootServer[]>;
  /** Sets the metadata `boot-token`; the other keys stay. */
  tell(id: string, line: string): Promise<void>;
}

const server = z.looseObject({
  id: z.string(),
  name: z.string(),
  status: z.string(),
  metadata: z.record(z.string(), z.string()).default({}),
});
/** States in which Nova takes metadata. */
const TELLING = new Set(['ACTIVE', 'PAUSED', 'SUSPENDED', 'SHUTOFF']);

/** The servers of a project, over Nova. Needs a caller who may see all projects. */
export function bootServers(client: OpenStackClient, projectId: string): BootServers {
  return {
    async list() {
      const found = await listOwn(client, 'server', projectId, server);
      return found.map(({ id, name, status, metadata }) => ({
        ...{ id, name, mayBeTold: TELLING.has(status) },
        line: metadata[BOOT_TOKEN] ?? '',
      }));
    },
    async tell(id, line) {
      const body = { metadata: { [BOOT_TOKEN]: line } };
      await client.post('compute', `/servers/${id}/metadata`, body, z.looseObject({}));
    },
  };
}
