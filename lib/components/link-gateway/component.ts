import { type ComponentFile, defineComponent, type TierInputs } from '../../bring-up/component.ts';
import { bare, jsonOf, peers, SELF, value } from '../../bring-up/template.ts';
import { Cidr } from '../../net/cidr.ts';
import { tcpAndUdp } from '../shared/ports.ts';
import { failoverFiles } from './failover.ts';
import { firewallFiles } from './firewall.ts';
import { ipsecFiles, TUNNELS } from './ipsec.ts';
import { nameFiles } from './names.ts';
import { HOLD_DOWN, PRIORITY } from './numbers.ts';
import { pieceNames, pieces } from './pieces.ts';
import { LINK_PROGRAM_PATH, PACKED_LINK_PROGRAM } from './program.ts';
import { routingFiles } from './routing.ts';
import { type LinkGatewaySettings, linkGatewaySettings } from './settings.ts';
import { LINK_UNITS, unitFiles } from './units.ts';

/**
 * The software of a link's gateways. No blueprint names it: `linkGatewaySoftware` renders it. Whatever differs among links and gateways
 * stands in metadata, so that a change of the configuration is followed in place.
 */
export const linkGateway = defineComponent<LinkGatewaySettings>({
  name: 'link-gateway',
  title: 'Gateway of a link',
  description: 'Two tunnels to AWS, their routes, names through them, and an address that the well gateway of two has.',
  version: '1',
  home: 'https://docs.aws.amazon.com/vpn/latest/s2svpn/',
  settings: linkGatewaySettings,
  install: {
    packages: [
      'charon-systemd',
      'dns-root-data',
      'frr',
      'frr-pythontools',
      'iproute2',
      'keepalived',
      'libstrongswan-standard-plugins',
      'nftables',
      'strongswan-swanctl',
      'unbound',
    ],
  },
  ports: () => [
    { name: 'bgp', port: 179, protocol: 'tcp', from: 'members' },
    { name: 'bfd', port: 3784, protocol: 'udp', from: 'members' },
    ...tcpAndUdp('dns', 53, 'clients'),
  ],
  peers: (_settings, tier) => [tier],
  values: ({ settings: given }) => ({
    asn: given.asn,
    'aws-asn': given.awsAsn,
    network: given.network,
    'network-length': Cidr.parse(given.network).prefixLength,
    router: given.router,
    vip: given.vip,
    environment: given.environment,
    mtu: given.mtu,
    segment: given.segment,
    keepalive: given.keepaliveSeconds,
    hold: given.holdSeconds,
    'probe-seconds': given.probeSeconds,
    'probe-failures': given.probeFailures,
    bfd: given.bfd ? 'fast' : '',
    'environment-zone': given.environmentZone ?? '',
    'cloud-zone': given.cloudZone ?? '',
    ...pieces('told', given.told),
    ...pieces('halves', given.halves),
    ...pieces('name-servers', given.nameServers),
    ...pieces('operators', given.operators),
    ...pieces('consul', given.consul),
  }),
  files: (inputs) => [
    { path: LINK_PROGRAM_PATH, content: PACKED_LINK_PROGRAM, mode: '0755' },
    settingsFile(inputs),
    ...ipsecFiles(),
    ...routingFiles(inputs.tier),
    ...failoverFiles(inputs.tier),
    ...firewallFiles(inputs.tier),
    ...nameFiles(),
    ...unitFiles(),
  ],
  units: () => LINK_UNITS,
  // A tunnel passes traffic, and has for some seconds.
  health: () => `${LINK_PROGRAM_PATH} health`,
  data: [],
  hooks: { drain: `${LINK_PROGRAM_PATH} drain` },
  secrets: TUNNELS.map((index) => ({ name: `tunnel-${index}`, kind: 'password' })),
});

/** What the program reads. Lists are texts of words; what depends on others is made of them there. */
function settingsFile({ tier }: TierInputs<LinkGatewaySettings>): ComponentFile {
  const list = (name: Parameters<typeof pieceNames>[0]) => pieceNames(name).map(value).join(' ');
  const told = {
    index: bare(SELF.index),
    asn: bare(value('asn')),
    mtu: bare(value('mtu')),
    probeSeconds: bare(value('probe-seconds')),
    probeFailures: bare(value('probe-failures')),
    prepends: bare(value('prepends')),
    address: SELF.address,
    other: peers(tier, { others: true }),
    network: value('network'),
    router: value('router'),
    tunnels: TUNNELS.map((index) => ({
      index,
      interface: `tun${index}`,
      near: value(`tunnel-${index}-near`),
      far: value(`tunnel-${index}-far`),
      outside: value(`tunnel-${index}-outside`),
      probe: value(`tunnel-${index}-probe`),
    })),
    lists: {
      told: list('told'),
      halves: list('halves'),
      resolvers: list('resolvers'),
      consul: list('consul'),
      'name-servers': list('name-servers'),
      operators: list('operators'),
      bfd: value('bfd'),
      'environment-zone': value('environment-zone'),
      'cloud-zone': value('cloud-zone'),
    },
    unhealthy: PRIORITY.unhealthy,
    ...HOLD_DOWN,
  };
  return { path: '/etc/tandem-link/settings.json', content: jsonOf(told, 1), onChange: 'reload' };
}
