import type { ComponentFile } from '../../bring-up/component.ts';
import { peers, SELF, value } from '../../bring-up/template.ts';
import { TUNNELS } from './ipsec.ts';
import { BFD, LONGEST_PREFIX, MOST_ROUTES, PREFERENCE } from './numbers.ts';
import { template } from './templates.ts';
import { afterSettings } from './units.ts';

/** FRR: BGP with AWS through each tunnel, and with the other gateway. @see https://docs.frrouting.org/en/stable-8.4/bgp.html */
export function routingFiles(tier: string): readonly ComponentFile[] {
  return [
    { path: '/etc/frr/daemons', content: DAEMONS, mode: '0640', owner: 'frr:frr' },
    template('/etc/frr/frr.conf', configuration(tier), { mode: '0640', owner: 'frr:frr' }),
    afterSettings('frr.service'),
  ];
}

const DAEMONS = `bgpd=yes
bfdd=yes
vtysh_enable=yes
zebra_options="  -A 127.0.0.1 -s 90000000"
bgpd_options="   -A 127.0.0.1"
staticd_options="-A 127.0.0.1"
bfdd_options="   -A 127.0.0.1"
`;

/**
 * What is told stands in lists, each way. A range is told while there is a route to it (\`bgp network import-check\`, FRR's default): to the
 * ranges there always is, to their halves only while the program on the gateway made one. A tunnel begins as the last one, until the prober
 * has seen that it passes traffic. Graceful restart is off: a path that died
 * must not be kept for having died in the middle of something.
 */
function configuration(tier: string): string {
  const other = peers(tier, { others: true });
  const far = TUNNELS.map((index) => value(`tunnel-${index}-far`));
  return `frr defaults traditional
hostname ${SELF.name}
log syslog informational
service integrated-vtysh-config
!
@each pools: ip route {} ${value('router')}
!
bfd
 profile fast
  receive-interval ${BFD.intervalMs}
  transmit-interval ${BFD.intervalMs}
  detect-multiplier ${BFD.multiplier}
 exit
exit
!
@each told: ip prefix-list RANGES seq {n} permit {}
${TUNNELS.map((index) => `ip prefix-list RANGES seq ${9000 + 5 * index} permit ${value(`tunnel-${index}-probe`)}/32\n`).join('')}@each halves: ip prefix-list HALVES seq {n} permit {}
${TUNNELS.map(onlyOwnProbe).join('')}ip prefix-list ENVIRONMENT seq 5 permit ${value('environment')} le ${LONGEST_PREFIX}
!
${incoming('AWS-IN', value('local-preference'))}
${incoming('AWS-IN-LAST', String(PREFERENCE.last.localPreference))}
${outgoing('AWS-OUT', ['RANGES', 'HALVES'], value('med'), '@each prepends: ')}
${outgoing('AWS-OUT-LAST', ['RANGES'], String(PREFERENCE.last.med), '', PREFERENCE.last.prepends)}
${outgoing('AWS-OUT-LAST-HALVES', ['RANGES', 'HALVES'], String(PREFERENCE.last.med), '', PREFERENCE.last.prepends)}
route-map GATEWAY permit 10
 match ip address prefix-list ENVIRONMENT
exit
!
router bgp ${value('asn')}
 bgp router-id ${SELF.address}
 bgp log-neighbor-changes
 bgp graceful-restart-disable
 no bgp default ipv4-unicast
 neighbor ${other} remote-as ${value('asn')}
 neighbor ${other} timers 1 3
 neighbor ${other} timers connect 2
 neighbor ${other} bfd profile fast
${far.map(session).join('')} !
 address-family ipv4 unicast
  maximum-paths 1
  @each told: network {}
  @each halves: network {}
${TUNNELS.map((index) => `  network ${value(`tunnel-${index}-probe`)}/32\n`).join('')}  neighbor ${other} activate
  neighbor ${other} next-hop-self
  neighbor ${other} soft-reconfiguration inbound
  neighbor ${other} route-map GATEWAY in
  neighbor ${other} route-map GATEWAY out
${TUNNELS.map(family).join('')} exit-address-family
exit
`;
}

function incoming(name: string, preference: string): string {
  return `route-map ${name} permit 10
 match ip address prefix-list ENVIRONMENT
 set local-preference ${preference}
exit
!`;
}

function outgoing(name: string, lists: readonly string[], med: string, each: string, prepends = 0): string {
  const own = Array<string>(prepends).fill(value('asn')).join(' ');
  return lists
    .map(
      (list, at) => `route-map ${name} permit ${10 * (at + 1)}
 match ip address prefix-list ${list}
 set metric ${med}
 ${each === '' ? `set as-path prepend ${own}` : `${each}set as-path prepend {}`}
exit
!`,
    )
    .join('\n');
}

/** The address for probes of a tunnel is told through it alone, so that what was sent from there comes back this way. */
function onlyOwnProbe(index: number): string {
  return `ip prefix-list TUNNEL-${index} seq 5 deny ${value(`tunnel-${3 - index}-probe`)}/32
ip prefix-list TUNNEL-${index} seq 10 permit 0.0.0.0/0 le 32
`;
}

function session(far: string): string {
  return ` neighbor ${far} remote-as ${value('aws-asn')}
 neighbor ${far} timers ${value('keepalive')} ${value('hold')}
 neighbor ${far} timers connect 2
 @each bfd: neighbor ${far} bfd profile {}
`;
}

function family(index: number): string {
  const far = value(`tunnel-${index}-far`);
  return `  neighbor ${far} activate
  neighbor ${far} soft-reconfiguration inbound
  neighbor ${far} route-map AWS-IN-LAST in
  neighbor ${far} route-map AWS-OUT-LAST out
  neighbor ${far} prefix-list TUNNEL-${index} out
  neighbor ${far} maximum-prefix ${MOST_ROUTES} restart 1
`;
}
