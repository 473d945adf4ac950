import type { ComponentFile, TierInputs } from '../../bring-up/component.ts';
import { peers, SELF, secret } from '../../bring-up/template.ts';
import { environmentLines, fetchProgram, releaseFiles } from '../release.ts';
import type { ElixirServiceSettings } from './settings.ts';

const ETC = '/etc/elixir-service';

export function files({ settings, tier }: TierInputs<ElixirServiceSettings>): readonly ComponentFile[] {
  return [
    { path: `${ETC}/environment`, content: environment(settings, tier), owner: 'root:elixir-service', mode: '0640' },
    { path: '/etc/systemd/system/elixir-service.service', content: unit(settings) },
    ...releaseFiles('elixir-service'),
  ];
}

/** The service's own variables, and what every Erlang node must know to find its peers. */
function environment(settings: ElixirServiceSettings, tier: string): string {
  return `PORT="${settings.port}"
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
${environmentLines(settings)}`;
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
ExecStartPre=+${fetchProgram('elixir-service')}
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
