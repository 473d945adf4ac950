import type { BareChange } from '../model.ts';

/** An update in place that is felt: what happens to whoever uses the resource. */
interface Interruption {
  /** First parts of the paths of attributes, as the provider or CloudFormation names them. */
  readonly attributes: readonly string[];
  /** What happens, as the end of a sentence that begins with "it". */
  readonly effect: string;
  /** Whether this change does it. @default every change of those attributes */
  readonly when?: (before: unknown, after: unknown) => boolean;
}

const toFalse = (_before: unknown, after: unknown): boolean => after === false || after === 'false';
const isLess = (before: unknown, after: unknown): boolean => Number(after) < Number(before);
/** Without a number, nothing is ever deleted. */
const isSooner = (before: unknown, after: unknown): boolean =>
  after !== null && after !== undefined && (before === null || before === undefined || isLess(before, after));
const isChanged = (before: unknown): boolean => before !== null && before !== undefined;

const down = (effect: string): Interruption => ({ attributes: ['admin_state_up'], effect, when: toFalse });
const REBOOTS = 'stops and starts again';

/**
 * Every update that keeps a resource and stops or wipes it, by type. The one table of them: the offline difference, the live plan,
 * the renderers, approvals and the questions of `env` read it. What replaces a resource is in the provider's schema instead.
 *
 * OpenStack: what the provider 1.54.1 to 3.4.0 does in its updates. A power state that is asked for is no interruption.
 * CloudFormation: what its reference calls "some interruptions"; a machine-readable list is not published.
 */
