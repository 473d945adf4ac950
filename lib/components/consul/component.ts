import { defineComponent, type Finding, type TierInputs } from '../../bring-up/component.ts';
import { SELF } from '../../bring-up/template.ts';
import { majorityOf } from '../../config/majority.ts';
import { evenMembers } from '../shared/findings.ts';
import { tcp, tcpAndUdp } from '../shared/ports.ts';
import { datacenterOf, serverFiles } from './configuration.ts';
import { CONSUL, CONSUL_DATA, CONSUL_INSTALL, CONSUL_VERSION, consulUnit } from './install.ts';
import { CONSUL_PORTS } from './ports.ts';
import { type ConsulSettings, consulSettings } from './settings.ts';

/** Of one data centre, as its makers say. */
const MOST_SERVERS = 7;

/** The servers of Consul. Each is asked, elects, and holds all that is registered; agents are `consul-agent`. */
export const consul = defineComponent<ConsulSettings>({
  name: 'consul',
  title: 'Consul',
  description: 'Service discovery, locks and settings, agreed upon by a majority of servers.',
  version: CONSUL_VERSION,
  home: 'https://developer.hashicorp.com/consul/docs/v1.14.x',
  settings: consulSettings,
  install: CONSUL_INSTALL,
  ports: ({ wan }) => [
    // The first is asked by whoever waits for this member.
    tcp('rpc', CONSUL_PORTS.rpc, 'members'),
    tcp('rpc', CONSUL_PORTS.rpc, 'clients'),
    ...tcpAndUdp('lan', CONSUL_PORTS.lan, 'members'),
    ...tcpAndUdp('lan', CONSUL_PORTS.lan, 'clients'),
    ...tcpAndUdp('wan', CONSUL_PORTS.wan, 'members'),
    ...(wan.length === 0 ? [] : tcpAndUdp('wan', CONSUL_PORTS.wan, 'clients')),
    tcp('http', CONSUL_PORTS.http, 'clients'),
    ...tcpAndUdp('dns', CONSUL_PORTS.dns, 'clients'),
  ],
  peers: (_settings, tier) => [tier],
  values: ({ settings, count }) => ({
    'raft-multiplier': settings.raftMultiplier,
    'session-ttl-min': `${settings.sessionTtlMinSeconds}s`,
    servers: count,
    wan: JSON.stringify(settings.wan),
  }),
  files: (inputs) => [...serverFiles(inputs), consulUnit('Consul server')],
  units: () => ['consul.service'],
  // It is a voter of a cluster that has a leader.
  health: () => `timeout 9 ${CONSUL} operator raft list-peers | grep -Eq '^${SELF.name} .* (leader|follower) +true '`,
  quorum: ({ count }) => ({ members: count, needed: majorityOf(count) }),
  data: [{ path: CONSUL_DATA, owner: 'consul:consul' }],
  hooks: {
    // Hands over the lead, and takes itself out of those that vote; it joins again when it starts.
    drain: `${CONSUL} leave`,
    // Tried again for 20 s: for moments after an election, a server knows no leader to save from.
    backup: `n=0; until ${CONSUL} snapshot save "$BACKUP_DIRECTORY/consul.snap"; do n=$((n+1)); [ $n -lt 10 ] || exit 1; sleep 2; done`,
  },
  secrets: [
    { name: 'gossip-key', kind: 'key32' },
    // With this name alone may a server answer as one: agents check it.
    { name: 'tls', kind: 'certificate', names: (inputs) => [`server.${datacenterOf(inputs)}.consul`, 'localhost'] },
  ],
  trust: ({ settings }) => settings.trust,
  evidence:
    'Formed from three servers in three zones: the leader cut off from power five times, writes acknowledged again after 3.0 to 4.6 s on two busy cores (2.7 s on quieter ones), none of 1,017 acknowledged lost, the server taken back each time. RPC by TLS: who has no certificate was refused, a renewed one was shown without a restart. Two data centres joined by one trust, a service of one listed from the other, and a third with another key kept out. Never over address translation; HTTP without TLS.',
  check: (inputs) => [...memberFindings(inputs), ...oneTrust(inputs)],
});

/** Gossip between data centres is in one key, and their servers believe one authority. */
function oneTrust({ settings: { wan, trust } }: TierInputs<ConsulSettings>): readonly Finding[] {
  if (wan.length === 0 || trust !== undefined) return [];
  return [
    {
      at: ['settings', 'wan'],
      code: 'wan-without-trust',
      message: `got ${wan.join(', ')}; servers of other data centres have another gossip key and another authority`,
      fix: 'write trust: NAME, the same for every data centre that is joined',
    },
  ];
}

function memberFindings({ count }: TierInputs<ConsulSettings>): readonly Finding[] {
  if (count > MOST_SERVERS)
    return [
      {
        at: ['count'],
        code: 'too-many-members',
        message: `got ${count}; each write waits for a majority of the servers, and Consul is made for up to ${MOST_SERVERS}`,
        fix: 'use 3 or 5; more servers run consul-agent',
      },
    ];
  return count % 2 === 0 ? [evenMembers('Consul', count)] : [];
}
