import type { ComponentFile } from '../../bring-up/component.ts';
import { SELF, secret, value } from '../../bring-up/template.ts';
import { DEAD_PEER, REKEY_SECONDS } from './numbers.ts';
import { LINK_PROGRAM_PATH } from './program.ts';
import { afterSettings } from './units.ts';

export const TUNNELS = [1, 2] as const;

/**
 * IKEv2 alone. Both are among what AWS takes: AES-256-GCM-16, SHA2-384 and SHA2-256, Diffie-Hellman groups 20 and 19 (AWS Site-to-Site VPN
 * user guide, "Tunnel options").
 */
const IKE = 'aes256gcm16-prfsha384-ecp384,aes256gcm16-prfsha256-ecp256';
const ESP = 'aes256gcm16-ecp384,aes256gcm16-ecp256';

/** The two tunnels, each by an interface of its own and with all addresses as selectors: routes decide, not policies. */
export function ipsecFiles(): readonly ComponentFile[] {
  return [
    { path: '/etc/strongswan.d/tandem-link.conf', content: CHARON },
    {
      path: '/etc/swanctl/conf.d/tandem-link.conf',
      content: `connections {\n${TUNNELS.map(connection).join('')}}\n`,
      onChange: 'reload',
    },
    {
      path: '/etc/swanctl/conf.d/tandem-link-keys.conf',
      content: `secrets {\n${TUNNELS.map(key).join('')}}\n`,
      mode: '0600',
      onChange: 'reload',
    },
    afterSettings('strongswan.service', KEYS_LOADED),
  ];
}

/** @see https://docs.strongswan.org/docs/5.9/config/strongswanConf.html */
const CHARON = `charon-systemd {
  install_routes = no
  install_virtual_ip = no
  retransmit_tries = ${DEAD_PEER.retransmitTries}
  retransmit_timeout = ${DEAD_PEER.retransmitSeconds}.0
  retransmit_base = 1.0
  journal {
    default = 1
  }
}
`;

/**
 * Behind a floating address the gateway's identity is that address, and ESP goes in UDP.
 * @see https://docs.strongswan.org/docs/5.9/swanctl/swanctlConf.html
 */
function connection(index: number): string {
  const outside = value(`tunnel-${index}-outside`);
  return `  tunnel-${index} {
    version = 2
    local_addrs = ${SELF.address}
    remote_addrs = ${outside}
    proposals = ${IKE}
    encap = yes
    mobike = no
    unique = replace
    keyingtries = 0
    rekey_time = ${REKEY_SECONDS.ike}s
    dpd_delay = ${DEAD_PEER.delaySeconds}s
    local {
      auth = psk
      id = ${value('floating-address')}
    }
    remote {
      auth = psk
      id = ${outside}
    }
    children {
      tunnel-${index} {
        local_ts = 0.0.0.0/0
        remote_ts = 0.0.0.0/0
        esp_proposals = ${ESP}
        rekey_time = ${REKEY_SECONDS.child}s
        if_id_in = ${index}
        if_id_out = ${index}
        start_action = start
        dpd_action = restart
        close_action = start
        updown = ${LINK_PROGRAM_PATH} updown tun${index}
      }
    }
  }
`;
}

function key(index: number): string {
  return `  ike-tunnel-${index} {
    id-1 = ${value('floating-address')}
    id-2 = ${value(`tunnel-${index}-outside`)}
    secret = "${secret(`tunnel-${index}`)}"
  }
`;
}

/** Debian's unit loads the settings when it has started; then a tunnel with another key is made anew, after traffic has left it. */
const KEYS_LOADED = `ExecStartPost=${LINK_PROGRAM_PATH} keys-loaded
ExecReload=${LINK_PROGRAM_PATH} keys-loaded
TimeoutStartSec=180
`;
