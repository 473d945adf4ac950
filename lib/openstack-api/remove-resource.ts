import { z } from 'zod';
import type { OpenStackClient } from './client.ts';
import type { CloudResource } from './cloud-api.ts';
import { ifThere, isThere, statusOf } from './errors.ts';
import { kindOf } from './kinds/index.ts';

/** What stands between a thing and its deletion, and what takes that away. By now somebody confirmed by name that all of it goes. */
interface Remover {
  /** Undoes what holds the thing before it is asked to go. */
  readonly before?: (client: OpenStackClient, thing: CloudResource) => Promise<void>;
  /** The deletion, where it is no plain DELETE. */
  readonly remove?: (client: OpenStackClient, thing: CloudResource) => Promise<void>;
  /** After a refusal: what has to be undone, before it is asked again. False where nothing was. */
  readonly undo?: (client: OpenStackClient, thing: CloudResource) => Promise<boolean>;
}

const nothing = z.unknown();
const port = z.object({ id: z.string(), device_owner: z.string() });
const attached = z.object({ volume: z.object({ attachments: z.array(z.object({ server_id: z.string() })) }) });
const JSON_PATCH = 'application/openstack-images-v2.1-json-patch';
/** States of a volume that a server which is gone for good left behind. */
const HELD = /^(?:in-use|attaching|detaching|reserved)$/;

const REMOVERS: Partial<Readonly<Record<CloudResource['kind'], Remover>>> = {
  router: { before: detachRouter },
  image: { undo: unprotectImage },
  'metadata-namespace': { undo: unprotectNamespace },
  server: { before: unlock, remove: removeServer },
  volume: { undo: forgetDeadAttachments },
  'volume-group': {
    remove: async (client, { id }) => {
      const body = { delete: { 'delete-volumes': true } };
      await client.post('volume', `/groups/${id}/action`, body, nothing, {
        headers: { 'openstack-api-version': 'volume 3.58' },
      });
    },
  },
  'object-container': { before: emptyContainer },
};

/**
 * Asks its service to delete a thing. `client` speaks for the project itself where the kind is told only to that. What is gone
 * already is no error; what is still used answers with 400 or 409.
 */
export async function removeResource(client: OpenStackClient, thing: CloudResource): Promise<void> {
  const kind = kindOf(thing.kind);
  const headers = kind.headers?.(thing.projectId) ?? {};
  const options = { headers: thing.kind === 'zone' ? { ...headers, 'x-designate-delete-shares': 'true' } : headers };
  const { before, undo, remove } = REMOVERS[thing.kind] ?? {};
  const once = async (): Promise<void> => {
    if (remove !== undefined) await ifThere(() => remove(client, thing));
    else await client.delete(kind.service, kind.one(thing.id, thing.parent ?? thing.name), options);
  };
  await before?.(client, thing);
  try {
    await once();
  } catch (error) {
    const status = statusOf(error);
    if (undo === undefined || (status !== 400 && status !== 403 && status !== 409)) throw error;
    if (!(await undo(client, thing))) throw error;
    await once();
  }
}

/** A router that has routes does not give up the subnets on which they lie. */
async function detachRouter(client: OpenStackClient, { id }: CloudResource): Promise<void> {
  await ifThere(() => client.put('network', `/routers/${id}`, { router: { routes: [] } }));
  const ports = await client.list('network', `/ports?device_id=${id}`, 'ports', port);
  for (const { id: portId, device_owner: owner } of ports) {
    if (!/router_interface|ha_router_replicated|router_interface_distributed/.test(owner)) continue;
    await ifThere(() => client.put('network', `/routers/${id}/remove_router_interface`, { port_id: portId }));
  }
}

async function unprotectImage(client: OpenStackClient, { id }: CloudResource): Promise<boolean> {
  const body = [{ op: 'replace', path: '/protected', value: false }];
  await client.patch('image', `/images/${id}`, body, { headers: { 'content-type': JSON_PATCH } });
  return true;
}

async function unprotectNamespace(client: OpenStackClient, { id }: CloudResource): Promise<boolean> {
  const body = { namespace: id, protected: false };
  await client.put('image', `/metadefs/namespaces/${encodeURIComponent(id)}`, body);
  return true;
}

async function unlock(client: OpenStackClient, { id }: CloudResource): Promise<void> {
  const locked = z.object({ server: z.object({ locked: z.boolean().default(false) }) });
  await ifThere(async () => {
    const { server } = await client.get('compute', `/servers/${id}`, locked);
    if (server.locked) await client.post('compute', `/servers/${id}/action`, { unlock: null }, nothing);
  });
}

/** Where the cloud keeps deleted servers for a while, a second deletion means at once. */
async function removeServer(client: OpenStackClient, { id, state }: CloudResource): Promise<void> {
  if (state === 'SOFT_DELETED') await client.post('compute', `/servers/${id}/action`, { forceDelete: null }, nothing);
  else await client.delete('compute', `/servers/${id}`);
}

/** A volume whose servers Nova has not, in any project, is nobody's: Cinder is told so. */
async function forgetDeadAttachments(client: OpenStackClient, { id, state }: CloudResource): Promise<boolean> {
  if (!HELD.test(state)) return false;
  const { volume } = await client.get('volume', `/volumes/${id}`, attached);
  for (const { server_id: server } of volume.attachments) {
    if (await isThere(() => client.get('compute', `/servers/${server}`, nothing))) return false;
  }
  const reset = { 'os-reset_status': { status: 'error', attach_status: 'detached', migration_status: 'none' } };
  await client.post('volume', `/volumes/${id}/action`, reset, nothing);
  return true;
}

async function emptyContainer(client: OpenStackClient, { id }: CloudResource): Promise<void> {
  const container = `/${encodeURIComponent(id)}`;
  const named = z.looseObject({ name: z.string().optional() });
  await ifThere(async () => {
    for (const { name } of await client.list('objects', `${container}?format=json`, '', named))
      if (name !== undefined) await client.delete('objects', `${container}/${encodeURIComponent(name)}`);
  });
}
