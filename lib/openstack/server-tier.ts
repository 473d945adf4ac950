import { BlockstorageVolumeV3 } from '@cdktf/provider-openstack/lib/blockstorage-volume-v3';
import { ComputeInstanceV2, type ComputeInstanceV2Config } from '@cdktf/provider-openstack/lib/compute-instance-v2';
import { ComputeServergroupV2 } from '@cdktf/provider-openstack/lib/compute-servergroup-v2';
import { ComputeVolumeAttachV2 } from '@cdktf/provider-openstack/lib/compute-volume-attach-v2';
import { NetworkingFloatingipV2 } from '@cdktf/provider-openstack/lib/networking-floatingip-v2';
import { NetworkingPortV2 } from '@cdktf/provider-openstack/lib/networking-port-v2';
import type { ITerraformDependable, TerraformMetaArguments, TerraformProvider, TerraformResource } from 'cdktf';
import { Construct } from 'constructs';
import { attributeOf } from './expression.ts';
import { keepsWhatItWasMadeFrom } from './pinned.ts';
import { SecurityGroup } from './security-group.ts';

export interface TierVolume {
  readonly name: string;
  readonly sizeGiB: number;
  /** Name of the volume type.
   * @remarks CAUTION: a change replaces the volume, and what is on it. */
  readonly type: string;
}

/** The network that servers stand in: `PrivateNetwork`, or one of another stack. */
export interface TierNetwork {
  readonly networkId: string;
  readonly subnetId: string;
  /** What a floating address must wait for.
   * @default - nothing */
  readonly routerInterface?: ITerraformDependable;
}

export interface TierServer {
  /** Name of the server, and of what is its own. */
  readonly name: string;
  /** Its address in the network, outside what Neutron gives out.
   * @default - one that Neutron chooses */
  readonly address?: string;
  /** Availability zone. Said when the server is made; a later answer moves nobody.
   * @default - wherever there is room */
  readonly zone?: string;
  /** Keys and values of its own metadata.
   * @default - those of the tier alone */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Arguments that the tier itself gives each of its servers. */
type SetByTier = 'name' | 'network' | 'metadata' | 'powerState' | 'availabilityZone' | 'schedulerHints';

/** What each server is made from, as the provider names it. */
export interface InstanceArguments extends Omit<ComputeInstanceV2Config, keyof TerraformMetaArguments | SetByTier> {
  /** Name of the image. One that is made anew under its name changes nobody.
   * @remarks CAUTION: another name rebuilds the servers; their root disks are lost. */
  readonly imageName: string;
  /** Name of the flavor. One that is made anew under its name changes nobody.
   * @remarks CAUTION: another name resizes the servers, which stop for it. */
  readonly flavorName: string;
  /** cloud-init user data.
   * @remarks CAUTION: a change replaces the servers.
   * @default - none */
  readonly userData?: string;
}

export interface ServerTierProps {
  readonly provider: TerraformProvider;
  /** Name of security group and server group. */
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  /** On servers and volumes, which have no tags in both provider versions. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly network: TierNetwork;
  readonly servers: readonly TierServer[];
  readonly instance: InstanceArguments;
  /** Whether no two servers may stand on one host.
   * @remarks CAUTION: a change replaces the servers. */
  readonly apart: boolean;
  /** Whether the servers are shelved: their hosts' room is given back; disks, addresses and volumes are kept.
   * @default - false */
  readonly shelved?: boolean;
  /** Keys and values of each server alone, such as its access keys.
   * @default - none */
  readonly serverMetadata?: Readonly<Record<string, string>>;
  /** Keys of servers' metadata that somebody else sets and removes.
   * @default - none */
  readonly foreignMetadata?: readonly string[];
  /** Volumes of each server.
   * @default - none */
  readonly volumes?: readonly TierVolume[];
  /** Name of the network that each server gets a floating address of.
   * @default - no floating addresses */
  readonly floatingPool?: string;
  /** Quotas that are raised before servers and volumes come; see `ProjectWithQuotas.lowerAfter`.
   * @default - nothing is waited for */
  readonly quotas?: { readonly compute: TerraformResource; readonly volume: TerraformResource };
}

/** One server with what is its own; ports and volumes outlive it. */
export interface Server {
  readonly name: string;
  readonly port: NetworkingPortV2;
  readonly instance: ComputeInstanceV2;
  readonly volumes: readonly BlockstorageVolumeV3[];
  readonly attachments: readonly ComputeVolumeAttachV2[];
  readonly floatingAddress?: NetworkingFloatingipV2;
  /** Reference to its address in the private network. */
  readonly address: string;
}

/** Equal servers behind one security group, each on a port of its own. */
export class ServerTier extends Construct {
  readonly securityGroup: SecurityGroup;
  readonly serverGroup: ComputeServergroupV2 | undefined;
  readonly servers: readonly Server[];

