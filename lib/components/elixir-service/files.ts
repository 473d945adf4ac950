import type { ComponentFile, TierInputs } from '../../bring-up/component.ts';
import { peers, SELF, secret, value } from '../../bring-up/template.ts';
import type { ElixirServiceSettings } from './settings.ts';

const ETC = '/etc/elixir-service';

export function files({ settings, tier }: TierInputs<ElixirServiceSettings>): readonly ComponentFile[] {
  return [
    { path: `${ETC}/environment`, content: environment(settings, tier), owner: 'root:elixir-service', mode: '0640' },
    { path: '/usr/local/lib/tandem/elixir-service-fetch', content: FETCH, mode: '0755' },
    { path: '/etc/systemd/system/elixir-service.service', content: unit(settings) },
    { path: `${ETC}/release`, content: `url=${value('release')}\nsha256=${value('sha256')}\n` },
  ];
}

/** The service's own variables, and what every Erlang node must know to find its peers. */
function environment({ port, environment: given }: ElixirServiceSettings, tier: string): string {
  const own = Object.entries(given).map(([key, one]) =>
    typeof one === 'string'
      ? `${key}="${value(`environment.${key}`)}"`
      : `${key}="${peers(one.of.tier, { item: `{address}:${one.port}` })}"`,
  );
  return `PORT="${port}"
ADDRESS="${SELF.address}"
NODE="service@${SELF.address}"
MEMBERS="${peers(tier, { item: 'service@{address}' })}"
RELEASE_NODE="service@${SELF.address}"
RELEASE_DISTRIBUTION="name"
RELEASE_COOKIE="${secret('cookie')}"
ERL_AFLAGS="-kernel inet_dist_listen_min 9100 inet_dist_listen_max 9100"
DATA="/var/lib/elixir-service"
RELEASE_TMP="/var/lib/elixir-service/tmp"
RABBITMQ_PASSWORD="${secret('password')}"
POSTGRESQL_PASSWORD="${secret('application')}"
${own.map((line) => `${line}\n`).join('')}`;
}

function unit({ start }: ElixirServiceSettings): string {
  return `[Unit]
Description=Elixir service
After=network-online.target
Wants=network-online.target
# What it waits for comes late at times: it is tried for ever.
StartLimitIntervalSec=0

[Service]
Type=exec
User=elixir-service
Group=elixir-service
EnvironmentFile=${ETC}/environment
Environment=HOME=/var/lib/elixir-service LANG=C.UTF-8
ExecStartPre=+/usr/local/lib/tandem/elixir-service-fetch
ExecStart=/bin/sh -c 'cd /opt/elixir-service/current && exec ${start}'
Restart=always
RestartSec=2
TimeoutStartSec=300
TimeoutStopSec=60
LimitNOFILE=65536
NoNewPrivileges=true
ProtectSystem=strict
ReadWritePaths=/var/lib/elixir-service
ProtectHome=true
PrivateTmp=true

[Install]
WantedBy=multi-user.target
`;
}

/** Puts the release beside those that were there, and points at it when it is whole. */
const FETCH = `#!/bin/sh
# Fetches the program, checks it, builds it where it has a script for that, and points at it.
set -eu
url=$(sed -n 's/^url=//p' ${ETC}/release)
sha256=$(sed -n 's/^sha256=//p' ${ETC}/release)
[ -n "$url" ] || exit 0
root=/opt/elixir-service
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
    chown -R elixir-service "$archive.d"
    (cd "$archive.d" && su -s /bin/sh elixir-service -c 'LANG=C.UTF-8 HOME=/var/lib/elixir-service bin/build')
    chown -R root "$archive.d"
  fi
  mv "$archive.d" "$root/$sha256"
fi
ln -sfn "$sha256" "$root/current.new"
mv -T "$root/current.new" "$root/current"
`;
