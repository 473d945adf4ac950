import type { ComponentFile, TierInputs } from '../../bring-up/component.ts';
import { SELF, value } from '../../bring-up/template.ts';
import { hardened } from '../shared/hardened.ts';
import { environmentLines, releaseFiles, releaseUnit } from '../shared/release-files.ts';
import type { RubyServiceSettings } from './settings.ts';

const ETC = '/etc/ruby-service';
export const DATA = '/var/lib/ruby-service';

export function files({ settings }: TierInputs<RubyServiceSettings>): readonly ComponentFile[] {
  return [
    { path: `${ETC}/environment`, content: environment(settings), owner: 'root:ruby-service', mode: '0640' },
    { path: `${ETC}/puma.rb`, content: puma(settings) },
    releaseUnit('ruby-service', {
      description: 'Ruby service',
      command: `/usr/bin/puma -C ${ETC}/puma.rb`,
      hardening: hardened(DATA),
    }),
    ...releaseFiles('ruby-service'),
  ];
}

function environment(settings: RubyServiceSettings): string {
  return `PORT="${settings.port}"
ADDRESS="${SELF.address}"
DATA="${DATA}"
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
