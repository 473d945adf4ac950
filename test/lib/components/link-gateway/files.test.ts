import { describe, expect, test } from 'vitest';
import { gatewaysOf, hasPython, onGateway } from './gateway.ts';

describe.runIf(hasPython)('the files on a gateway', () => {
  const names = (link: string) => link.replace('tunnels:', 'names: { zone: prod.example.org }\ntunnels:');
  const gateways = gatewaysOf(names, 'test: { cidr: 10.44.0.0/16 }');
  const [first, second] = [onGateway(gateways, 1), onGateway(gateways, 2, { address: '203.0.113.2' })];

  test('tell AWS of each range, and of its halves while there is a route to them', () => {
    const text = first('etc/frr/frr.conf');
    expect(text).toContain(`ip prefix-list RANGES seq 5 permit 10.9.0.0/28
ip prefix-list RANGES seq 10 permit 10.2.0.0/16
ip prefix-list RANGES seq 15 permit 10.44.0.0/16
`);
    expect(text).toContain('ip prefix-list HALVES seq 30 permit 10.44.128.0/17\n');
    expect(text).toContain('  network 10.44.0.0/16\n');
    expect(text).toContain('  network 10.44.0.0/17\n');
    // The network of the link is its own.
    expect(text.match(/^ip route .*$/gm)).toEqual(['ip route 10.2.0.0/16 10.9.0.1', 'ip route 10.44.0.0/16 10.9.0.1']);
  });

  test('take nothing from AWS but routes of the environment', () => {
    const text = first('etc/frr/frr.conf');
    expect(text).toContain('ip prefix-list ENVIRONMENT seq 5 permit 10.3.0.0/21 le 28\n');
    for (const far of ['169.254.100.1', '169.254.100.5'])
      expect(text).toContain(`  neighbor ${far} route-map AWS-IN-LAST in
  neighbor ${far} route-map AWS-OUT-LAST out
  neighbor ${far} prefix-list TUNNEL-${far.endsWith('.1') ? 1 : 2} out
  neighbor ${far} maximum-prefix 100 restart 1
`);
    for (const map of text.split('route-map ').filter((part) => /^\S+ permit/.test(part)))
      expect(map).toMatch(/match ip address prefix-list (RANGES|HALVES|ENVIRONMENT)\n/);
  });

  test('tell the address for probes of each tunnel through that tunnel alone', () => {
    const text = second('etc/frr/frr.conf');
    expect(text).toContain(`ip prefix-list TUNNEL-1 seq 5 deny 10.9.0.8/32
ip prefix-list TUNNEL-1 seq 10 permit 0.0.0.0/0 le 32
ip prefix-list TUNNEL-2 seq 5 deny 10.9.0.7/32
`);
    expect(text).toContain('  network 10.9.0.7/32\n  network 10.9.0.8/32\n');
    expect(text).toContain('permit 10.9.0.7/32\nip prefix-list RANGES');
  });

  test('let the second gateway lengthen its paths', () => {
    expect(first('etc/frr/frr.conf')).not.toMatch(/route-map AWS-OUT permit 10\n.*\n set metric 100\n +set as-path/);
    expect(second('etc/frr/frr.conf')).toContain(`route-map AWS-OUT permit 10
 match ip address prefix-list RANGES
 set metric 200
 set as-path prepend 65010 65010
exit
`);
  });

  test('speak BFD with AWS where it is asked for', () => {
    const asked = onGateway(
      gatewaysOf((link) => `${link}  timers: { bfd: true }\n`),
      1,
    );
    expect(first('etc/frr/frr.conf').match(/neighbor \S+ bfd profile fast/g)).toEqual([
      'neighbor 10.9.0.3 bfd profile fast',
    ]);
    expect(asked('etc/frr/frr.conf').match(/neighbor \S+ bfd profile fast/g)).toHaveLength(3);
  });

  test('know the gateway by its floating address, and each tunnel by its own key', () => {
    const text = second('etc/swanctl/conf.d/tandem-link.conf');
    expect(text.match(/ {6}id = .*/g)).toEqual([
      '      id = 203.0.113.2',
      '      id = 198.51.100.11',
      '      id = 203.0.113.2',
      '      id = 198.51.100.12',
    ]);
    expect(second('etc/swanctl/conf.d/tandem-link-keys.conf')).toContain(`    id-2 = 198.51.100.12
    secret = "secret-tunnel-2-of-link-gateway"
`);
  });

  test('give both gateways one address, and each the other as its peer', () => {
    const text = second('etc/keepalived/keepalived.conf');
    expect(text).toContain('  interface ens3\n');
    expect(text).toContain('  priority 100\n');
    expect(text).toContain('  unicast_peer {\n    10.9.0.2\n  }\n');
    expect(text).toContain('    10.9.0.4/28\n');
  });

  test('let through what goes between the two sides, and tell TCP how much fits', () => {
    const text = first('etc/tandem-link/nftables.conf');
    expect(text).toContain('    elements = {\n      10.9.0.0/28,\n      10.2.0.0/16,\n      10.44.0.0/16,\n    }\n');
    expect(text.match(/maxseg size set 1360/g)).toHaveLength(2);
    expect(text).toContain('udp dport { 500, 4500 } ip saddr != { 198.51.100.11, 198.51.100.12 } drop');
    expect(text).not.toMatch(/masquerade|snat|dnat|ct state/);
  });

  test('let people log in from where the link says, before all that is outside is dropped', () => {
    const asked = onGateway(
      gatewaysOf((link) => link.replace('second] }', 'second], sshFrom: [office] }')),
      1,
    );
    expect(asked('etc/tandem-link/nftables.conf')).toContain(`    ip protocol { esp, ah } drop
    iifname "ens3" ip saddr 192.0.2.0/24 tcp dport 22 accept
    iifname "ens3" ip saddr != @ours tcp flags & (syn | ack) == syn drop
`);
    expect(first('etc/tandem-link/nftables.conf')).not.toContain('dport 22');
  });

  test('forward names of each side to whom it belongs', () => {
    const text = first('etc/unbound/unbound.conf.d/tandem-link.conf');
    expect(text).toContain(`forward-zone:
    name: prod.example.org
    forward-addr: 10.3.0.10
    forward-addr: 10.3.1.10
`);
    expect(text).toContain('    access-control: 10.44.0.0/16 allow\n');
    expect(text).toContain('    access-control: 0.0.0.0/0 refuse\n');
    expect(text).toContain('    outgoing-interface: 10.9.0.2\n');
    expect(text).not.toContain('consul');
    const discovery = onGateway(
      gatewaysOf((link) => link.replace('tunnels:', 'discovery: {}\ntunnels:')),
      1,
      { resolverAddresses: [] },
    );
    const asked = discovery('etc/unbound/unbound.conf.d/tandem-link.conf');
    expect(asked).toContain(
      'stub-zone:\n    name: consul\n    stub-addr: 10.9.0.9@8600\n    stub-addr: 10.9.0.10@8600\n',
    );
    expect(asked).not.toContain('forward-zone');
  });
});
