import { NetworkingNetworkV2 } from '@cdktf/provider-openstack/lib/networking-network-v2';
import { NetworkingRouterInterfaceV2 } from '@cdktf/provider-openstack/lib/networking-router-interface-v2';
import { NetworkingRouterV2 } from '@cdktf/provider-openstack/lib/networking-router-v2';
import { NetworkingSubnetV2 } from '@cdktf/provider-openstack/lib/networking-subnet-v2';
import type { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { attributeOf } from './expression.ts';
import { keepsWhatItWasMadeFrom } from './pinned.ts';
import { MAIN } from './tandem-terraform-stack.ts';

export interface PrivateNetworkProps {
  readonly provider: TerraformProvider;
  /** Name of network, subnet and router. */
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  /** Id of the subnet pool that the addresses are cut from. */
  readonly subnetPoolId: string;
  /** Prefix length of the subnet.
   * @remarks CAUTION: a change replaces the subnet, and with it every port. */
  readonly prefixLength: number;
  /** MTU in bytes. */
  readonly mtu: number;
  /** Resolvers that servers are told of.
   * @default - none; OVN answers with those of its hosts */
  readonly nameServers?: readonly string[];
  /** Id of the external network that the router leads to.
   * @default - it leads nowhere */
  readonly externalNetworkId?: string;
}

/** One network of a project, and the router that leads out of it. */
export class PrivateNetwork extends Construct {
  readonly network: NetworkingNetworkV2;
  readonly subnet: NetworkingSubnetV2;
  readonly router: NetworkingRouterV2;
  readonly networkId: string;
  readonly subnetId: string;
  /** What a floating address must wait for. */
  readonly routerInterface: NetworkingRouterInterfaceV2;

  constructor(scope: Construct, id: string, props: PrivateNetworkProps) {
    super(scope, id);
    const { provider, name, description } = props;
    const tags = [...props.tags];
    this.network = new NetworkingNetworkV2(this, MAIN, {
      provider,
      name,
      description,
      tags,
      mtu: props.mtu,
      adminStateUp: true,
      portSecurityEnabled: true,
    });
    this.networkId = attributeOf(this.network);
    this.subnet = new NetworkingSubnetV2(this, 'subnet', {
      provider,
      name,
      description,
      tags,
      networkId: this.networkId,
      subnetpoolId: props.subnetPoolId,
      prefixLength: props.prefixLength,
      ipVersion: 4,
      // The pool is looked up by name: another one of that name, or another name, moves nobody.
      lifecycle: keepsWhatItWasMadeFrom(NetworkingSubnetV2.tfResourceType, 'subnetpool_id'),
      ...(props.nameServers === undefined || props.nameServers.length === 0
        ? {}
        : { dnsNameservers: [...props.nameServers] }),
    });
    this.subnetId = attributeOf(this.subnet);
    this.router = new NetworkingRouterV2(this, 'router', {
      provider,
      name,
      description,
      tags,
      adminStateUp: true,
      lifecycle: keepsWhatItWasMadeFrom(NetworkingRouterV2.tfResourceType),
      ...(props.externalNetworkId === undefined ? {} : { externalNetworkId: props.externalNetworkId }),
    });
    this.routerInterface = new NetworkingRouterInterfaceV2(this, 'router-interface', {
      provider,
      routerId: attributeOf(this.router),
      subnetId: this.subnetId,
    });
  }
}
