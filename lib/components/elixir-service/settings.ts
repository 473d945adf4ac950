import { z } from 'zod';
import { tierReference } from '../../bring-up/tier-reference.ts';
import { port, text, url } from '../../config/schema/common.ts';

const variableName = z.string().regex(/^[A-Z][A-Z0-9_]{0,62}$/);

/** A text, or the servers of a tier as `address:port,…`. */
const variable = z.union([
  text(200).regex(/^[^\n"'$%@\\]*$/),
  z.strictObject({
    of: tierReference().describe('Tier whose servers it lists.'),
    port: port.describe('Port that stands behind each address.'),
  }),
]);

export const settings = z.strictObject({
  port: port.default(8080).describe('Port that it answers on.'),
  check: z
    .string()
    .regex(/^\/[A-Za-z0-9._~/-]*$/)
    .default('/health')
    .describe('Path that it answers with a status below 400 while it serves.'),
  release: url
    .or(z.literal(''))
    .default('')
    .describe(
      'Where the program is, an archive `tar.gz` of sources or of a release of Mix. A new one is put beside the old one, and started on one server after another. Empty: servers wait for a program in `/opt/elixir-service/current`.',
    ),
  sha256: z
    .string()
    .regex(/^(?:[0-9a-f]{64})?$/)
    .default('')
    .describe('Checksum of the archive, in hexadecimal digits.'),
  start: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9 ._/-]{0,199}$/)
    .default('bin/start')
    .describe(
      'Command below the archive that runs in the foreground; a release of Mix has `bin/NAME start`. An executable `bin/build` is run once before.',
    ),
  environment: z
    .record(variableName, variable)
    .default({})
    .describe(
      'Environment variables: a text, or the servers of a tier (`{ of: { tier: queue }, port: 5672 }`) as `address:port,…`. Passwords of the lease stand in `RABBITMQ_PASSWORD` and `POSTGRESQL_PASSWORD`.',
    ),
});

export type ElixirServiceSettings = z.infer<typeof settings>;
