import { z } from 'zod';
import { count, port } from '../../config/schema/common.ts';
import { healthPath, releaseSettings } from '../shared/release.ts';

const { release, sha256, environment } = releaseSettings('ruby-service', 'with a `config.ru`');

export const settings = z.strictObject({
  port: port.min(1024).default(8080).describe('Port that it answers on, 1024 or above.'),
  check: healthPath,
  release,
  sha256,
  workers: count(0, 64)
    .optional()
    .describe(
      'Processes of Puma beside the one that watches them; 0: that one answers by itself. Default: one for each virtual CPU.',
    ),
  threads: count(1, 256).default(5).describe('Requests that a process answers at once.'),
  environment,
});

export type RubyServiceSettings = z.infer<typeof settings>;
