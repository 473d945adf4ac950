import pLimit from 'p-limit';
import { z } from 'zod';
import type { OpenStackClient } from './client.ts';
import { statusOf } from './errors.ts';
import { listOwn } from './list-own.ts';

/** Counters of the servers of a project, since they started. */
export interface ProjectActivity {
  readonly servers: number;
  readonly vcpus: number;
  readonly cpuSeconds: number;
  /** In and out. */
  readonly octets: number;
}

const server = z.looseObject({ id: z.string(), status: z.string() });
const counter = z.number().nullish();
const diagnostics = z.looseObject({
  num_cpus: counter,
  cpu_details: z.array(z.looseObject({ time: counter })).default([]),
  nic_details: z.array(z.looseObject({ rx_octets: counter, tx_octets: counter })).default([]),
});

const WIDTH = 8;

/**
 * Nova's diagnostics of every running server, added up. Undefined where one of them tells nothing: an operator's policy forbids it, the
 * hypervisor has no counters, or the server is just being changed; then nobody knows whether it works.
 */
export async function activityOf(client: OpenStackClient, projectId: string): Promise<ProjectActivity | undefined> {
  const servers = (await listOwn(client, 'server', projectId, server)).filter(({ status }) => status === 'ACTIVE');
  if (servers.length === 0) return undefined;
  const told = await pLimit(WIDTH).map(servers, ({ id }) => diagnosticsOf(client, id));
  let sum: ProjectActivity = { servers: 0, vcpus: 0, cpuSeconds: 0, octets: 0 };
  for (const each of told) {
    if (each === undefined) return undefined;
    sum = {
      servers: sum.servers + 1,
      vcpus: sum.vcpus + each.vcpus,
      cpuSeconds: sum.cpuSeconds + each.cpuSeconds,
      octets: sum.octets + each.octets,
    };
  }
  return sum;
}

async function diagnosticsOf(client: OpenStackClient, id: string) {
  try {
    const found = await client.get('compute', `/servers/${id}/diagnostics`, diagnostics);
    const { num_cpus: cpus, cpu_details: details, nic_details: ports } = found;
    if (details.length === 0 || details.some(({ time }) => typeof time !== 'number')) return undefined;
    return {
      vcpus: cpus ?? details.length,
      // Nova tells nanoseconds.
      cpuSeconds: details.reduce((sum, { time }) => sum + (time ?? 0), 0) / 1e9,
      octets: ports.reduce((sum, { rx_octets: rx, tx_octets: tx }) => sum + (rx ?? 0) + (tx ?? 0), 0),
    };
  } catch (error) {
    const status = statusOf(error);
    if (status !== undefined && [400, 403, 404, 409, 501].includes(status)) return undefined;
    throw error;
  }
}
