import { type CataloguedRule, error, warning } from '../../config/rules/catalogue.ts';

/**
 * Rules of lib/private-cloud/rules say what must hold of a cloud so that it works and survives failures at its availability level: where
 * services stand, what fails together, how hosts, clients and tenants reach each other, and whether leases still have room. They start
 * from a topology or a placement. What the written files show by themselves (references, ranges, dates, sums) belongs to
 * lib/config/rules.
 *
 * Every code that these rules give, with its severity where the layout is highly available: what `cloud check --rules` lists.
 */
export const CATALOGUE: Readonly<Record<string, CataloguedRule>> = {
  'starter-survives-nothing': warning('A starter promises to survive neither a host nor a rack.'),
  'quorum-too-small': error('Every service that decides by majority has three members or more.'),
  'even-quorum': error('Every service that decides by majority has an odd number of members.'),
  'rack-holds-majority': error('No rack holds the majority of a service that decides by majority.'),
  'feed-holds-majority': error('No power feed supplies the majority of a service that decides by majority.'),
  'switch-holds-majority': error('No switch connects the majority of a service that decides by majority.'),
  'queue-without-majority': error(
    'No rack, power feed or switch takes two brokers, however many there are: each queue of RabbitMQ has three.',
  ),
  'host-too-small': warning('Hosts of the control plane have the memory and the cores that their services need.'),
  'too-few-members': error('Every other service, load balancers and gateways among them, has two members or more.'),
  'rack-holds-all': error('No rack holds all members of a service.'),
  'feed-holds-all': error('No power feed supplies all members of a service.'),
  'switch-holds-all': error('No switch connects all members of a service.'),
  'role-not-separated': error(
    'A cloud of layout `separated` has dedicated hosts for the database, the queue, load balancers, network and OVN.',
  ),
  'storage-not-shared': error('Volumes and images are on shared storage, which survives the loss of a host.'),
  'storage-single-copy': error('Storage keeps more than one copy of each object.'),
  'storage-two-copies': warning(
    'Ceph keeps three copies of each object, so that it still writes safely with one lost.',
  ),
  'storage-too-few-domains': error('Ceph has at least as many failure domains as copies.'),
  'storage-domain-too-small': error('No rack holds two copies of the same Ceph object.'),
  'storage-no-recovery': warning(
    'After the loss of any one storage host or rack, Ceph has room to make the lost copies again, below 90 % of its disks.',
  ),
  'vip-missing': error('A highly available cloud has a VIP, through which clients reach the API after a failover.'),
  'router-id-taken': error('No two clouds use the same VRRP router id on the same segment.'),
  'tls-needs-distinct-vips': error('TLS on only one of the two VIPs requires VIPs with different addresses.'),
  'certificate-without-name': error('The certificate of every VIP carries the name of the VIP.'),
  'endpoint-not-vip': error('`endpoint.authUrl`, which Tandem calls, names a VIP of the cloud.'),
  'endpoint-scheme': error('`endpoint.authUrl` is https exactly where its VIP has TLS.'),
  'plane-missing': error('The cloud has every plane that its layout and storage need.'),
  'planes-share-interface': error('No two planes are on the same interface.'),
  'interface-without-plane': error('Hosts have interfaces of their own on planes that the cloud has.'),
  'vip-interface': error('Hosts that hold the external VIP have an interface on the external plane.'),
  'tunnel-mtu': error('The MTU of the tunnel plane leaves 58 bytes for Geneve beside the MTU of tenants.'),
  'physical-network-without-interface': error('Every physical network has an interface for its bridge.'),
  'provider-interface-is-plane': error('No interface of a physical network carries a plane.'),
  'provider-interface-taken': error('No interface carries two physical networks.'),
  'bridge-name-taken': error(
    'No two bridge names are the same in their first 15 characters, which is all that Linux keeps.',
  ),
  'segment-is-plane': error('No provider network has the VLAN of a plane on the same trunk.'),
  'kolla-key-taken': error('No variable of `kolla.globals` says what a field of the cloud says.'),
  'kolla-file-unread': warning(
    'Every file in the folder of a cloud for Kolla-Ansible is read by a service that the cloud runs.',
  ),
  'kolla-file-taken': error('No file of a cloud stands in the place of one that Tandem writes whole.'),
  'kolla-setting-taken': error('No file of a cloud sets what a field of the cloud says.'),
  'too-few-time-sources': error('Hosts have two NTP servers or more.'),
  'few-time-sources': warning(
    'Hosts have four NTP servers or more, so that a wrong one is outvoted while another is unreachable.',
  ),
  'duplicate-time-source': error('No NTP server is named twice.'),
  'time-source-inside-cloud': error('No NTP server runs on the cloud whose hosts use it.'),
  'too-few-resolvers': error('Hosts have two DNS resolvers or more.'),
  'duplicate-resolver': error('No DNS resolver is named twice.'),
  'resolver-inside-cloud': error('No DNS resolver runs on the cloud whose hosts use it.'),
  'no-placement': error('Every leased server fits on a host.'),
  'no-spare-capacity': error(
    'Every leased server still fits on a host after the loss of any one host, rack, power feed or switch.',
  ),
  'no-spare-host': error(
    'Servers of a tier with placement `spread` still fit on different hosts after the loss of any one host, rack, power feed or switch.',
  ),
};
