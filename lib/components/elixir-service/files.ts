import type { ComponentFile, TierInputs } from '../../bring-up/component.ts';
import { peers, SELF, secret } from '../../bring-up/template.ts';
import { environmentLines, releaseFiles, releaseUnit } from '../shared/release-files.ts';
import type { ElixirServiceSettings } from './settings.ts';

export function files({ settings, tier }: TierInputs<ElixirServiceSettings>): readonly ComponentFile[] {
  return [
    {
      path: '/etc/elixir-service/environment',
      content: environment(settings, tier),
      owner: 'root:elixir-service',
      mode: '0640',
    },
    releaseUnit('elixir-service', {
      description: 'Elixir service',
      command: `/bin/sh -c 'cd /opt/elixir-service/current && exec ${settings.start}'`,
      hardening: HARDENING,
    }),
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
${environmentLines(settings)}`;
}

const HARDENING = `NoNewPrivileges=true
ProtectSystem=strict
ReadWritePaths=/var/lib/elixir-service
ProtectHome=true
PrivateTmp=true
`;
