import type { ComponentFile } from '../../bring-up/component.ts';
import { peers, secret, value } from '../../bring-up/template.ts';
import type { ReleaseSettings } from './release.ts';

/** Lines of an `EnvironmentFile` of systemd: passwords, and what the settings say. */
export function environmentLines({ environment }: ReleaseSettings): string {
  const lines = Object.entries(environment).map(([key, each]) =>
    typeof each === 'string'
      ? `${key}="${value(`environment.${key}`)}"\n`
      : `${key}="${peers(each.of.tier, { item: `{address}:${each.port}` })}"\n`,
  );
  const passwords = `RABBITMQ_PASSWORD="${secret('password')}"\nPOSTGRESQL_PASSWORD="${secret('application')}"\n`;
  return `${passwords}${lines.join('')}`;
}

/** What is fetched, as a file whose change restarts the service, and the program that fetches it before each start. */
export function releaseFiles(component: string): readonly ComponentFile[] {
  return [
    { path: fetchProgram(component), content: fetchScript(component), mode: '0755' },
    { path: `/etc/${component}/release`, content: `url=${value('release')}\nsha256=${value('sha256')}\n` },
  ];
}

function fetchProgram(component: string): string {
  return `/usr/local/lib/tandem/${component}-fetch`;
}

export interface ReleaseUnit {
  readonly description: string;
  /** What is run in the foreground, by the user of the component's name. */
  readonly command: string;
  /** Settings of the unit that close the service off, each line with its end. */
  readonly hardening: string;
}

/** Fetches the release before each start, for as long as a build may take. */
export function releaseUnit(component: string, { description, command, hardening }: ReleaseUnit): ComponentFile {
  return {
    path: `/etc/systemd/system/${component}.service`,
    content: `[Unit]
Description=${description}
After=network-online.target
Wants=network-online.target
# What it waits for comes late at times: it is tried for ever.
StartLimitIntervalSec=0

[Service]
Type=exec
User=${component}
Group=${component}
EnvironmentFile=/etc/${component}/environment
Environment=HOME=/var/lib/${component} LANG=C.UTF-8
ExecStartPre=+${fetchProgram(component)}
ExecStart=${command}
Restart=always
RestartSec=2
TimeoutStartSec=300
TimeoutStopSec=60
LimitNOFILE=65536
${hardening}
[Install]
WantedBy=multi-user.target
`,
  };
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
