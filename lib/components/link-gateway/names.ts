import type { ComponentFile } from '../../bring-up/component.ts';
import { SELF, value } from '../../bring-up/template.ts';
import { CONSUL_PORTS } from '../consul/ports.ts';
import { template } from './templates.ts';
import { afterSettings } from './units.ts';

/** Seconds that an answer is given after it has expired, while nobody has a newer one: a day (RFC 8767, 5.11: one to three days). */
const EXPIRED_SECONDS = 86_400;
/** Milliseconds after which an expired answer is given (RFC 8767, 5.11). */
const IMPATIENCE_MS = 1800;

/**
 * unbound: the environment's zone from Route 53's resolver, the cloud's from Designate, and services' from Consul. Either side resolves its
 * own names without it. @see https://unbound.docs.nlnetlabs.nl/en/latest/manpages/unbound.conf.html
 */
export function nameFiles(): readonly ComponentFile[] {
  return [template('/etc/unbound/unbound.conf.d/tandem-link.conf', configuration()), afterSettings('unbound.service')];
}

function configuration(): string {
  return `server:
    interface: 127.0.0.1
    interface: ${SELF.address}
    interface: ${value('vip')}
    # The address that the other gateway has.
    ip-freebind: yes
    # Answers find the way back to it; to the inside address of a tunnel they do not.
    outgoing-interface: ${SELF.address}
    access-control: 0.0.0.0/0 refuse
    access-control: 127.0.0.0/8 allow
    @each told: access-control: {} allow
    access-control: ${value('environment')} allow
    hide-identity: yes
    hide-version: yes
    prefetch: yes
    cache-max-negative-ttl: 5
    serve-expired: yes
    serve-expired-ttl: ${EXPIRED_SECONDS}
    serve-expired-client-timeout: ${IMPATIENCE_MS}
    # One of two end points that is gone costs a fraction of a second, and the other one is asked nearly always from then on.
    unknown-server-time-limit: 100
    fast-server-permil: 950
    fast-server-num: 1
    # Servers of which none answered are asked again at once, not after a quarter of an hour.
    infra-host-ttl: 60
    infra-keep-probing: yes
    @each zones: domain-insecure: {}
@each environment-zones: forward-zone:
@each environment-zones:     name: {}
@each resolvers:     forward-addr: {}
@each cloud-zones: stub-zone:
@each cloud-zones:     name: {}
@each name-servers:     stub-addr: {}
@each consul-zones: stub-zone:
@each consul-zones:     name: {}
@each consul:     stub-addr: {}@${CONSUL_PORTS.dns}
`;
}
