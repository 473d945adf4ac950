import { z } from 'zod';
import { because } from '../../config/diagnostic.ts';
import { count, ipv4, name } from '../../config/schema/common.ts';

export const datacenter = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, {
    error: because('a data centre has lowercase letters, digits and hyphens', 'write one like paris'),
  })
  .describe('Name of the data centre, as in `web.service.<data centre>.consul`. Default: the name of the environment.');

export const consulSettings = z.strictObject({
  datacenter: datacenter.optional(),
  raftMultiplier: count(1, 10)
    .default(1)
    .describe(
      "How patient servers are with their leader, in Consul's own unit. 1: a new leader within 4 s of a loss, and a processor that hesitates for half a second costs an election. Consul's own default is 5: 17 s.",
    ),
  sessionTtlMinSeconds: count(1, 10)
    .default(2)
    .describe(
      "Shortest time to live of a session, in seconds: locks held by sessions, such as PostgreSQL's, pass on within twice what they ask for. Consul's own default is 10.",
    ),
  wan: z
    .array(ipv4)
    .max(10)
    .default([])
    .describe(
      'Servers of other data centres to join, two or three of each. They must have the same `trust`, and a route to each server. Default: none.',
    ),
  trust: name(63)
    .optional()
    .describe(
      'Name of a trust of the project, made where it is not there yet: data centres that name the same one have one gossip key and one authority for TLS, in the secrets `trust/<name>/consul/…`. Servers take another one only when they are made anew. Default: the lease has its own.',
    ),
});

export type ConsulSettings = z.output<typeof consulSettings>;
