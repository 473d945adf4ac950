import { z } from 'zod';
import type { Finding } from '../bring-up/component.ts';
import { peers, value } from '../bring-up/template.ts';
import { tierReference } from '../bring-up/tier-reference.ts';
import { port, text, url } from '../config/schema/common.ts';

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

export const healthPath = z
  .string()
  .regex(/^\/[A-Za-z0-9._~/-]*$/)
  .default('/health')
  .describe('Path that it answers with a status below 400 while it serves.');

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

/** Lines of an `EnvironmentFile` of systemd. */
export function environmentLines({ environment }: ReleaseSettings): string {
  const lines = Object.entries(environment).map(([key, each]) =>
    typeof each === 'string'
      ? `${key}="${value(`environment.${key}`)}"\n`
      : `${key}="${peers(each.of.tier, { item: `{address}:${each.port}` })}"\n`,
  );
  return lines.join('');
}

/** What is fetched, as a file whose change restarts the service, and the program that fetches it before each start. */
export function releaseFiles(component: string) {
  return [
    { path: fetchProgram(component), content: fetchScript(component), mode: '0755' },
    { path: `/etc/${component}/release`, content: `url=${value('release')}\nsha256=${value('sha256')}\n` },
  ];
}

/** For `ExecStartPre=+`. */
export function fetchProgram(component: string): string {
  return `/usr/local/lib/tandem/${component}-fetch`;
}

/** Puts the release beside those that were there, and points at it when it is whole. */
function fetchScript(component: string): string {
  return `#!/bin/sh
# Fetches the program, checks it, builds it where it has a script for that, and points at it.
set -eu
umask 022
url=$(sed -n 's/^url=//p' /etc/${component}/release)
sha256=$(sed -n 's/^sha256=//p' /etc/${component}/release)
[ -n "$url" ] || exit 0
root=/opt/${component}
if [ ! -d "$root/$sha256" ]; then
  mkdir -p "$root"
  archive=$(mktemp "$root/fetch.XXXXXX")
  trap 'rm -rf "$archive" "$archive.d"' EXIT
  curl -fsSL --retry 5 --retry-connrefused --max-time 240 -o "$archive" "$url"
  echo "$sha256  $archive" | sha256sum -c --quiet -
  mkdir "$archive.d"
  tar -xzf "$archive" -C "$archive.d" --no-same-owner
  chmod 0755 "$archive.d"
  if [ -x "$archive.d/bin/build" ]; then
    chown -R ${component} "$archive.d"
    (cd "$archive.d" && su -s /bin/sh ${component} -c 'LANG=C.UTF-8 HOME=/var/lib/${component} bin/build')
    chown -R root "$archive.d"
  fi
  mv "$archive.d" "$root/$sha256"
fi
ln -sfn "$sha256" "$root/current.new"
mv -T "$root/current.new" "$root/current"
`;
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
