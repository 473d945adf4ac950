import { LbListenerV2 } from '@cdktf/provider-openstack/lib/lb-listener-v2';
import { LbLoadbalancerV2 } from '@cdktf/provider-openstack/lib/lb-loadbalancer-v2';
import { LbMembersV2 } from '@cdktf/provider-openstack/lib/lb-members-v2';
import { LbMonitorV2 } from '@cdktf/provider-openstack/lib/lb-monitor-v2';
import { LbPoolV2 } from '@cdktf/provider-openstack/lib/lb-pool-v2';
import { NetworkingFloatingipV2 } from '@cdktf/provider-openstack/lib/networking-floatingip-v2';
import type { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { attributeOf } from './expression.ts';
import { keepsWhatItWasMadeFrom } from './pinned.ts';
import type { PrivateNetwork } from './private-network.ts';
import type { Server } from './server-tier.ts';
import { MAIN } from './tandem-terraform-stack.ts';

/** How each Octavia driver spreads connections: OVN by a hash of addresses and ports, and by nothing else. */
const METHODS = { ovn: 'SOURCE_IP_PORT', amphora: 'ROUND_ROBIN' } as const;

export interface TierBalancerProps {
  readonly provider: TerraformProvider;
  /** Octavia driver.
   * @remarks CAUTION: a change replaces the load balancer, and with it its addresses. */
  readonly driver: keyof typeof METHODS;
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly network: PrivateNetwork;
  /** TCP port that clients use. */
  readonly port: number;
  /** TCP port of the servers. */
  readonly targetPort: number;
  readonly servers: readonly Server[];
  /** Whether servers that do not answer are left out: probed every 5 s, out after 3 probes.
   * @default - true */
  readonly monitored?: boolean;
  /** Who may connect, as CIDRs; only for `amphora`. OVN keeps the client's address, so there the servers' security groups decide.
   * @default - anybody */
  readonly allowedCidrs?: readonly string[];
  /** Name of the network that it gets a floating address of.
   * @default - none: it is reached from inside */
  readonly floatingPool?: string;
}

/** A load balancer over TCP in front of servers. Members go in at once: Octavia answers 409 to what comes while it is busy. */
export class TierBalancer extends Construct {
  readonly balancer: LbLoadbalancerV2;
  readonly listener: LbListenerV2;
  readonly pool: LbPoolV2;
  readonly members: LbMembersV2;
  readonly monitor: LbMonitorV2 | undefined;
  readonly floatingAddress: NetworkingFloatingipV2 | undefined;
  /** Reference to its address in the private network. */
  readonly address: string;

  constructor(scope: Construct, id: string, props: TierBalancerProps) {
    super(scope, id);
    const { provider, name, description, network } = props;
    const tags = [...props.tags];
    const subnetId = attributeOf(network.subnet);
    this.balancer = new LbLoadbalancerV2(this, MAIN, {
      provider,
      name,
      description,
      tags,
      loadbalancerProvider: props.driver,
      vipSubnetId: subnetId,
      adminStateUp: true,
    });
    this.address = attributeOf(this.balancer, 'vip_address');
    this.listener = new LbListenerV2(this, 'listener', {
      provider,
      name,
      description,
      tags,
      loadbalancerId: attributeOf(this.balancer),
      protocol: 'TCP',
      protocolPort: props.port,
      ...(props.driver === 'amphora' && props.allowedCidrs !== undefined
        ? { allowedCidrs: [...props.allowedCidrs] }
        : {}),
    });
    this.pool = new LbPoolV2(this, 'pool', {
      provider,
      name,
      description,
      listenerId: attributeOf(this.listener),
      protocol: 'TCP',
      lbMethod: METHODS[props.driver],
    });
    this.members = new LbMembersV2(this, 'members', {
      provider,
      poolId: attributeOf(this.pool),
      member: props.servers.map((server) => ({
        name: server.name,
        address: server.address,
        protocolPort: props.targetPort,
        subnetId,
      })),
    });
    if (props.monitored !== false) this.monitor = this.#addMonitor(props);
    if (props.floatingPool === undefined) return;
    this.floatingAddress = new NetworkingFloatingipV2(this, 'floating-address', {
      provider,
      pool: props.floatingPool,
      description,
      tags,
      portId: attributeOf(this.balancer, 'vip_port_id'),
      lifecycle: keepsWhatItWasMadeFrom(NetworkingFloatingipV2.tfResourceType),
      dependsOn: [network.routerInterface],
    });
  }

  #addMonitor({ provider, name }: TierBalancerProps): LbMonitorV2 {
    return new LbMonitorV2(this, 'monitor', {
      provider,
      name,
      poolId: attributeOf(this.pool),
      type: 'TCP',
      delay: 5,
      timeout: 3,
      maxRetries: 3,
      maxRetriesDown: 3,
      // One change at a time: the pool is busy while members go in.
      dependsOn: [this.members],
    });
  }
}
