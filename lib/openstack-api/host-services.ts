import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { CloudApi, ComputeService } from '../private-cloud/members/ports.ts';
import type { OpenStackClient } from './client.ts';

const service = z.object({
  id: z.union([z.string(), z.number()]).optional(),
  binary: z.string(),
  host: z.string(),
  status: z.string(),
  state: z.string(),
  disabled_reason: z.string().nullish(),
});
const agent = z.object({ id: z.string(), host: z.string(), agent_type: z.string(), alive: z.boolean() });
const server = z.object({ id: z.string(), name: z.string(), status: z.string() });

/** What status and maintenance ask of Nova, Neutron and Cinder. */
export type HostServices = Pick<
  CloudApi,
  'computeServices' | 'networkAgents' | 'volumeServices' | 'serversOn' | 'disable' | 'enable' | 'liveMigrate'
>;

/** How often the end of a cold migration is asked for. */
const COLD_TURNS = 360;

/** By their own API, as an operator. @param everySeconds between two looks at a cold migration */
export function hostServices(client: OpenStackClient, everySeconds = 5): HostServices {
  const computeServices = async (signal: AbortSignal): Promise<readonly ComputeService[]> => {
    const path = '/os-services?binary=nova-compute';
    const services = await client.until(signal).list('compute', path, 'services', service);
    return services.map(({ id = '', host, status, state, disabled_reason: reason }) => ({
      ...{ id: String(id), host, isUp: state === 'up', isEnabled: status === 'enabled' },
      disabledReason: reason ?? undefined,
    }));
  };
  const set = async (host: string, change: object, signal: AbortSignal): Promise<void> => {
    const own = (await computeServices(signal)).find((each) => each.host === host);
    if (own !== undefined) await client.until(signal).put('compute', `/os-services/${own.id}`, change);
  };
  const statusOf = async (id: string, signal: AbortSignal): Promise<string> =>
    (await client.until(signal).get('compute', `/servers/${id}`, z.object({ server }))).server.status;
  const act = async (id: string, action: object, signal: AbortSignal): Promise<void> => {
    await client.until(signal).post('compute', `/servers/${id}/action`, action, z.unknown());
  };
  /** Nova keeps a server that was moved cold on both hosts until somebody confirms it. */
  const moveCold = async (id: string, to: string | undefined, signal: AbortSignal): Promise<void> => {
    await act(id, { migrate: to === undefined ? null : { host: to } }, signal);
    for (let turn = 0; turn < COLD_TURNS; turn += 1) {
      await sleep(everySeconds * 1000, undefined, { signal });
      const status = await statusOf(id, signal);
      if (status === 'VERIFY_RESIZE') {
        await act(id, { confirmResize: null }, signal);
        return;
      }
      if (status === 'ERROR') return;
    }
  };
  return {
    computeServices,
    async networkAgents(signal) {
      const agents = await client.until(signal).list('network', '/agents', 'agents', agent);
      return agents.map(({ id, host, agent_type: type, alive: isAlive }) => ({ id, host, type, isAlive }));
    },
    async volumeServices(signal) {
      if (!(await client.until(signal).has('volume'))) return [];
      const services = await client.until(signal).list('volume', '/os-services', 'services', service);
      return services.map(({ binary, host, status, state }) => ({
        ...{ binary, host, isUp: state === 'up', isEnabled: status === 'enabled' },
      }));
    },
    async serversOn(host, signal) {
      const path = `/servers/detail?all_tenants=1&host=${encodeURIComponent(host)}`;
      const servers = await client.until(signal).list('compute', path, 'servers', server);
      return servers.map(({ id, name, status }) => ({ id, name, status, host }));
    },
    disable: (host, reason, signal) => set(host, { status: 'disabled', disabled_reason: reason }, signal),
    enable: (host, signal) => set(host, { status: 'enabled' }, signal),
    // A server that does not run has no memory to move.
    async liveMigrate(id, to, signal) {
      if ((await statusOf(id, signal)) === 'SHUTOFF') {
        await moveCold(id, to, signal);
        return;
      }
      await act(id, { 'os-migrateLive': { host: to ?? null, block_migration: 'auto' } }, signal);
    },
  };
}
