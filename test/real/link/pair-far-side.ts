import { z } from 'zod';
import { defineComponent } from '../../../lib/bring-up/component.ts';
import type { AnyComponent, TierSoftware } from '../../../lib/bring-up/tier-software.ts';

/** Stands for AWS and its VPC: the far ends of four tunnels, BGP with its timers, and an address behind them. */
export const FAR_ADDRESS = '10.3.0.10';
const NEIGHBOURS = ['169.254.100.2', '169.254.100.6', '169.254.100.10', '169.254.100.14'];

/** Answers every question with no records, from the address that it was asked at. */
const NAMES = `#!/usr/bin/env python3
import socket
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
# IP_FREEBIND: its address comes later.
server.setsockopt(socket.SOL_IP, 15, 1)
server.bind(("${FAR_ADDRESS}", 53))
while True:
    question, asker = server.recvfrom(2048)
    server.sendto(question[:2] + bytes([0x81, 0x80]) + question[4:], asker)
`;

const far = defineComponent({
  name: 'far',
  title: 'Far side',
  description: 'BGP as AWS speaks it: hold timer of 30 s, no BFD.',
  version: '1',
  home: 'https://docs.aws.amazon.com/vpn/latest/s2svpn/',
  settings: z.strictObject({}),
  install: { packages: ['frr', 'nftables', 'python3'] },
  ports: () => [],
  peers: () => [],
  values: () => ({}),
  files: () => [
    { path: '/etc/frr/daemons', content: 'bgpd=yes\nvtysh_enable=yes\nzebra_options="-A 127.0.0.1"\n' },
    {
      path: '/etc/frr/frr.conf',
      content: `frr defaults traditional
router bgp 64512
 bgp router-id 10.3.0.1
 no bgp ebgp-requires-policy
${NEIGHBOURS.map((each) => ` neighbor ${each} remote-as 65010\n neighbor ${each} timers 10 30\n`).join('')} address-family ipv4 unicast
  network 10.3.0.0/21
`,
      owner: 'frr:frr',
    },
    { path: '/usr/local/lib/far-names', content: NAMES, mode: '0755' },
    {
      path: '/etc/systemd/system/far-names.service',
      content:
        '[Service]\nExecStart=/usr/local/lib/far-names\nRestart=always\nRestartSec=1\n\n[Install]\nWantedBy=multi-user.target\n',
    },
    {
      path: '/etc/sysctl.d/60-far.conf',
      content: 'net.ipv4.ip_forward = 1\nnet.ipv4.conf.all.rp_filter = 0\nnet.ipv4.conf.default.rp_filter = 0\n',
    },
  ],
  units: () => ['frr.service', 'far-names.service'],
  health: () => 'vtysh -c "show bgp summary" >/dev/null',
  data: [],
  hooks: {},
});

/** Somebody in the cloud who sends traffic. */
const tenant = defineComponent({
  ...far,
  name: 'tenant',
  install: { packages: [] },
  files: () => [],
  units: () => [],
  health: () => 'true',
});

export function farSide(): Readonly<Record<'far' | 'tenant', TierSoftware>> {
  return { far: alone(far), tenant: alone(tenant) };
}

function alone(component: AnyComponent): TierSoftware {
  const { name } = component;
  return {
    inputs: {
      tier: name,
      environment: 'link-main',
      zone: 'link-main.dev.example.org',
      count: 1,
      zones: ['a'],
      flavor: { vcpus: 1, memoryMiB: 1024, diskGiB: 10 },
      counts: { [name]: 1 },
      runs: { [name]: { [name]: {} } },
    },
    runs: [{ component, settings: {} }],
  };
}