export const INTERRUPTIONS: Readonly<Record<string, readonly Interruption[]>> = {
  openstack_compute_instance_v2: [
    {
      attributes: ['image_id', 'image_name', 'personality'],
      effect: 'is rebuilt: it stops, and everything on its root disk is lost',
    },
    {
      attributes: ['flavor_id', 'flavor_name'],
      effect: 'is resized: it stops meanwhile, and may start again on another host',
    },
  ],
  openstack_blockstorage_volume_v3: [
    {
      attributes: ['volume_type', 'volume_retype_policy', 'multiattach'],
      effect: 'is retyped: its data may be migrated, and it cannot be attached or detached meanwhile',
    },
  ],
  openstack_networking_router_v2: [
    {
      attributes: ['external_network_id', 'external_fixed_ip', 'external_subnet_ids'],
      effect:
        'gets another gateway: connections through it are cut, and floating addresses of the old network stop working',
      when: isChanged,
    },
    { attributes: ['enable_snat'], effect: 'changes its address translation: connections through it are cut' },
    down('stops forwarding'),
  ],
  openstack_networking_port_v2: [
    {
      attributes: ['fixed_ip', 'no_fixed_ip'],
      effect: 'gets another address: its server is not reached under the old one',
    },
    { attributes: ['device_id', 'binding'], effect: 'is bound anew: its server loses the connection meanwhile' },
    down('stops carrying traffic'),
  ],
  openstack_networking_network_v2: [down('stops carrying traffic')],
  openstack_networking_subnet_v2: [
    {
      attributes: ['gateway_ip', 'no_gateway'],
      effect: 'gets another gateway: servers lose their way out until they renew their lease',
      when: isChanged,
    },
    { attributes: ['enable_dhcp'], effect: 'stops giving out addresses', when: toFalse },
  ],
  openstack_networking_trunk_v2: [
    { attributes: ['sub_port'], effect: 'changes its sub-ports: those that leave lose the connection' },
    down('stops carrying traffic'),
  ],
  openstack_networking_floatingip_v2: [
    {
      attributes: ['port_id', 'fixed_ip'],
      effect: 'leads elsewhere: connections through it are cut',
      when: isChanged,
    },
  ],
  openstack_networking_floatingip_associate_v2: [
    { attributes: ['port_id', 'fixed_ip'], effect: 'leads elsewhere: connections through it are cut' },
  ],
  openstack_lb_loadbalancer_v2: [down('stops answering')],
  openstack_lb_listener_v2: [
    down('stops answering'),
    { attributes: ['default_pool_id'], effect: 'sends clients to other servers: connections are cut', when: isChanged },
  ],
  openstack_lb_pool_v2: [down('stops answering')],
  openstack_lb_member_v2: [down('gets no more connections')],
  openstack_vpnaas_site_connection_v2: [
    {
      attributes: [
        'psk',
        'peer_address',
        'peer_id',
        'peer_cidrs',
        'peer_ep_group_id',
        'local_ep_group_id',
        'local_id',
        'mtu',
        'initiator',
      ],
      effect: 'negotiates its tunnel anew: traffic stops meanwhile',
    },
    down('takes its tunnel down'),
  ],
  openstack_vpnaas_service_v2: [down('takes its tunnels down')],
  openstack_containerinfra_cluster_v1: [
    { attributes: ['cluster_template_id'], effect: 'is upgraded node by node, and its pods are moved' },
    { attributes: ['node_count'], effect: 'removes nodes, and the pods on them are moved', when: isLess },
  ],
  openstack_containerinfra_nodegroup_v1: [
    { attributes: ['node_count'], effect: 'removes nodes, and the pods on them are moved', when: isLess },
  ],
  openstack_db_instance_v1: [{ attributes: ['configuration_id'], effect: 'may restart to take the configuration' }],
  openstack_sharedfilesystem_share_v2: [
    { attributes: ['size'], effect: 'shrinks: what does not fit is refused or lost', when: isLess },
  ],
  openstack_orchestration_stack_v1: [
    {
      attributes: ['template_opts', 'environment_opts', 'parameters'],
      effect: 'is updated by Heat, which may replace or stop what is in it',
    },
  ],
  openstack_identity_project_v3: [
    { attributes: ['enabled'], effect: 'is disabled: nobody can work in it', when: toFalse },
  ],
  openstack_identity_user_v3: [
    { attributes: ['enabled'], effect: 'is disabled: its tokens and credentials stop working', when: toFalse },
    { attributes: ['password'], effect: 'gets another password: its tokens stop working' },
  ],
  'AWS::EC2::Instance': [
    {
      attributes: [
        'InstanceType',
        'EbsOptimized',
        'KernelId',
        'RamdiskId',
        'UserData',
        'Tenancy',
        'Affinity',
        'HostId',
        'AdditionalInfo',
      ],
      effect: REBOOTS,
    },
  ],
  'AWS::KMS::Key': [
    {
      attributes: ['Enabled'],
      effect: 'is disabled: nobody can read what is encrypted with it',
      when: toFalse,
    },
  ],
  'AWS::S3::Bucket': [
    {
      attributes: ['LifecycleConfiguration'],
      effect: 'deletes objects sooner: those that are older are lost within a day or two',
      when: isLess,
    },
  ],
  'AWS::Logs::LogGroup': [
    { attributes: ['RetentionInDays'], effect: 'deletes logs sooner: those that are older are lost', when: isSooner },
  ],
  'AWS::SQS::Queue': [
    {
      attributes: ['MessageRetentionPeriod'],
      effect: 'deletes messages sooner: those that are older are lost',
      when: isLess,
    },
  ],
  'AWS::Kinesis::Stream': [
    {
      attributes: ['RetentionPeriodHours'],
      effect: 'deletes records sooner: those that are older are lost',
      when: isLess,
    },
  ],
  'AWS::AutoScaling::AutoScalingGroup': [
    {
      attributes: ['MaxSize', 'DesiredCapacity'],
      effect: 'terminates at once what runs above its new size',
      when: isLess,
    },
    {
      attributes: ['VPCZoneIdentifier', 'AvailabilityZones'],
      effect: 'moves its instances: those in subnets that leave are terminated',
    },
  ],
  'AWS::RDS::DBInstance': [
    {
      attributes: [
        'DBInstanceClass',
        'EngineVersion',
        'StorageType',
        'DBParameterGroupName',
        'OptionGroupName',
        'CACertificateIdentifier',
        'Domain',
        'ProcessorFeatures',
      ],
      effect: 'is not reached while it is modified',
    },
  ],
  'AWS::RDS::DBCluster': [
    {
      attributes: ['EngineVersion', 'Port', 'DBClusterInstanceClass', 'DBClusterParameterGroupName'],
      effect: 'is not reached while it is modified',
    },
  ],
  'AWS::DocDB::DBInstance': [{ attributes: ['DBInstanceClass'], effect: REBOOTS }],
  'AWS::DocDB::DBCluster': [{ attributes: ['Port'], effect: 'is not reached while it is modified' }],
  'AWS::Neptune::DBInstance': [{ attributes: ['DBInstanceClass'], effect: REBOOTS }],
  'AWS::Neptune::DBCluster': [
    { attributes: ['EngineVersion', 'DBPort'], effect: 'is not reached while it is modified' },
  ],
  'AWS::ElastiCache::CacheCluster': [
    { attributes: ['EngineVersion', 'NumCacheNodes'], effect: 'restarts nodes, whose cached data may be lost' },
  ],
  'AWS::ElastiCache::ReplicationGroup': [
    { attributes: ['CacheNodeType', 'EngineVersion'], effect: 'fails over, and connections are cut' },
  ],
  'AWS::Redshift::Cluster': [
    {
      attributes: ['NodeType', 'NumberOfNodes', 'ClusterType', 'ClusterVersion'],
      effect: 'is read-only or not reached while it is resized',
    },
  ],
  'AWS::AmazonMQ::Broker': [{ attributes: ['HostInstanceType', 'EngineVersion', 'Configuration'], effect: REBOOTS }],
  'AWS::DMS::ReplicationInstance': [{ attributes: ['ReplicationInstanceClass', 'EngineVersion'], effect: REBOOTS }],
  'AWS::SageMaker::NotebookInstance': [{ attributes: ['InstanceType', 'VolumeSizeInGB'], effect: REBOOTS }],
  'AWS::ElasticBeanstalk::Environment': [
    {
      attributes: ['OptionSettings', 'PlatformArn'],
      effect: 'may replace or restart its instances',
    },
  ],
};

