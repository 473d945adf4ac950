import type { ComponentFile, TierInputs } from '../../bring-up/component.ts';
import { SELF, secret, value } from '../../bring-up/template.ts';
import { hardened } from '../hardened.ts';
import { environmentLines, fetchProgram, releaseFiles } from '../release.ts';
import type { RubyServiceSettings } from './settings.ts';

const ETC = '/etc/ruby-service';
export const DATA = '/var/lib/ruby-service';

export function files({ settings }: TierInputs<RubyServiceSettings>): readonly ComponentFile[] {
  return [
    { path: `${ETC}/environment`, content: environment(settings), owner: 'root:ruby-service', mode: '0640' },
    { path: `${ETC}/puma.rb`, content: puma(settings) },
    { path: '/etc/systemd/system/ruby-service.service', content: UNIT },
    ...releaseFiles('ruby-service'),
  ];
}

function environment(settings: RubyServiceSettings): string {
  return `PORT="${settings.port}"
ADDRESS="${SELF.address}"
DATA="${DATA}"
RABBITMQ_PASSWORD="${secret('password')}"
POSTGRESQL_PASSWORD="${secret('application')}"
${environmentLines(settings)}`;
}

/** The program is loaded once and its pages are shared. A balancer keeps connections that are idle; Puma keeps them longer than it does. */
function puma({ port }: RubyServiceSettings): string {
  return `environment 'production'
directory '/opt/ruby-service/current'
bind 'tcp://0.0.0.0:${port}'
workers ${value('workers')}
threads ${value('threads')}, ${value('threads')}
preload_app! ${value('workers')} > 0
silence_single_worker_warning
persistent_timeout 75
worker_timeout 60
worker_shutdown_timeout 30
`;
}

const UNIT = `[Unit]
Description=Ruby service
After=network-online.target
Wants=network-online.target
# What it waits for comes late at times: it is tried for ever.
StartLimitIntervalSec=0

[Service]
Type=exec
User=ruby-service
Group=ruby-service
EnvironmentFile=${ETC}/environment
Environment=HOME=${DATA} LANG=C.UTF-8
ExecStartPre=+${fetchProgram('ruby-service')}
ExecStart=/usr/bin/puma -C ${ETC}/puma.rb
Restart=always
RestartSec=2
TimeoutStartSec=300
TimeoutStopSec=60
LimitNOFILE=65536
${hardened(DATA)}
[Install]
WantedBy=multi-user.target
`;
