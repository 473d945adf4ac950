import type { ComponentFile, TierInputs } from '../../bring-up/component.ts';
import { peers, SELF, secret, value } from '../../bring-up/template.ts';
import { CONSUL_DATA } from './install.ts';
import type { ConsulSettings } from './settings.ts';

const OWNER = 'consul:consul';

/** What every agent says, of servers and of others. */
export function commonConfiguration(datacenter: string): string {
  return `datacenter = "${datacenter}"
node_name = "${SELF.name}"
data_dir = "${CONSUL_DATA}"
bind_addr = "${SELF.address}"
advertise_addr = "${SELF.address}"
disable_update_check = true
# Checks are of ports and pages: nobody runs programs here through Consul.
enable_script_checks = false
connect {
  enabled = false
}
peering {
  enabled = false
}
dns_config {
  only_passing = true
  service_ttl {
    "*" = "5s"
  }
}
`;
}

/** In a file of its own, which nobody else may read. */
export function gossipFile(): ComponentFile {
  return {
    path: '/etc/consul.d/gossip.hcl',
    content: `encrypt = "${secret('gossip-key')}"\n`,
    mode: '0640',
    owner: OWNER,
  };
}

/** Read when it starts: who is asked first. A running agent learns of others by gossip, so a change restarts nobody. */
export function joinFile(tier: string, more = ''): ComponentFile {
  return {
    path: '/etc/consul.d/join.hcl',
    content: `retry_join = [${peers(tier, { item: '"{address}"', separator: ', ' })}]
retry_interval = "1s"
${more}`,
    owner: OWNER,
    onChange: 'none',
  };
}

export function serverFiles({ settings, environment, tier }: TierInputs<ConsulSettings>): readonly ComponentFile[] {
  return [
    {
      path: '/etc/consul.d/consul.hcl',
      content: `${commonConfiguration(settings.datacenter ?? environment)}server = true
client_addr = "127.0.0.1 ${SELF.address}"
session_ttl_min = "${value('session-ttl-min')}"
performance {
  raft_multiplier = ${value('raft-multiplier')}
}
autopilot {
  cleanup_dead_servers = true
  server_stabilization_time = "5s"
}
`,
      owner: OWNER,
    },
    gossipFile(),
    // It counts once, when the servers elect their first leader.
    joinFile(
      tier,
      `bootstrap_expect = ${value('servers')}
retry_join_wan = ${value('wan')}
retry_interval_wan = "1s"
`,
    ),
  ];
}
