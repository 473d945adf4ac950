import { defineComponent, type Finding, type TierInputs } from '../../bring-up/component.ts';
import { SELF, value } from '../../bring-up/template.ts';
import { commonConfiguration, gossipFile, joinFile, serversIn, tlsFiles } from '../consul/configuration.ts';
import { CONSUL, CONSUL_DATA, CONSUL_INSTALL, CONSUL_VERSION, consulUnit } from '../consul/install.ts';
import { CONSUL_PORTS } from '../consul/ports.ts';
import type { ConsulSettings } from '../consul/settings.ts';
import { componentNotThere } from '../shared/findings.ts';
import { tcp, tcpAndUdp } from '../shared/ports.ts';
import { servicesFile } from './services.ts';
import { type ConsulAgentSettings, consulAgentSettings } from './settings.ts';

/** The agent on a server that is no server of Consul: it registers what runs there, checks it, and answers on loopback. */
export const consulAgent = defineComponent<ConsulAgentSettings>({
  name: 'consul-agent',
  title: 'Consul agent',
  description: 'Registers what runs on a server, watches its health, and answers names of Consul on loopback.',
  version: CONSUL_VERSION,
  home: 'https://developer.hashicorp.com/consul/docs/v1.14.x',
  settings: consulAgentSettings,
  install: CONSUL_INSTALL,
  // Gossip goes from every agent to every other one.
  ports: ({ servers }) => [
    ...tcpAndUdp('lan', CONSUL_PORTS.lan, 'members'),
    ...(servers === 'link' ? tcpAndUdp('lan', CONSUL_PORTS.lan, 'discovery') : []),
    ...tcpAndUdp('lan', CONSUL_PORTS.lan, 'clients'),
    tcp('http', CONSUL_PORTS.http, 'local'),
    ...tcpAndUdp('dns', CONSUL_PORTS.dns, 'local'),
  ],
  peers: ({ servers }) => (servers === 'link' ? [] : [servers.tier]),
  values: ({ settings: { servers }, discovery }) =>
    servers === 'link' ? { servers: JSON.stringify(discovery?.cloud.addresses ?? []) } : {},
  files: (inputs) => [
    {
      path: '/etc/consul.d/consul.hcl',
      content: `${commonConfiguration(datacenterOf(inputs))}client_addr = "127.0.0.1"\n`,
      owner: 'consul:consul',
    },
    gossipFile(),
    ...tlsFiles(),
    joinFile(inputs.settings.servers === 'link' ? value('servers') : serversIn(inputs.settings.servers.tier)),
    servicesFile(inputs.settings.services),
    consulUnit('Consul agent'),
  ],
  units: () => ['consul.service'],
  // Others see it alive, and the servers have a leader.
  health: () =>
    `timeout 4 ${CONSUL} members -status=alive | grep -q '^${SELF.name} ' && timeout 5 ${CONSUL} operator raft list-peers | grep -q ' leader '`,
  data: [{ path: CONSUL_DATA, owner: 'consul:consul' }],
  hooks: { drain: `${CONSUL} leave` },
  // One key for all who gossip: that of the servers.
  secrets: [
    { name: 'gossip-key', kind: 'key32', of: 'consul' },
    // Of the same authority, and with no name of a server.
    { name: 'tls', kind: 'certificate', of: 'consul', names: (inputs) => [`client.${datacenterOf(inputs)}.consul`] },
  ],
  trust: (inputs) =>
    inputs.settings.servers === 'link' ? inputs.discovery?.trust : serversOf(inputs.settings, inputs.runs)?.trust,
  asksDiscovery: ({ servers }) => servers === 'link',
  evidence:
    'Registered a cache of two servers for a Consul of another data centre, which left one out while it did not answer its check; asked its servers by TLS, there and beside PostgreSQL.',
  check: serversRunConsul,
});

type Runs = TierInputs<ConsulAgentSettings>['runs'];

/** What the servers are told, so that it stands in the blueprint once. */
function serversOf({ servers }: ConsulAgentSettings, runs: Runs): Partial<ConsulSettings> | undefined {
  return servers === 'link' ? undefined : runs[servers.tier]?.['consul'];
}

function datacenterOf({ settings, environment, runs, discovery }: TierInputs<ConsulAgentSettings>): string {
  const told = settings.servers === 'link' ? discovery?.cloud.datacenter : serversOf(settings, runs)?.datacenter;
  return settings.datacenter ?? told ?? environment;
}

function serversRunConsul({ settings: { servers }, tier, runs }: TierInputs<ConsulAgentSettings>): readonly Finding[] {
  if (runs[tier]?.['consul'] !== undefined)
    return [
      {
        at: ['settings', 'servers'],
        code: 'component-twice',
        message: 'got a tier that runs consul, whose servers are agents themselves',
        fix: 'leave out consul-agent',
      },
    ];
  if (servers === 'link' || runs[servers.tier]?.['consul'] !== undefined) return [];
  return [componentNotThere(['servers', 'tier'], servers.tier, 'consul')];
}