  constructor(scope: Construct, id: string, props: ServerTierProps) {
    super(scope, id);
    const { provider, name, description, tags } = props;
    this.securityGroup = new SecurityGroup(this, 'security-group', { provider, name, description, tags });
    // Made for a single server too: to join a group later, a server would have to be replaced.
    this.serverGroup = props.apart
      ? new ComputeServergroupV2(this, 'server-group', {
          provider,
          name,
          policies: ['anti-affinity'],
          // Another name would replace the group, and with it the servers.
          lifecycle: { ignoreChanges: ['name'] },
          ...after(props.quotas?.compute),
        })
      : undefined;
    this.servers = props.servers.map((server, at) => this.#addServer(server, at + 1, props));
  }

  #addServer(server: TierServer, index: number, props: ServerTierProps): Server {
    const { provider, description, network } = props;
    const tags = [...props.tags];
    const port = new NetworkingPortV2(this, `port-${index}`, {
      provider,
      name: server.name,
      description,
      tags,
      adminStateUp: true,
      networkId: network.networkId,
      // Its address is not read back here: `all_fixed_ips` is.
      fixedIp: [{ subnetId: network.subnetId, ...(server.address === undefined ? {} : { ipAddress: server.address }) }],
      securityGroupIds: [this.securityGroup.id],
    });
    const instance = new ComputeInstanceV2(this, `server-${index}`, {
      ...props.instance,
      provider,
      name: server.name,
      network: [{ port: attributeOf(port) }],
      metadata: { ...props.metadata, ...server.metadata, ...props.serverMetadata },
      powerState: props.shelved === true ? 'shelved_offloaded' : 'active',
      // Where a server was placed is history: a zone more or less replaces nobody.
      lifecycle: keepsWhatItWasMadeFrom(
        ComputeInstanceV2.tfResourceType,
        'availability_zone',
        ...(props.foreignMetadata ?? []).map((key) => `metadata["${key}"]`),
      ),
      ...after(props.quotas?.compute),
      ...(server.zone === undefined ? {} : { availabilityZone: server.zone }),
      ...(this.serverGroup === undefined ? {} : { schedulerHints: [{ group: attributeOf(this.serverGroup) }] }),
    });
    const disks = (props.volumes ?? []).map((volume) =>
      this.#addVolume(volume, index, { ...server, instance, port }, props),
    );
    const own = {
      name: server.name,
      port,
      instance,
      volumes: disks.map((disk) => disk.volume),
      attachments: disks.map((disk) => disk.attachment),
      address: server.address ?? attributeOf(port, 'all_fixed_ips[0]'),
    };
    if (props.floatingPool === undefined) return own;
    const floatingAddress = new NetworkingFloatingipV2(this, `floating-address-${index}`, {
      provider,
      pool: props.floatingPool,
      description,
      tags,
      portId: attributeOf(port),
      lifecycle: keepsWhatItWasMadeFrom(NetworkingFloatingipV2.tfResourceType),
      // Neutron finds no way to a port whose subnet has no router yet.
      ...(network.routerInterface === undefined ? {} : { dependsOn: [network.routerInterface] }),
    });
    return { ...own, floatingAddress };
  }

  #addVolume(
    volume: TierVolume,
    index: number,
    server: Pick<Server, 'name' | 'instance' | 'port'>,
    props: ServerTierProps,
  ) {
    const { provider, description } = props;
    const resource = new BlockstorageVolumeV3(this, `volume-${volume.name}-${index}`, {
      provider,
      name: `${server.name}-${volume.name}`,
      description,
      size: volume.sizeGiB,
      volumeType: volume.type,
      enableOnlineResize: true,
      metadata: { ...props.metadata },
      lifecycle: keepsWhatItWasMadeFrom(BlockstorageVolumeV3.tfResourceType),
      // The port stands for all that is its server's: where it is gone, this is.
      ...after(props.quotas?.volume, server.port),
    });
    const attachment = new ComputeVolumeAttachV2(this, `attachment-${volume.name}-${index}`, {
      provider,
      instanceId: attributeOf(server.instance),
      volumeId: attributeOf(resource),
    });
    return { volume: resource, attachment };
  }
}

function after(quota: TerraformResource | undefined, ...others: readonly TerraformResource[]) {
  return quota === undefined ? {} : { dependsOn: [quota, ...others] };
}
