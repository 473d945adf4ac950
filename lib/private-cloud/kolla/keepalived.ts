import type { ConfigPath } from '../../config/origin.ts';
import type { TimerName } from '../../config/timers.ts';
import type { Times } from './failover.ts';
import { headOf, type RenderedFile } from './tree.ts';

const FROM: readonly ConfigPath[] = [['vips'], ['kolla', 'timers']];

/**
 * Kolla 22.2.0 writes `advert_int 1` and its check's times into its template, so that only a whole file of one's own can change
 * them. This is that template, with the failover timers, VRRP version 3 (which alone knows parts of a second, and has no password)
 * and a repeated gratuitous ARP.
 */
export function keepalivedFile(cloud: string, times: Times): RenderedFile {
  const notes = (name: TimerName) => times.reasons(name).map((line) => `    # ${line}`);
  const lines = [
    ...headOf(cloud, FROM, 'In place of the keepalived.conf of Kolla-Ansible, whose timers are no variables.'),
    'global_defs {',
    '    # Version 3 counts in hundredths of a second.',
    '    vrrp_version 3',
    ...notes('vrrpArpRefresh'),
    `    vrrp_garp_master_refresh ${times.seconds('vrrpArpRefresh')}`,
    '}',
    '',
    '{% if keepalived_track_script_enabled | bool %}',
    'vrrp_script check_alive {',
    '    script "/check_alive.sh"',
    ...notes('vrrpCheckInterval'),
    `    interval ${times.seconds('vrrpCheckInterval')}`,
    ...notes('vrrpCheckFallCount'),
    `    fall ${times.seconds('vrrpCheckFallCount')}`,
    ...notes('vrrpCheckRiseCount'),
    `    rise ${times.seconds('vrrpCheckRiseCount')}`,
    '}',
    '{% endif %}',
    '',
    'vrrp_instance kolla_internal_vip_{{ keepalived_virtual_router_id }} {',
    '    state BACKUP',
    '    nopreempt',
    '    interface {{ api_interface }}',
    '    virtual_router_id {{ keepalived_virtual_router_id }}',
    "    priority {{ groups['loadbalancer'].index(inventory_hostname) + 1 }}",
    ...notes('vrrpAdvert'),
    `    advert_int ${times.seconds('vrrpAdvert')}`,
    '    unicast_src_ip {{ api_interface_address }}',
    "{% if groups['loadbalancer'] | length > 1 %}",
    '    unicast_peer {',
    "{%     for host in groups['loadbalancer'] if host != inventory_hostname %}",
    "        {{ 'api' | kolla_address(host) }}",
    '{%     endfor %}',
    '    }',
    '{% endif %}',
    '    virtual_ipaddress {',
    '        {{ kolla_internal_vip_address }} dev {{ api_interface }}',
    '{% if haproxy_enable_external_vip | bool %}',
    '        {{ kolla_external_vip_address }} dev {{ kolla_external_vip_interface }}',
    '{% endif %}',
    '    }',
    '{% if haproxy_enable_external_vip | bool and api_interface != kolla_external_vip_interface %}',
    '    track_interface {',
    '        {{ kolla_external_vip_interface }}',
    '    }',
    '{% endif %}',
    '{% if keepalived_track_script_enabled | bool %}',
    '    track_script {',
    '        check_alive',
    '    }',
    '{% endif %}',
    '}',
  ];
  return { path: 'config/keepalived/keepalived.conf', content: `${lines.join('\n')}\n`, from: FROM, keys: {} };
}
