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

/** Read anew by a running agent, so that a renewed certificate restarts nobody. */
function pem(name: string, secretName: string): ComponentFile {
  return {
    path: `/etc/consul.d/${name}.pem`,
    content: secret(secretName),
    mode: '0640',
    owner: OWNER,
    onChange: 'reload',
  };
}

/** Whoever asks a server by RPC shows a certificate of the same authority, and asks nobody who is no server of its data centre. */
export function tlsFiles(): readonly ComponentFile[] {
  const [authority, certificate, key] = [
    pem('authority', 'tls.authority'),
    pem('certificate', 'tls.certificate'),
    pem('key', 'tls.key'),
  ];
  const tls = {
    path: '/etc/consul.d/tls.hcl',
    content: `tls {
  internal_rpc {
    ca_file = "${authority.path}"
    cert_file = "${certificate.path}"
    key_file = "${key.path}"
    verify_incoming = true
    verify_outgoing = true
    verify_server_hostname = true
  }
}
`,
    owner: OWNER,
  };
  return [authority, certificate, key, tls];
}

/** What its servers are told, or else the environment's name. */
export function datacenterOf({
  settings,
  environment,
}: Pick<TierInputs<ConsulSettings>, 'settings' | 'environment'>): string {
  return settings.datacenter ?? environment;
}

/** The servers of a tier, for `joinFile`. */
export function serversIn(tier: string): string {
  return `[${peers(tier, { item: '"{address}"', separator: ', ' })}]`;
}

/**
 * Read when it starts: who is asked first. A running agent learns of others by gossip, so a change restarts nobody.
 * @param addresses - a list, as JSON
 */
export function joinFile(addresses: string, more = ''): ComponentFile {
  return {
    path: '/etc/consul.d/join.hcl',
    content: `retry_join = ${addresses}
retry_interval = "1s"
${more}`,
    owner: OWNER,
    onChange: 'none',
  };
}

/** What servers say in that file besides. It counts once, when they elect their first leader. @param wan - a list, as JSON */
export function serverJoin(servers: string, wan: string): string {
  return `bootstrap_expect = ${servers}
retry_join_wan = ${wan}
retry_interval_wan = "1s"
`;
}

export interface ServerConfiguration {
  readonly datacenter: string;
  /** Where HTTP and DNS are answered, with spaces between. */
  readonly clients: string;
  /** With its unit. */
  readonly sessionTtlMin: string;
  readonly raftMultiplier: string;
}

/** What every server says. */
export function serverConfiguration(of: ServerConfiguration): string {
  return `${commonConfiguration(of.datacenter)}server = true
client_addr = "${of.clients}"
session_ttl_min = "${of.sessionTtlMin}"
performance {
  raft_multiplier = ${of.raftMultiplier}
}
autopilot {
  cleanup_dead_servers = true
  server_stabilization_time = "5s"
}
`;
}

export function serverFiles(inputs: TierInputs<ConsulSettings>): readonly ComponentFile[] {
  return [
    {
      path: '/etc/consul.d/consul.hcl',
      content: serverConfiguration({
        datacenter: datacenterOf(inputs),
        clients: `127.0.0.1 ${SELF.address}`,
        sessionTtlMin: value('session-ttl-min'),
        raftMultiplier: value('raft-multiplier'),
      }),
      owner: OWNER,
    },
    gossipFile(),
    ...tlsFiles(),
    joinFile(serversIn(inputs.tier), serverJoin(value('servers'), value('wan'))),
  ];
}
