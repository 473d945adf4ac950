import pLimit from 'p-limit';
import { z } from 'zod';
import type { OpenStackClient } from './client.ts';
import { statusOf } from './errors.ts';
import { listOwn } from './list-own.ts';

/** What a project had in a period, as its services tell: what is paid for, and for how long. */
export interface ProjectUsage {
  /** Those that ran in the period, also if they are gone by now. `hours`: those in which it was on a host. */
  readonly servers: readonly {
    readonly name: string;
    readonly vcpus: number;
    readonly memoryMiB: number;
    readonly hours: number;
  }[];
  /** Those that are there: Cinder tells nothing of deleted ones. */
  readonly volumes: readonly { readonly type: string; readonly sizeGiB: number; readonly hours: number }[];
  /** Hours of each that is there. */
  readonly floatingAddresses: readonly number[];
  readonly balancers: readonly number[];
  /** When the first of all this was made; undefined where there was nothing. */
  readonly begin: Date | undefined;
}

export interface Period {
  readonly from: Date;
  readonly to: Date;
}

/** What Nova did to a server. */
export interface ServerAction {
  readonly action: string;
  readonly at: Date;
}

const usage = z.object({
  tenant_usage: z.looseObject({
    server_usages: z
      .array(
        z.looseObject({
          instance_id: z.string(),
          name: z.string(),
          vcpus: z.number(),
          memory_mb: z.number(),
          started_at: z.string().nullable(),
          ended_at: z.string().nullable(),
        }),
      )
      .optional(),
  }),
});
const action = z.looseObject({ action: z.string(), start_time: z.string() });
const volume = z.looseObject({ size: z.number(), volume_type: z.string().nullable(), created_at: z.string() });
const made = z.looseObject({ created_at: z.string().nullish() });

/** Requests at once: one for each server is asked what was done to it. */
const WIDTH = 8;

/** Asks Nova, Cinder, Neutron and Octavia. @throws TandemError where Nova tells the caller nothing of usage */
export async function usageOf(client: OpenStackClient, projectId: string, period: Period): Promise<ProjectUsage> {
  const [servers, volumes, addresses, balancers] = await Promise.all([
    serversOf(client, projectId, period),
    listOwn(client, 'volume', projectId, volume),
    listOwn(client, 'floating-address', projectId, made),
    listOwn(client, 'load-balancer', projectId, made),
  ]);
  const since = (text: string | null | undefined): number => hoursSince(momentOf(text) ?? period.from, period);
  const begins = [
    ...servers.flatMap(({ begin }) => begin ?? []),
    ...[...volumes, ...addresses, ...balancers].flatMap(({ created_at: at }) => momentOf(at) ?? []),
  ];
  return {
    servers: servers.map(({ begin: _begin, ...server }) => server),
    volumes: volumes.map((each) => ({
      type: each.volume_type ?? '',
      sizeGiB: each.size,
      hours: since(each.created_at),
    })),
    floatingAddresses: addresses.map((each) => since(each.created_at)),
    balancers: balancers.map((each) => since(each.created_at)),
    begin: begins.sort((a, b) => a.getTime() - b.getTime())[0],
  };
}

async function serversOf(client: OpenStackClient, projectId: string, { from, to }: Period) {
  const text = (moment: Date): string => moment.toISOString().slice(0, 19);
  const path = `/os-simple-tenant-usage/${projectId}?detailed=1&start=${text(from)}&end=${text(to)}`;
  const answer = await client.get('compute', path, usage);
  return await pLimit(WIDTH).map(answer.tenant_usage.server_usages ?? [], async (server) => {
    const lived: Lived = { started: momentOf(server.started_at), ended: momentOf(server.ended_at) };
    const actions = await actionsOf(client, server.instance_id);
    const { name, vcpus, memory_mb: memoryMiB } = server;
    const first = actions.find((each) => each.action === 'create')?.at ?? lived.started;
    return { name, vcpus, memoryMiB, hours: hoursOnHost(lived, actions, { from, to }), begin: first };
  });
}

/** What Nova did to a server, also to one that is gone; empty where it tells nothing. */
async function actionsOf(client: OpenStackClient, id: string): Promise<ServerAction[]> {
  try {
    const found = await client.list('compute', `/servers/${id}/os-instance-actions`, 'instanceActions', action);
    return found
      .flatMap(({ action: name, start_time: start }) => {
        const at = momentOf(start);
        return at === undefined ? [] : [{ action: name, at }];
      })
      .sort((a, b) => a.at.getTime() - b.at.getTime());
  } catch (error) {
    const status = statusOf(error);
    if (status === 403 || status === 404) return [];
    throw error;
  }
}

interface Lived {
  readonly started: Date | undefined;
  readonly ended: Date | undefined;
}

/**
 * Hours of a period in which a server was on a host. Nova's own sum counts a shelved server as one that runs, and forgets at the next
 * start what was before it: so its life is from its creation to its end, without the times between shelving and unshelving. Pure.
 */
export function hoursOnHost({ started, ended }: Lived, actions: readonly ServerAction[], { from, to }: Period): number {
  const created = actions.find(({ action: name }) => name === 'create')?.at;
  const begin = created ?? started;
  if (begin === undefined) return 0;
  const end = ended ?? to;
  let hours = 0;
  let on: Date | undefined = begin;
  for (const { action: name, at } of actions) {
    if (name === 'shelve' && on !== undefined) {
      hours += overlap(on, at, from, to);
      on = undefined;
    }
    if (name === 'unshelve' && on === undefined) on = at;
  }
  return on === undefined ? hours : hours + overlap(on, end, from, to);
}

function hoursSince(made: Date, { from, to }: Period): number {
  return overlap(made, to, from, to);
}

function overlap(begin: Date, end: Date, from: Date, to: Date): number {
  const milliseconds = Math.min(end.getTime(), to.getTime()) - Math.max(begin.getTime(), from.getTime());
  return Math.max(0, milliseconds) / 3_600_000;
}

/** OpenStack writes UTC, with or without saying so. */
function momentOf(text: string | null | undefined): Date | undefined {
  if (text === null || text === undefined || text === '') return undefined;
  const moment = new Date(/(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`);
  return Number.isNaN(moment.getTime()) ? undefined : moment;
}
