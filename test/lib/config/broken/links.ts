import type { BrokenRow, Edit } from './edit.ts';

/** A link that nothing is wrong with. */
export const LINK = `cloud: north
environment: prod
network: 10.9.0.0/28
gateways: { image: debian, flavor: small, zones: [first, second] }
tunnels:
  inside: 169.254.100.0/28
`;
const MANY_POOLS = Array.from({ length: 33 }, (_, at) => `p${at}: { cidr: 10.${20 + at}.0.0/16 }`).join('\n  ');
const file = 'config/links/main.yaml';

function written(...changes: readonly (readonly [string, string])[]): Edit[] {
  let content = LINK;
  for (const [what, by] of changes) {
    if (!content.includes(what)) throw new Error(`nothing to replace: ${what}`);
    content = content.replace(what, by);
  }
  return [{ file, content }];
}

const edited = (
  name: string,
  changes: readonly (readonly [string, string])[],
  ...problems: readonly string[]
): BrokenRow => ({
  name,
  edits: written(...changes),
  problems: problems.map((problem) => `${file}:${problem}`),
});

const discovery = (text: string): readonly (readonly [string, string])[] => [
  ['tunnels:', `discovery: ${text}\ntunnels:`],
];

export const links: readonly BrokenRow[] = [
  {
    name: 'a blueprint that is joined to no other side',
    edits: [{ file: 'config/blueprints/app.yaml', replace: 'ssh: {', by: 'link: true\nssh: {' }],
    problems: [
      'config/blueprints/app.yaml:3:7 link: got true; in cloud north, where lease alice puts it, it has no other side, for no link is of north; write false, or write a link of north into config/links/',
    ],
  },
  {
    name: 'a blueprint whose pool the link does not tell of',
    edits: [
      ...written(['tunnels:', 'prefixes: [other]\ntunnels:']),
      { file: 'config/clouds/north.yaml', replace: 'dev: {', by: 'other: { cidr: 10.20.0.0/16 }\n  dev: {' },
      { file: 'config/blueprints/app.yaml', replace: 'ssh: {', by: 'link: true\nssh: {' },
    ],
    problems: [
      'config/blueprints/app.yaml:3:7 link: got true; its network is cut from pool dev, which link main does not tell the other side of; add dev to prefixes in config/links/main.yaml',
    ],
  },
  edited(
    'a link of a cloud that is not there',
    [['cloud: north', 'cloud: nort']],
    '1:8 cloud: got "nort"; there is no such cloud; write north',
  ),
  edited(
    'a key of no kind for its gateways',
    [['zones: [first, second]', 'zones: [first, second], sshKeys: [ssh-dss AAAA]']],
    '4:77 gateways.sshKeys[0]: got "ssh-dss AAAA"; it is not an OpenSSH public key of an accepted type; write the line of the .pub file, of type ssh-ed25519, ssh-rsa, ecdsa-sha2-nistp256 or sk-ssh-ed25519@openssh.com',
  ),
  edited(
    'a link of an environment that is not there',
    [['environment: prod', 'environment: prd']],
    '2:14 environment: got "prd"; there is no such environment; write one of base, prod, staging; nearest is prod',
  ),
  {
    name: 'two links of one cloud',
    edits: [
      ...written(),
      {
        file: 'config/links/other.yaml',
        content: LINK.replace('prod', 'staging').replace('10.9.0.0', '10.9.1.0').replace('.100.0', '.101.0'),
      },
    ],
    problems: [
      'config/links/other.yaml:1:8 cloud: got "north"; link main joins it already, and its routes would compete; name another cloud, or remove one of the two links',
    ],
  },
  edited(
    'gateways of an unknown flavor and image',
    [
      ['flavor: small', 'flavor: smal'],
      ['image: debian', 'image: debia'],
    ],
    '4:20 gateways.image: got "debia"; there is no such image on cloud north; write debian',
    '4:35 gateways.flavor: got "smal"; there is no such flavor on cloud north; write one of tiny, small, large; nearest is small',
  ),
  edited(
    'floating addresses of a network that is not external',
    [['zones:', 'network: partner, zones:']],
    '4:52 gateways.network: got "partner"; there is no such external network on cloud north; write public',
  ),
  edited(
    'an unknown zone',
    [['[first, second]', '[first, secon]']],
    '4:58 gateways.zones[1]: got "secon"; there is no such zone on cloud north; write one of first, second; nearest is second',
  ),
  edited(
    'both gateways in one rack',
    [['[first, second]', '[first, first]']],
    '4:58 gateways.zones[1]: got "first"; it shares rack a with first, and both gateways would be lost with it; write second',
  ),
  edited(
    'logins from an unknown source',
    [['[first, second]', '[first, second], sshFrom: [ofice]']],
    '4:77 gateways.sshFrom[0]: got "ofice"; there is no such source on cloud north; write office',
  ),
  edited(
    'an unknown tenant pool',
    [['tunnels:', 'prefixes: [dve]\ntunnels:']],
    '5:12 prefixes[0]: got "dve"; there is no such tenant pool on cloud north; write dev',
  ),
  edited(
    'a transit gateway that the network does not have',
    [['tunnels:', 'aws: { gateway: transit }\ntunnels:']],
    '5:17 aws.gateway: got "transit"; the network of prod names no transit gateway; write virtual-private, or let the network have egress: transit',
  ),
  edited(
    'acceleration without a transit gateway',
    [['tunnels:', 'aws: { acceleration: true }\ntunnels:']],
    '5:22 aws.acceleration: got true; AWS offers acceleration on a transit gateway alone; write false, or gateway: transit',
  ),
  edited(
    'one number for both sides',
    [['tunnels:', 'asn: 64512\ntunnels:']],
    "5:6 asn: got 64512; both sides have it, and each would drop the other's routes as its own; write 64513",
  ),
  edited(
    'a number that is not private',
    [['tunnels:', 'asn: 7224\ntunnels:']],
    '5:6 asn: got 7224; it is not the number of a private autonomous system; write one from 64512 to 65534, or from 4200000000 to 4294967294',
  ),
  edited(
    'a network too small',
    [['10.9.0.0/28', '10.9.0.0/30']],
    '3:10 network: got 10.9.0.0/30; it holds a router, two gateways, the address that they share, one for each tunnel and those of Consul, and is /28 to /24; write 10.9.0.0/28',
  ),
  edited(
    'a network over a tenant pool',
    [['10.9.0.0/28', '10.2.0.0/28']],
    '3:10 network: got 10.2.0.0/28; it overlaps tenants.dev of cloud north, 10.2.0.0/16, and routes could reach only one of them; write 10.0.0.0/28, which is free',
  ),
  edited(
    'room to grow without the VPC',
    [['tunnels:', 'growth: 10.8.0.0/16\ntunnels:']],
    '5:9 growth: got 10.8.0.0/16; the VPC of prod, 10.3.0.0/21, is not in it, and its own routes would be refused; write a range that holds the VPC, or remove it',
  ),
  edited(
    'room to grow over another VPC',
    [['tunnels:', 'growth: 10.3.0.0/16\ntunnels:']],
    '5:9 growth: got 10.3.0.0/16; it overlaps the VPC of staging, 10.3.8.0/21, whose traffic AWS could draw; write 10.3.0.0/21, or a range around it that nobody else has',
  ),
  edited(
    'inside addresses that are not link-local',
    [['169.254.100.0/28', '10.9.1.0/28']],
    '6:11 tunnels.inside: got 10.9.1.0/28; the four tunnels have a /30 each in a /28 of 169.254.0.0/16; write 169.254.0.16/28, which is free',
  ),
  edited(
    'inside addresses that AWS keeps',
    [['169.254.100.0/28', '169.254.4.0/28']],
    '6:11 tunnels.inside: got 169.254.4.0/28; AWS keeps 169.254.4.0/30 in it; write 169.254.0.16/28, which is free',
  ),
  edited(
    'too large packets',
    [['  inside', '  mtu: 1446\n  inside']],
    '6:8 tunnels.mtu: got 1446; a way of 1500 bytes carries 1438 inside a tunnel, and larger packets would be cut; write 1438 or less',
  ),
  {
    name: 'packets that tenant networks do not carry',
    edits: [
      ...written(['  inside', '  mtu: 1420\n  inside']),
      { file: 'config/clouds/north.yaml', replace: 'tenants:', by: 'tenantMtu: 1410\ntenants:' },
    ],
    problems: [
      'config/links/main.yaml:6:8 tunnels.mtu: got 1420; networks of dev environments carry 1410, and what comes from AWS would not fit; write 1410',
    ],
  },
  {
    name: 'a cloud without tenant pools',
    edits: [
      ...written(),
      { file: 'config/clouds/north.yaml', replace: 'dev: { cidr: 10.2.0.0/16, prefixLength: 24 }', by: '{}' },
    ],
    problems: [
      'config/blueprints/app.yaml:1:1 prefixLength: got 24; cloud north, where lease alice puts it, has no tenant pool; add one to tenants in config/clouds/north.yaml',
      'config/links/main.yaml:1:8 cloud: got none; cloud north has no tenant pool, and nothing could be reached over the link; write a pool into its `tenants`',
    ],
  },
  {
    name: 'more pools than a session may have routes',
    edits: [...written(), { file: 'config/clouds/north.yaml', replace: 'dev: {', by: `${MANY_POOLS}\n  dev: {` }],
    problems: [
      'config/links/main.yaml:1:8 cloud: got 34 pools; with the network of the link, halves of all and 4 addresses for probes, they are 109 routes, and AWS takes 100; name at most 31 in prefixes',
    ],
  },
  edited(
    'an empty list of pools',
    [['tunnels:', 'prefixes: []\ntunnels:']],
    '5:11 prefixes: got an empty list; at least one is required; write one or more',
  ),
  edited(
    'a session that one lost keepalive ends',
    [['  inside', '  timers: { keepaliveSeconds: 10, holdSeconds: 20 }\n  inside']],
    '6:48 tunnels.timers.holdSeconds: got 20; one lost keepalive of 10 s must not end a session; write 30 or more',
  ),
  edited(
    'one zone of names for both sides',
    [['tunnels:', 'names: { zone: dev.acme.example.org }\ntunnels:']],
    "5:16 names.zone: got dev.acme.example.org; the cloud answers this zone, and each side would look for its own names on the other; write prod.dev.acme.example.org, or another zone of the environment's own",
  ),
  edited(
    'an even number of Consul servers',
    discovery('{ servers: 4 }'),
    '5:23 discovery.servers: got 4; it is not one of the accepted values; write one of 3, 5',
  ),
  edited(
    'Consul servers of a flavor that the cloud has not',
    discovery('{ flavor: smal }'),
    '5:22 discovery.flavor: got "smal"; there is no such flavor on cloud north; write one of tiny, small, large; nearest is small',
  ),
  edited(
    'Consul servers of a type that EC2 has not',
    discovery('{ instanceType: t3.smal }'),
    '5:28 discovery.instanceType: got "t3.smal"; EC2 has no such instance type, as of November 2026; write one like t3.small',
  ),
];
