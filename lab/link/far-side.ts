import { type BedSettings, type BedTunnel, endOf, FLOATING, outsideOf } from './settings.ts';

/** AWS's side of a tunnel, as `SPEC.md` says with its sources: it waits to be called, answers dead-peer detection, and clears a dead gateway. */
export function endPointSettings(tunnel: BedTunnel): string {
  const { gateway, index, key } = tunnel;
  const [own, customer] = [outsideOf(gateway, index), FLOATING[gateway - 1] ?? ''];
  return `connections {
  aws {
    version = 2
    local_addrs = ${own}
    remote_addrs = ${customer}
    proposals = aes256gcm16-prfsha384-ecp384,aes256gcm16-prfsha256-ecp256,aes256-sha256-modp2048
    encap = yes
    mobike = no
    unique = replace
    rekey_time = 28800s
    dpd_delay = 10s
    local {
      auth = psk
      id = ${own}
    }
    remote {
      auth = psk
      id = ${customer}
    }
    children {
      aws {
        local_ts = 0.0.0.0/0
        remote_ts = 0.0.0.0/0
        esp_proposals = aes256gcm16-ecp384,aes256gcm16-ecp256,aes256gcm16
        rekey_time = 3600s
        start_action = none
        dpd_action = clear
      }
    }
  }
}
secrets {
  ike-aws {
    id-1 = ${own}
    id-2 = ${customer}
    secret = "${key}"
  }
}
`;
}

/** A virtual private gateway: longest prefix, then path, then MED, as FRR does by itself; one path, never two. */
export function vpcGatewaySettings(settings: BedSettings): string {
  const { asn, awsAsn, bfd, holdSeconds, keepaliveSeconds, tunnels, vpc, vpcRouter } = settings;
  const lines = tunnels.flatMap(({ gatewayAddress, ...tunnel }) => [
    ` neighbor ${gatewayAddress} remote-as ${asn}`,
    ` neighbor ${gatewayAddress} timers ${keepaliveSeconds} ${holdSeconds}`,
    ` neighbor ${gatewayAddress} timers connect 5`,
    ...(bfd ? [` neighbor ${gatewayAddress} bfd profile fast`] : []),
    ` neighbor ${gatewayAddress} route-map OUT-${endOf(tunnel)} out`,
    ` neighbor ${gatewayAddress} route-map IN-${endOf(tunnel)} in`,
    ` neighbor ${gatewayAddress} soft-reconfiguration inbound`,
  ]);
  return `frr defaults traditional
hostname vpc-gateway
log syslog informational
bfd
 profile fast
  receive-interval 300
  transmit-interval 300
  detect-multiplier 3
 exit
exit
${tunnels.map((tunnel) => `route-map OUT-${endOf(tunnel)} permit 10\n set metric 100\nexit\nroute-map IN-${endOf(tunnel)} permit 10\n set local-preference 100\nexit`).join('\n')}
router bgp ${awsAsn}
 bgp router-id ${vpcRouter}
 no bgp ebgp-requires-policy
 no bgp default ipv4-unicast
 bgp graceful-restart-disable
${lines.filter((line) => !ofFamily(line)).join('\n')}
 address-family ipv4 unicast
  network ${vpc}
  maximum-paths 1
${tunnels.map(({ gatewayAddress }) => `  neighbor ${gatewayAddress} activate`).join('\n')}
${lines.filter(ofFamily).join('\n')}
 exit-address-family
exit
`;
}

const ofFamily = (line: string): boolean => /route-map|soft-reconfiguration/.test(line);

/** A name server of one side, with one name in its zone, and zones of the other side forwarded to the gateways. */
export function nameServerSettings(facts: {
  readonly addresses: readonly string[];
  readonly zone: string;
  readonly host: string;
  readonly forward?: { readonly zones: readonly string[]; readonly to: readonly string[] };
}): string {
  const { addresses, zone, host, forward } = facts;
  return `server:
  directory: ""
  chroot: ""
  username: ""
  pidfile: ""
  use-syslog: no
  do-daemonize: no
  module-config: "iterator"
  # A target that is alive and slow, as all is on a loaded machine, is not given up after unbound's 50 ms.
  infra-cache-min-rtt: 500
  infra-keep-probing: yes
  access-control: 0.0.0.0/0 allow
${addresses.map((each) => `  interface: ${each}`).join('\n')}
  local-zone: "${zone}" static
  local-data: "${NAME}.${zone} 5 A ${host}"
${(forward?.zones ?? []).map((each) => `forward-zone:\n  name: "${each}"\n${forward?.to.map((to) => `  forward-addr: ${to}\n`).join('') ?? ''}`).join('')}
remote-control:
  control-enable: no
`;
}

/** The one name of each zone. */
export const NAME = 'drill';
