import { z } from 'zod';
import { port } from '../../config/schema/common.ts';
import { healthPath, releaseSettings } from '../shared/release.ts';

const { release, sha256, environment } = releaseSettings('elixir-service', 'of sources or of a release of Mix');

export const settings = z.strictObject({
  port: port.default(8080).describe('Port that it answers on.'),
  check: healthPath,
  release,
  sha256,
  start: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9 ._/-]{0,199}$/)
    .default('bin/start')
    .describe(
      'Command below the archive that runs in the foreground; a release of Mix has `bin/NAME start`. An executable `bin/build` is run once before.',
    ),
  environment,
});

export type ElixirServiceSettings = z.infer<typeof settings>;
