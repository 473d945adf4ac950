import { z } from 'zod';
import type { ComputeService, NetworkAgent, VolumeService } from '../private-cloud/members/ports.ts';
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

export async function computeServices(
  client: OpenStackClient,
  signal: AbortSignal,
): Promise<readonly ComputeService[]> {
  const path = '/os-services?binary=nova-compute';
  const services = await client.list('compute', path, 'services', service, { signal });
  return services.map(({ id = '', host, status, state, disabled_reason: reason }) => ({
    ...{ id: String(id), host, isUp: state === 'up', isEnabled: status === 'enabled' },
    disabledReason: reason ?? undefined,
  }));
}

export async function networkAgents(client: OpenStackClient, signal: AbortSignal): Promise<readonly NetworkAgent[]> {
  const agents = await client.list('network', '/agents', 'agents', agent, { signal });
  return agents.map(({ id, host, agent_type: type, alive: isAlive }) => ({ id, host, type, isAlive }));
}

export async function volumeServices(client: OpenStackClient, signal: AbortSignal): Promise<readonly VolumeService[]> {
  if (!(await client.has('volume'))) return [];
  const services = await client.list('volume', '/os-services', 'services', service, { signal });
  return services.map(({ binary, host, status, state }) => ({
    ...{ binary, host, isUp: state === 'up', isEnabled: status === 'enabled' },
  }));
}
