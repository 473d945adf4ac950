import type { Problem } from '../diagnostic.ts';

/**
 * Rules of lib/config/rules judge the files as they are written: references between names, ranges, dates and sums. They hold for any
 * cloud, environment and lease, whatever runs on it, and need no topology. What must hold of a cloud so that it works and survives
 * failures at its availability level belongs to lib/private-cloud/rules.
 */
export interface CataloguedRule {
  /** What must hold, as a sentence that stands alone. */
  readonly asks: string;
  readonly severity: Problem['severity'];
}

export const error = (asks: string): CataloguedRule => ({ asks, severity: 'error' });
export const warning = (asks: string): CataloguedRule => ({ asks, severity: 'warning' });

/** Every code that these rules give, and what it asks for. */
export const CONFIGURATION_RULES: Readonly<Record<string, CataloguedRule>> = {
  'unknown-cloud': error('Every cloud that the organisation, a lease or a link names exists in config/clouds/.'),
  'unknown-blueprint': error('Every blueprint that a lease names exists in config/blueprints/.'),
  'unknown-environment': error(
    'Every environment that another comes after, or that a link joins, exists in config/environments/.',
  ),
  'ladder-in-circle': error('No environment comes after itself, however many are between.'),
  'unknown-tier': error('Every tier that a blueprint or a lease names exists in the blueprint.'),
  'unknown-flavor': error('Every flavor that a blueprint or a lease names exists on its cloud.'),
  'unknown-image': error('Every image that a blueprint names exists on its cloud.'),
  'unknown-volume-type': error(
    'Every volume type that a cloud, a blueprint or a price list names exists on its cloud.',
  ),
  'unknown-source': error('Every source that may reach an environment by SSH exists on its cloud.'),
  'unknown-peer': error(
    'Every peer that a tier listens to is a tier, a source of the cloud, `environment` or `world`.',
  ),
  'boot-secrets-address': error('A Vault that hands out secrets at boot has an address, and Barbican has none.'),
  'unknown-rack': error('Every rack that a host group or a zone names exists in the cloud.'),
  'unknown-switch': error('Every switch that a host group names is one of its rack.'),
  'unknown-hardware': error('Every hardware that a host group or a price list names exists in the cloud.'),
  'unknown-host': error('Every storage monitor stands on a host of the cloud.'),
  'duplicate-monitor': error('No host carries two storage monitors.'),
  'timer-order': error('Every failover time of a cloud leaves room for those that must fit into it.'),
  'missing-backend': error('The chosen state back end has its section in config/tandem.yaml.'),
  'unshared-state': warning(
    'A state back end is chosen where a cloud is not on loopback, since several people deploy to it.',
  ),
  'approver-twice': error('Every person in config/approvers.yaml has an e-mail address of their own.'),
  'approval-key-taken': error("Every key in config/approvers.yaml is one person's."),
  'approver-name-taken': error('No person in config/approvers.yaml has the name of a group.'),
  'unknown-approver': error('Every approver that is asked for is a person or a group of config/approvers.yaml.'),
  'too-few-approvers': error('As many people as must approve have a key.'),
  'override-not-owner': error('Who accepts the finding of a policy owns it, where the policy has an owner.'),
  'override-expired': warning('No override of a policy is over.'),
  'override-too-long': error('An override of a policy ends within `policies.overrideDays`.'),
  'missing-store': error('The chosen secret store has its section in config/tandem.yaml.'),
  'path-not-allowed': error(
    'Files and folders that the configuration names are in the project, or where the deployer allows.',
  ),
  'lease-policy': error(
    'The default duration of a lease is at most the maximum, and the maximum at most the total maximum.',
  ),
  'name-too-long': error(
    'Names that Tandem composes fit where they are used, host names into the 63 characters of a DNS label.',
  ),
  'reserved-name': error('No tier or source has a name that access rules give a meaning of their own.'),
  'ambiguous-name': error('No tier has the name of a source of its cloud, since access rules name both.'),
  'no-link': error('A blueprint with `link` is leased on clouds that have a link.'),
  'pool-not-linked': error('The pool that such a network is cut from is one that the link tells the other side of.'),
  'rack-in-two-zones': error('Every rack is in one availability zone.'),
  'empty-zone': error('Every availability zone has a rack with compute hosts.'),
  'address-outside-plane': error('Every host has an address inside the internal plane.'),
  'address-taken': error('No two hosts have the same address.'),
  'plane-too-small': error('Every plane has an address for each host.'),
  'duplicate-vlan': error('No two planes have the same VLAN.'),
  'vip-without-plane': error('Every VIP is on a plane that the cloud has.'),
  'vip-outside-plane': error('Every VIP has an address inside its plane.'),
  'vip-taken': error('No VIP has the address of a host.'),
  'vip-name-taken': error('The internal and the external VIP have different names.'),
  'vip-name-shared': error('No two clouds have a VIP of the same name.'),
  'missing-segment': error('Every VLAN network has a VLAN id.'),
  'segment-of-flat': error('No flat network has a VLAN id.'),
  'duplicate-segment': error('No two networks share a segment of a physical network.'),
  'address-outside-network': error('Gateway and allocation of a network are inside its range.'),
  'gateway-allocated': error('The gateway of a network is outside its allocation.'),
  'allocation-reversed': error('The allocation of a network, and what is excepted from it, ends after it begins.'),
  'allocation-empty': error('What is excepted from the allocation of a network leaves some of it.'),
  'unused-physical-network': warning('Every physical network with an interface carries a network.'),
  'pool-too-small': error('Every tenant pool is larger than the networks that are cut from it.'),
  'special-range': error('No range is one that the Internet standards reserve.'),
  overlap: error('No two ranges of any cloud or environment overlap.'),
  'image-with-two-sources': error('No image has both a file and a URL.'),
  'image-without-source': error('Every image has a file or a URL.'),
  'flavor-too-large': error('Every flavor fits on a compute host of its cloud.'),
  'no-volume-type': error('Every cloud has a volume type.'),
  'unknown-external-network': error(
    "The external network that a cloud or a link names is one of the cloud's external networks.",
  ),
  'open-choice': error(
    'A cloud says which of several volume types, or of several external networks, is the default, and answers what it calls open.',
  ),
  'host-names': error('A group of hosts has as many names as hosts, each once in its cloud.'),
  'missing-price': error('A price list has a price for every volume type of its cloud.'),
  'no-tiers': error('Every blueprint has a tier.'),
  'old-name-taken': error('The old name of a tier or a volume is free, and of one alone.'),
  'ports-reversed': error('Every port range ends after it begins.'),
  'duplicate-rule': error('No port is opened twice to the same peer.'),
  'path-outside-project': error('Every file that a blueprint names is inside the project.'),
  'flavor-too-small': error('Every flavor has the disk and the memory that its image needs.'),
  'no-tenant-pool': error('The network of every environment fits into a tenant pool of its cloud.'),
  'network-too-small': error(
    'The network of every environment has an address for each of its servers and load balancers.',
  ),
  'spread-too-wide': error(
    'A tier with placement `spread` has at most as many servers as the cloud has compute hosts.',
  ),
  'no-capacity': error('All leases of a cloud together need no more than its hosts, storage and address pools have.'),
  'lease-reversed': error('Every lease ends after it begins.'),
  'lease-too-long': error('No lease lasts longer than the policy allows.'),
  'lease-expired': warning('No lease is past its end.'),
  'duplicate-zone': error('No availability zone of an environment is named twice.'),
  'capacity-reversed': error('The minimum capacity of a cluster is at most its maximum.'),
  'base-above-maximum': error('The on-demand base of a cluster is at most its maximum capacity.'),
  'spot-without-room': warning(
    'A share of Spot instances is set only where the on-demand base leaves instances for it.',
  ),
  'one-spot-pool': warning('A cluster with Spot instances has several instance types.'),
  'duplicate-type': error('No instance type of a cluster is named twice.'),
  'wrong-architecture': error('Every instance type of a cluster has the architecture of its image.'),
  'retention-too-short': warning('A queue keeps jobs until they can have reached the dead-letter queue.'),
  'schedule-outside-capacity': error(
    'Every schedule leaves the size of a fleet between a minimum and a maximum that its network is made for.',
  ),
  'unbounded-warm-pool': error('Every warm pool says up to which number instances are prepared.'),
  'warm-pool-with-spot': warning('A warm pool is set only where no instance is Spot.'),
  'warm-pool-too-large': error(
    'The minimum of a warm pool is at most its prepared capacity, and that is at most the maximum of the fleet.',
  ),
  'job-outlives-receipt': error(
    'The time-out of a job and the visibility time-out of its queue are together at most the 12 hours after which SQS gives a job out again.',
  ),
  'drain-too-short': error(
    'A draining instance lives until its job ends: 100 heartbeats are at least the time-out of a job.',
  ),
  'health-too-wide': error('The shares of a fleet in service during a replacement are at most 100 apart.'),
  'visibility-too-long': warning('The visibility time-out of a queue is at most the longest run of a job.'),
  'too-many-in-flight': error(
    'All instances of a cluster together receive at most the 120,000 jobs that SQS gives out at once.',
  ),
  'jobs-exceed-memory': error('The jobs that an instance does at once fit into the memory of the smallest one.'),
  'breaker-too-eager': error('An instance is replaced for several failed jobs, never for one.'),
  'no-second-delivery': warning('Every job has a second delivery, should the first go to a faulty instance.'),
  'results-expire-first': warning('Results are kept at least as long as the jobs that they belong to.'),
  'alarm-too-early': warning('The alarm on the oldest job leaves time for its wait and its run.'),
  'alarm-too-late': error('The alarm on the oldest job rings before SQS deletes the job.'),
  'startup-raises-alarm': warning('An instance that starts in time raises no alarm.'),
  'budget-below-minimum': warning('The budget of a cluster pays at least for its minimum capacity.'),
  'endpoint-missing': error('Without egress, every service that a worker calls has an endpoint.'),
  'endpoint-unused': warning('Every endpoint that costs is of a service that the cluster calls.'),
  'service-unreachable': warning('Every service that the jobs of a cluster may call is reached from its network.'),
  'image-elsewhere': error('Without egress, a container image is in the Region of its cluster.'),
  'iam-too-wide': error('No job can give itself other rights, or become somebody else.'),
  'policy-elsewhere': error("Every managed policy of a cluster's role is of its account or of AWS."),
  'policy-twice': error("No managed policy of a cluster's role is named twice."),
  'vpc-size': error('Every VPC is from /16 to /28, as AWS accepts.'),
  'vpc-too-small': error('Every VPC holds its subnets.'),
  'subnets-too-small': error(
    'The subnets of a cluster hold all its instances after a zone is lost, and twice as many while all are replaced.',
  ),
  'second-link': error('Every cloud and every environment has at most one link.'),
  'unknown-zone': error('Both gateways of a link stand in zones of its cloud.'),
  'unknown-tenant-pool': error('Every pool that a link tells AWS of exists in its cloud.'),
  'gateways-in-one-rack': error('The two gateways of a link share no rack.'),
  'no-transit-gateway': error('A link by a transit gateway joins an environment whose network names one.'),
  'needs-transit-gateway': error('A link asks for acceleration on a transit gateway alone.'),
  'one-asn': error('The two sides of a link have autonomous systems of their own.'),
  'one-zone': error('The two sides of a link have zones of names of their own.'),
  'link-network-size': error(
    "The network of a link has room for a router, two gateways, the address that they share, probes and Consul's servers.",
  ),
  'growth-without-vpc': error('What a VPC may grow into holds the VPC.'),
  'nothing-to-link': error('A link tells AWS of at least one tenant pool.'),
  'too-many-routes': error('A link tells AWS of no more routes than a session may have.'),
  'inside-range': error('The inside addresses of a link are a /28 of 169.254.0.0/16.'),
  'reserved-inside-range': error('The inside addresses of a link are none that AWS keeps.'),
  'link-mtu': error('The largest packet in a tunnel fits the way outside and the networks on both sides.'),
};
