import type { Problem } from '../../config/diagnostic.ts';

export interface CataloguedRule {
  /** What must hold. */
  readonly asks: string;
  /** Under a layout that promises high availability. */
  readonly severity: Problem['severity'];
}

const error = (asks: string): CataloguedRule => ({ asks, severity: 'error' });
const warning = (asks: string): CataloguedRule => ({ asks, severity: 'warning' });

/** Every code that a rule of a highly available cloud gives, and what it asks for: what `cloud check --rules` lists. */
export const CATALOGUE: Readonly<Record<string, CataloguedRule>> = {
  'quorum-too-small': error('a service that decides by majority has three members or more'),
  'even-quorum': error('it has an odd number of them'),
  'rack-holds-majority': error('no rack takes its majority away'),
  'feed-holds-majority': error('no power feed takes its majority away'),
  'switch-holds-majority': error('no switch takes its majority away'),
  'too-few-members': error('every other service, balancers and gateways among them, has two members or more'),
  'rack-holds-all': error('no rack takes all of them away'),
  'feed-holds-all': error('no power feed takes all of them away'),
  'switch-holds-all': error('no switch takes all of them away'),
  'role-not-separated': error('layout separated has hosts for database, queue, balancers, network and OVN'),
  'storage-not-shared': error('volumes and images outlive the host that serves them'),
  'storage-single-copy': error('storage keeps more than one copy'),
  'storage-two-copies': warning('Ceph keeps three copies, so that it writes safely while one is gone'),
  'storage-too-few-domains': error('Ceph has as many failure domains as copies'),
  'storage-domain-too-small': error('no rack holds two copies'),
  'unknown-host': error('monitors stand on hosts of the cloud'),
  'duplicate-monitor': error('each on a host of its own'),
  'vip-missing': error('clients reach the API through an address that moves'),
  'vip-name-shared': error('no two clouds share the name of a VIP'),
  'router-id-taken': error('no two clouds share a VRRP router id on a segment'),
  'tls-needs-distinct-vips': error('TLS on one VIP only has a second VIP beside it'),
  'certificate-without-name': error("each VIP's certificate carries its name"),
  'endpoint-not-vip': error('Tandem itself calls a VIP'),
  'endpoint-scheme': error('with TLS where that VIP has it'),
  'plane-missing': error('the cloud has the planes that its layout needs'),
  'planes-share-interface': error('each plane has an interface of its own'),
  'tunnel-mtu': error("tunnels carry tenants' packets with Geneve's 58 bytes"),
  'physical-network-without-interface': error('each physical network is a bridge on an interface'),
  'provider-interface-is-plane': error('which carries no plane'),
  'provider-interface-taken': error('and no other bridge'),
  'bridge-name-taken': error('bridges differ in the 15 characters that Linux reads'),
  'unused-physical-network': warning('no bridge is for nothing'),
  'segment-is-plane': error("no provider network has a plane's VLAN on the planes' trunk"),
  'too-few-time-sources': error('hosts have two NTP sources or more'),
  'few-time-sources': warning('four, so that a wrong one is outvoted while another is gone'),
  'duplicate-time-source': error('each of them another'),
  'time-source-inside-cloud': error('and none inside the cloud'),
  'too-few-resolvers': error('hosts have two resolvers or more'),
  'duplicate-resolver': error('each of them another'),
  'resolver-inside-cloud': error('and none inside the cloud'),
  'no-placement': error('every leased server has a host'),
  'no-spare-capacity': error('and still has one after the loss of any host, rack, power feed or switch'),
  'no-spare-host': error('apart from its group'),
};