/** What an update in place does to whoever uses the resource, each thing once; empty where nobody feels it. Pure. */
export function interruptionsOf(change: BareChange): string[] {
  if ((change.action !== 'update' && change.action !== 'interrupt') || change.noise) return [];
  const found = (INTERRUPTIONS[change.type] ?? []).filter(({ attributes, when }) =>
    change.attributes.some(
      ({ path, before, after, afterUnknown }) =>
        attributes.includes(path.split('.', 1)[0] ?? '') && (afterUnknown || when === undefined || when(before, after)),
    ),
  );
  return [...new Set(found.map(({ effect }) => `it ${effect}`))];
}

/** Why a cloud will refuse these changes, each with its address; undefined where nothing is known against them. Pure. */
export function refusalsOf(changes: readonly BareChange[]): string | undefined {
  const refused = changes.flatMap((change) => {
    const why = refusalOf(change);
    return why === undefined ? [] : [`${change.address}: ${why}`];
  });
  return refused.length === 0 ? undefined : refused.join('; ');
}

function refusalOf({ type, action, attributes }: BareChange): string | undefined {
  if (action !== 'update' && action !== 'interrupt') return undefined;
  if (!/^openstack_blockstorage_volume_v\d$/.test(type)) return undefined;
  const size = attributes.find(({ path, before, after }) => path === 'size' && after !== null && isLess(before, after));
  return size === undefined
    ? undefined
    : `${String(size.before)} GiB cannot become ${String(size.after)} GiB: Cinder only extends volumes. Keep the size, or add a volume of another name, copy the data, and remove this one`;
}
