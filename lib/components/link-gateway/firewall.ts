import type { ComponentFile } from '../../bring-up/component.ts';
import { peers, value } from '../../bring-up/template.ts';
import { TUNNELS } from './ipsec.ts';
import { template } from './templates.ts';

/** What is forwarded and what reaches the gateway: a table of its own, beside whatever the image has. */
export function firewallFiles(tier: string): readonly ComponentFile[] {
  return [
    template('/etc/tandem-link/nftables.conf', table(tier)),
    { path: '/etc/sysctl.d/60-tandem-link.conf', content: SYSCTL, onChange: 'reload' },
  ];
}

/** A path out and another one back are fine: sources are checked by the table. Nobody is told of a shorter way, which leads past it. */
const SYSCTL = `net.ipv4.ip_forward = 1
net.ipv4.conf.all.rp_filter = 0
net.ipv4.conf.default.rp_filter = 0
net.ipv4.conf.*.rp_filter = 0
net.ipv4.conf.all.send_redirects = 0
net.ipv4.conf.*.send_redirects = 0
net.ipv4.conf.all.accept_redirects = 0
`;

/**
 * Without connection tracking: the two directions of a connection may go by different gateways. No address is translated. Segments of TCP
 * are told to fit both ways, as too-big messages may be lost. `maxseg size set` never makes one larger.
 */
function table(tier: string): string {
  const outside = TUNNELS.map((index) => value(`tunnel-${index}-outside`)).join(', ');
  const far = TUNNELS.map((index) => value(`tunnel-${index}-far`)).join(', ');
  const other = peers(tier, { others: true });
  return `table inet tandem_link
delete table inet tandem_link
table inet tandem_link {
  set ours {
    type ipv4_addr
    flags interval
    elements = {
      @each told: {},
    }
  }
  set theirs {
    type ipv4_addr
    flags interval
    elements = { ${value('environment')} }
  }
  chain segments {
    type filter hook forward priority mangle
    iifname "tun*" tcp flags syn / syn,rst tcp option maxseg size set ${value('segment')}
    oifname "tun*" tcp flags syn / syn,rst tcp option maxseg size set ${value('segment')}
  }
  chain forward {
    type filter hook forward priority filter; policy drop
    iifname { "tun1", "tun2", "%lan%" } ip saddr @theirs ip daddr @ours oifname "%lan%" accept
    iifname "%lan%" ip saddr @ours ip daddr @theirs oifname { "tun1", "tun2", "%lan%" } accept
    iifname "tun*" oifname "%lan%" icmp type { destination-unreachable, time-exceeded } ip daddr @ours accept
  }
  chain input {
    type filter hook input priority filter; policy accept
    udp dport { 500, 4500 } ip saddr != { ${outside} } drop
    ip protocol { esp, ah } drop
    @each operators: iifname "%lan%" ip saddr {} tcp dport 22 accept
    iifname "%lan%" ip saddr != @ours tcp flags & (syn | ack) == syn drop
    ip protocol vrrp ip saddr != ${other} drop
    tcp dport 179 ip saddr != { ${far}, ${other} } drop
    udp dport { 3784, 3785 } ip saddr != { ${far}, ${other} } drop
    iifname "lo" accept
    meta l4proto { tcp, udp } th dport 53 ip saddr @ours accept
    meta l4proto { tcp, udp } th dport 53 ip saddr @theirs accept
    meta l4proto { tcp, udp } th dport 53 drop
    iifname "tun*" ip protocol icmp accept
    iifname "tun*" ip saddr { ${far} } tcp dport 179 accept
    iifname "tun*" ip saddr { ${far} } tcp sport 179 accept
    iifname "tun*" ip saddr { ${far} } udp dport { 3784, 3785 } accept
    iifname "tun*" ip saddr @theirs meta l4proto { tcp, udp } th sport 53 accept
    iifname "tun*" drop
  }
}
`;
}
