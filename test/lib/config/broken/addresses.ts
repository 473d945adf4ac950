import type { BrokenRow } from './edit.ts';

export const addresses: readonly BrokenRow[] = [
  {
    name: 'planes that overlap',
    edits: [{ file: 'config/clouds/north.yaml', replace: '10.1.1.0/24', by: '10.1.0.0/23' }],
    problems: [
      'config/clouds/north.yaml:21:21 planes.external.cidr: got 10.1.0.0/23; it overlaps planes.internal of cloud north, 10.1.0.0/24, and routes could reach only one of them; write 10.0.0.0/23, which is free',
    ],
  },
  {
    name: 'two planes on one VLAN',
    edits: [{ file: 'config/clouds/north.yaml', replace: 'vlan: 101', by: 'vlan: 100' }],
    problems: [
      'config/clouds/north.yaml:21:40 planes.external.vlan: got 100; plane internal has this VLAN; write a VLAN id of its own, or name both planes in sharedPlanes',
    ],
  },
  {
    name: 'a tenant pool over a plane',
    edits: [{ file: 'config/clouds/north.yaml', replace: '10.2.0.0/16', by: '10.0.0.0/15' }],
    problems: [
      'config/clouds/north.yaml:56:16 tenants.dev.cidr: got 10.0.0.0/15; it overlaps planes.internal of cloud north, 10.1.0.0/24, and routes could reach only one of them; write 10.4.0.0/15, which is free',
    ],
  },
  {
    name: 'a VPC over a tenant pool',
    edits: [{ file: 'config/environments/prod.yaml', replace: '10.3.0.0/21', by: '10.2.0.0/21' }],
    problems: [
      'config/environments/prod.yaml:8:11 cluster.network.cidr: got 10.2.0.0/21; it overlaps tenants.dev of cloud north, 10.2.0.0/16, and routes could reach only one of them; write 10.0.0.0/21, which is free',
    ],
  },
  {
    name: 'two VPCs that overlap, each given a range of its own',
    edits: [
      { file: 'config/environments/prod.yaml', replace: '10.3.0.0/21', by: '10.2.0.0/21' },
      { file: 'config/environments/staging.yaml', replace: '10.3.8.0/21', by: '10.2.8.0/21' },
    ],
    problems: [
      'config/environments/prod.yaml:8:11 cluster.network.cidr: got 10.2.0.0/21; it overlaps tenants.dev of cloud north, 10.2.0.0/16, and routes could reach only one of them; write 10.0.0.0/21, which is free',
      'config/environments/staging.yaml:8:11 cluster.network.cidr: got 10.2.8.0/21; it overlaps tenants.dev of cloud north, 10.2.0.0/16, and routes could reach only one of them; write 10.0.8.0/21, which is free',
    ],
  },
  {
    name: 'loopback as a tenant pool',
    edits: [{ file: 'config/clouds/north.yaml', replace: '10.2.0.0/16', by: '127.0.0.0/16' }],
    problems: [
      'config/clouds/north.yaml:56:16 tenants.dev.cidr: got 127.0.0.0/16; 127.0.0.0/8 is for loopback; write 10.0.0.0/16, which is free',
    ],
  },
  {
    name: 'a VPC that AWS refuses',
    edits: [{ file: 'config/environments/prod.yaml', replace: '10.3.0.0/21', by: '10.4.0.0/14' }],
    problems: [
      'config/environments/prod.yaml:8:11 cluster.network.cidr: got 10.4.0.0/14; AWS accepts a VPC from /16 to /28; write 10.0.0.0/16, which is free',
    ],
  },
  {
    name: 'subnets too small for the fleet twice over',
    edits: [{ file: 'config/environments/prod.yaml', replace: 'subnetPrefixLength: 23', by: 'subnetPrefixLength: 24' }],
    problems: [
      'config/environments/prod.yaml:9:25 cluster.network.subnetPrefixLength: got 24 for 500 instances in 3 zones; after losing one they hold 502 addresses, and replacing all at once takes 1000; write 23',
    ],
  },
  {
    name: 'a VPC too small for its subnets',
    edits: [{ file: 'config/environments/prod.yaml', replace: '10.3.0.0/21', by: '10.3.0.0/22' }],
    problems: [
      'config/environments/prod.yaml:8:11 cluster.network.cidr: got 10.3.0.0/22; 3 subnets of /23 do not fit into it; write 10.3.0.0/21, which is free',
    ],
  },
  {
    name: 'a fleet that outgrows subnets and VPC',
    edits: [{ file: 'config/environments/prod.yaml', replace: 'maximum: 500', by: 'maximum: 2000' }],
    problems: [
      'config/environments/prod.yaml:8:11 cluster.network.cidr: got 10.3.0.0/21; 3 subnets of /21 do not fit into it; write 10.0.0.0/19, which is free',
      'config/environments/prod.yaml:9:25 cluster.network.subnetPrefixLength: got 23 for 2000 instances in 3 zones; after losing one they hold 1014 addresses, and replacing all at once takes 4000; write 21',
    ],
  },
  {
    name: 'a host outside its plane',
    edits: [{ file: 'config/clouds/north.yaml', replace: 'firstAddress: 10.1.0.31', by: 'firstAddress: 10.9.0.31' }],
    problems: [
      'config/clouds/north.yaml:17:86 hosts.compute-b.firstAddress: got 10.9.0.31; hosts have their addresses in planes.internal, 10.1.0.0/24; write 10.1.0.12',
    ],
  },
  {
    name: 'hosts beyond the end of a plane',
    edits: [{ file: 'config/clouds/north.yaml', replace: 'firstAddress: 10.1.0.31', by: 'firstAddress: 10.1.0.254' }],
    problems: [
      'config/clouds/north.yaml:17:86 hosts.compute-b.firstAddress: got 10.1.0.254 for 2 hosts; the last address is beyond the end of planes.internal, planes.external; write 10.1.0.12',
    ],
  },
  {
    name: 'an address of two hosts',
    edits: [{ file: 'config/clouds/north.yaml', replace: 'firstAddress: 10.1.0.31', by: 'firstAddress: 10.1.0.22' }],
    problems: [
      'config/clouds/north.yaml:17:86 hosts.compute-b.firstAddress: got 10.1.0.22 for 2 hosts; 10.1.0.22 belongs to compute-a-2; write 10.1.0.12',
    ],
  },
  {
    name: 'a VIP outside its plane',
    edits: [{ file: 'config/clouds/north.yaml', replace: 'address: 10.1.0.250', by: 'address: 10.1.2.250' }],
    problems: [
      'config/clouds/north.yaml:24:24 vips.internal.address: got 10.1.2.250; a VIP is inside its plane, planes.internal, 10.1.0.0/24; write 10.1.0.250',
    ],
  },
  {
    name: 'a VIP that a host has',
    edits: [{ file: 'config/clouds/north.yaml', replace: 'address: 10.1.0.250', by: 'address: 10.1.0.22' }],
    problems: [
      'config/clouds/north.yaml:24:24 vips.internal.address: got 10.1.0.22; it is the address of host compute-a-2 on this plane; write 10.1.0.250',
    ],
  },
  {
    name: 'a VIP that is a broadcast address',
    edits: [{ file: 'config/clouds/north.yaml', replace: 'address: 10.1.1.250', by: 'address: 10.1.1.255' }],
    problems: [
      'config/clouds/north.yaml:25:24 vips.external.address: got 10.1.1.255; a VIP is inside its plane, planes.external, 10.1.1.0/24; write 10.1.1.250',
    ],
  },
  {
    name: 'an external VIP without an external plane',
    edits: [
      {
        file: 'config/clouds/north.yaml',
        replace: '  external: { cidr: 10.1.1.0/24, vlan: 101, interface: bond0.101 }\n',
        by: '',
      },
    ],
    problems: [
      'config/clouds/north.yaml:24:3 vips.external: got a VIP on the external plane; the cloud has no such plane; remove it, or write planes.external',
    ],
  },
  {
    name: 'one name for two VIPs',
    edits: [{ file: 'config/clouds/north.yaml', replace: 'fqdn: internal.north', by: 'fqdn: north' }],
    problems: [
      'config/clouds/north.yaml:25:42 vips.external.fqdn: got "north.acme.example.org"; the internal VIP has this name, and one name resolves to one address; give each VIP a name of its own',
    ],
  },
  {
    name: 'a gateway outside its network',
    edits: [{ file: 'config/clouds/north.yaml', replace: 'gateway: 198.18.0.1\n', by: 'gateway: 198.19.0.1\n' }],
    problems: [
      'config/clouds/north.yaml:44:14 networks.public.gateway: got 198.19.0.1; the gateway is inside 198.18.0.0/24; write 198.18.0.1, if the router has it',
    ],
  },
  {
    name: 'a gateway that Neutron would give out',
    edits: [{ file: 'config/clouds/north.yaml', replace: 'gateway: 198.18.0.1\n', by: 'gateway: 198.18.0.12\n' }],
    problems: [
      'config/clouds/north.yaml:44:14 networks.public.gateway: got 198.18.0.12; Neutron would give this address out (allocation 198.18.0.10 to 198.18.0.29); write 198.18.0.1, if the router has it',
    ],
  },
  {
    name: 'an allocation outside its network',
    edits: [{ file: 'config/clouds/north.yaml', replace: 'last: 198.18.0.29', by: 'last: 198.18.2.19' }],
    problems: [
      'config/clouds/north.yaml:45:45 networks.public.allocation.last: got 198.18.2.19; the last address is inside 198.18.0.0/24; write 198.18.0.254',
    ],
  },
  {
    name: 'an allocation that ends before it begins',
    edits: [{ file: 'config/clouds/north.yaml', replace: 'last: 198.18.0.29', by: 'last: 198.18.0.9' }],
    problems: [
      'config/clouds/north.yaml:45:45 networks.public.allocation.last: got 198.18.0.9; the allocation ends before it begins, at 198.18.0.10; write 198.18.0.254',
    ],
  },
  {
    name: 'an exception outside the allocation',
    edits: [
      {
        file: 'config/clouds/north.yaml',
        replace: 'last: 198.18.0.29',
        by: 'last: 198.18.0.29, except: [{ first: 198.18.0.28, last: 198.18.0.30 }]',
      },
    ],
    problems: [
      'config/clouds/north.yaml:45:95 networks.public.allocation.except[0].last: got 198.18.0.30; what is excepted is inside the allocation, 198.18.0.10 to 198.18.0.29; write 198.18.0.29',
    ],
  },
  {
    name: 'an exception that ends before it begins',
    edits: [
      {
        file: 'config/clouds/north.yaml',
        replace: 'last: 198.18.0.29',
        by: 'last: 198.18.0.29, except: [{ first: 198.18.0.20, last: 198.18.0.19 }]',
      },
    ],
    problems: [
      'config/clouds/north.yaml:45:95 networks.public.allocation.except[0].last: got 198.18.0.19; it ends before it begins, at 198.18.0.20; write 198.18.0.20 or a later one',
    ],
  },
  {
    name: 'exceptions that leave nothing',
    edits: [
      {
        file: 'config/clouds/north.yaml',
        replace: 'last: 198.18.0.29',
        by: 'last: 198.18.0.29, except: [{ first: 198.18.0.10, last: 198.18.0.20 }, { first: 198.18.0.15, last: 198.18.0.29 }]',
      },
    ],
    problems: [
      'config/clouds/north.yaml:45:58 networks.public.allocation.except: got every address of the allocation; Neutron would give out none; remove it, or enlarge the allocation',
    ],
  },
  {
    name: 'a VLAN without a number',
    edits: [{ file: 'config/clouds/north.yaml', replace: '    segment: 200\n', by: '' }],
    problems: [
      'config/clouds/north.yaml:41:11 networks.public.type: got "vlan" without a segment; a VLAN has a number; write segment: <VLAN id>',
    ],
  },
  {
    name: 'a number for an untagged network',
    edits: [
      { file: 'config/clouds/north.yaml', replace: 'type: vlan\n    segment: 200', by: 'type: flat\n    segment: 200' },
    ],
    problems: [
      'config/clouds/north.yaml:42:14 networks.public.segment: got 200; a flat network is untagged; remove it, or write type: vlan',
    ],
  },
  {
    name: 'one VLAN for two networks',
    edits: [{ file: 'config/clouds/north.yaml', replace: 'segment: 201', by: 'segment: 200' }],
    problems: [
      'config/clouds/north.yaml:49:14 networks.partner.segment: got 200; network public has this VLAN on physnet1; write a VLAN id of its own',
    ],
  },
  {
    name: 'a tenant network larger than its pool',
    edits: [
      {
        file: 'config/clouds/north.yaml',
        replace: '10.2.0.0/16, prefixLength: 24',
        by: '10.2.0.0/20, prefixLength: 18',
      },
    ],
    problems: [
      'config/clouds/north.yaml:56:43 tenants.dev.prefixLength: got 18; networks of this size do not fit into 10.2.0.0/20; write 24 or more',
    ],
  },
  {
    name: 'a blueprint larger than the tenant pool',
    edits: [
      { file: 'config/clouds/north.yaml', replace: '10.2.0.0/16', by: '10.2.0.0/23' },
      { file: 'config/blueprints/app.yaml', replace: 'ssh:', by: 'prefixLength: 22\nssh:' },
    ],
    problems: [
      'config/blueprints/app.yaml:3:15 prefixLength: got 22; the largest tenant pool of cloud north, where lease alice puts it, is a /23; write 23 or more',
    ],
  },
  {
    name: 'a blueprint too small for its servers',
    edits: [
      { file: 'config/blueprints/app.yaml', replace: 'ssh:', by: 'prefixLength: 28\nssh:' },
      {
        file: 'config/blueprints/app.yaml',
        replace: 'flavor: large',
        by: 'flavor: small\n    count: 12\n    placement: any',
      },
      { file: 'config/blueprints/app.yaml', replace: 'sizeGiB: 100', by: 'sizeGiB: 10' },
    ],
    problems: [
      'config/blueprints/app.yaml:3:15 prefixLength: got 28; lease alice needs 20 addresses, and this has 16; write 27',
    ],
  },
];
