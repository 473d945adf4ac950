import type { ComponentFile } from '../../bring-up/component.ts';
import { peers, SELF, value } from '../../bring-up/template.ts';
import { ADVERTISEMENT_SECONDS, VIRTUAL_ROUTER } from './numbers.ts';
import { LINK_PROGRAM_PATH } from './program.ts';
import { template } from './templates.ts';
import { afterSettings } from './units.ts';

/** keepalived: which gateway has the address that traffic is sent to. @see https://www.keepalived.org/manpage.html */
export function failoverFiles(tier: string): readonly ComponentFile[] {
  return [template('/etc/keepalived/keepalived.conf', configuration(tier)), afterSettings('keepalived.service')];
}

/** Neither waits before it takes over: the prober does, and says by the file whether the gateway is well. */
function configuration(tier: string): string {
  return `global_defs {
  router_id ${SELF.name}
  vrrp_version 3
  vrrp_priority -20
  vrrp_garp_master_refresh 5
  script_user root
  enable_script_security
}

vrrp_track_file tunnels {
  file /run/tandem-link/priority
  weight 1
}

vrrp_instance link {
  state BACKUP
  interface %lan%
  virtual_router_id ${VIRTUAL_ROUTER}
  priority ${value('priority')}
  advert_int ${ADVERTISEMENT_SECONDS}
  unicast_src_ip ${SELF.address}
  unicast_peer {
    ${peers(tier, { others: true })}
  }
  virtual_ipaddress {
    ${value('vip')}/${value('network-length')}
  }
  track_file {
    tunnels
  }
  notify "${LINK_PROGRAM_PATH} vrrp"
}
`;
}
