import { z } from 'zod';

const names = z.array(z.string());
const failure = z.array(z.strictObject({ kind: z.string(), name: z.string() }));

const gap = z.strictObject({
  service: z.string(),
  seconds: z.number(),
  atMost: z.number(),
  /** What it is the sum of. */
  terms: z.array(z.looseObject({})),
});

const servers = z.strictObject({
  fallen: z.int(),
  hanging: z.int(),
  fit: z.int(),
  unplaced: z.array(
    z.strictObject({
      server: z.string(),
      lease: z.string(),
      zone: z.string().nullable(),
      why: z.enum(['zone', 'apart', 'room']),
      verdict: z.enum(['does not fit', 'not proven']),
    }),
  ),
  leasesMoved: names,
  leasesUnplaced: names,
});

const effect = z.strictObject({
  failure,
  hosts: names,
  down: z.array(
    z.strictObject({
      service: z.string(),
      cause: z.enum(['majority', 'part', 'members', 'plane', 'vip', 'needs']),
      of: z.string().nullable(),
    }),
  ),
  reduced: z.array(z.strictObject({ service: z.string(), lost: z.int(), members: z.int() })),
  gaps: z.array(gap),
  gapsElsewhere: z.array(gap),
  servers,
});

const pairs = z.strictObject({
  down: names,
  together: names,
  pairs: z.int(),
  examples: z.array(failure),
  worstForServers: z.strictObject({ failure, fallen: z.int(), unplaced: z.int() }).nullable(),
});

const side = z.strictObject({
  racks: names,
  hosts: z.int(),
  down: names,
  holdsVip: z.boolean().nullable(),
  servers: z.int(),
  hanging: z.int(),
});

export const failureSchema = z.strictObject({
  format: z.literal('tandem.failure/1'),
  cloud: z.string(),
  hosts: z.int(),
  servers: z.int(),
  failures: z.array(effect),
  partitions: z.array(z.strictObject({ sides: z.tuple([side, side]), serves: z.literal([0, 1]).nullable() })),
  pairs: z.array(pairs).nullable(),
});
