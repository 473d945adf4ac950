import { z } from 'zod';
import { because } from '../../config/diagnostic.ts';
import { count, text } from '../../config/schema/common.ts';

/** A name in SQL that needs no quotes. */
const identifier = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,62}$/, {
    error: because('a database or role has lowercase letters, digits and underscores', 'write one like app'),
  })
  .refine((name) => !['postgres', 'replicator', 'rewinder', 'template0', 'template1'].includes(name), {
    error: because('PostgreSQL and Patroni have it for themselves', 'write one like app'),
  });

const parameter = z.union([z.boolean(), z.number(), text(200).regex(/^[^'"\\\n@]*$/)]);

export const postgresqlSettings = z.strictObject({
  database: identifier.default('app').describe('Database that is made with the cluster.'),
  user: identifier
    .default('app')
    .describe(
      'Role that owns it; its password is the secret `application`. Clients name all servers, and libpq finds the primary: `host=a,b,c target_session_attrs=read-write`.',
    ),
  cluster: z
    .string()
    .regex(/^[a-z0-9](?:[a-z0-9-]{0,60}[a-z0-9])?$/, {
      error: because('a cluster has lowercase letters, digits and hyphens', 'write one like orders'),
    })
    .optional()
    .describe(
      'Name in Consul: the primary is `master.<cluster>.service.consul`, standbys are `replica.<cluster>.service.consul`. Default: `<environment>-<tier>`.',
    ),
  ttlSeconds: count(6, 120)
    .default(8)
    .describe(
      'How long the primary leads without renewing its lock, in seconds: a lost one is followed within this and a second or two. CAUTION: a primary that hesitates longer, such as on a host that swaps, loses its place.',
    ),
  loopWaitSeconds: count(1, 30).default(2).describe('How often Patroni looks at its cluster, in seconds.'),
  retryTimeoutSeconds: count(2, 30)
    .default(3)
    .describe(
      'How long Patroni tries to reach Consul or PostgreSQL, in seconds. A primary that cannot reach Consul for longer asks all standbys, and leads on where each of them answers.',
    ),
  maxConnections: count(10, 2000).default(100).describe('Connections at once.'),
  sharedBuffersMiB: count(16, 65_536)
    .optional()
    .describe('Cache of PostgreSQL in MiB. Default: a quarter of the memory.'),
  parameters: z
    .record(z.string().regex(/^[a-z][a-z0-9_]*$/), parameter)
    .default({})
    .describe(
      'Other parameters of PostgreSQL, as in postgresql.conf. Those that Patroni keeps equal on all members, such as `max_worker_processes`, are set by `patronictl edit-config`.',
    ),
});

export type PostgresqlSettings = z.output<typeof postgresqlSettings>;
