import { z } from 'zod';
import type { Finding, PlainSecret } from '../../bring-up/component.ts';
import { tierReference } from '../../bring-up/tier-reference.ts';
import { port, text, url, urlPath } from '../../config/schema/common.ts';

/** A text, or the servers of a tier as `address:port,…`. */
const variable = z.union([
  text(200).regex(/^[^\n"'$%@\\]*$/),
  z.strictObject({
    of: tierReference().describe('Tier whose servers it lists.'),
    port: port.describe('Port that stands behind each address.'),
  }),
]);

/** What services of one's own are told, whatever they are written in. */
export interface ReleaseSettings {
  readonly release: string;
  readonly sha256: string;
  readonly environment: Readonly<Record<string, z.infer<typeof variable>>>;
}

/** @param what is in the archive, e.g. `of sources` */
export function releaseSettings(component: string, what: string) {
  return {
    release: url
      .or(z.literal(''))
      .default('')
      .describe(
        `Where the program is, an archive \`tar.gz\` ${what}. A new one is put beside the old one, and started on one server after another. Empty: servers wait for a program in \`/opt/${component}/current\`.`,
      ),
    sha256: z
      .string()
      .regex(/^(?:[0-9a-f]{64})?$/)
      .default('')
      .describe('Checksum of the archive, in hexadecimal digits.'),
    environment: z
      .record(z.string().regex(/^[A-Z][A-Z0-9_]{0,62}$/), variable)
      .default({})
      .describe(
        'Environment variables: a text, or the servers of a tier (`{ of: { tier: queue }, port: 5672 }`) as `address:port,…`. Passwords of the lease stand in `RABBITMQ_PASSWORD` and `POSTGRESQL_PASSWORD`.',
      ),
  };
}

export const healthPath = urlPath
  .default('/health')
  .describe('Path that it answers with a status below 400 while it serves.');

/** Passwords of the lease that `environmentLines` hands on. */
export const RELEASE_SECRETS: readonly PlainSecret[] = [
  { name: 'password', kind: 'password', of: 'rabbitmq' },
  { name: 'application', kind: 'password', of: 'postgresql' },
];

/** Tiers whose servers its environment lists. */
export function releaseTiers({ environment }: ReleaseSettings): readonly string[] {
  return Object.values(environment).flatMap((each) => (typeof each === 'string' ? [] : [each.of.tier]));
}

/** Release, checksum and texts of the environment: all of them change in place. */
export function releaseValues({ release, sha256, environment }: ReleaseSettings): Readonly<Record<string, string>> {
  const texts = Object.entries(environment).flatMap(([key, each]) =>
    typeof each === 'string' ? [[`environment.${key}`, each] as const] : [],
  );
  return { release, sha256, ...Object.fromEntries(texts) };
}

export function releaseFindings({ release, sha256 }: ReleaseSettings): readonly Finding[] {
  if ((release === '') === (sha256 === '')) return [];
  return [
    {
      at: ['settings', release === '' ? 'sha256' : 'release'],
      code: 'release-unchecked',
      message: `got ${release === '' ? 'a checksum without an archive' : `${release} without a checksum`}; servers run an archive only where it is the one that was meant`,
      fix: 'write both, or neither',
    },
  ];
}
