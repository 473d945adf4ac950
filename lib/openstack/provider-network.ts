import { NetworkingNetworkV2 } from '@cdktf/provider-openstack/lib/networking-network-v2';
import { NetworkingSubnetV2 } from '@cdktf/provider-openstack/lib/networking-subnet-v2';
import { Construct } from 'constructs';
import { type AddressRange, without } from '../net/ranges.ts';
import { attributeOf } from './expression.ts';
import { MAIN } from './tandem-terraform-stack.ts';

export interface ProviderNetworkProps {
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  /** Neutron physical network.
   * @remarks CAUTION: a change of how it is carried replaces the network, and with it every floating address. */
  readonly physicalNetwork: string;
  readonly type: 'flat' | 'vlan';
  /** VLAN id.
   * @default - none */
  readonly segment?: number | undefined;
  readonly cidr: string;
  readonly gateway: string;
  /** First and last address that Neutron gives out. */
  readonly allocation: AddressRange & {
    /** Ranges between the two that others have. @default - none */
    readonly except?: readonly AddressRange[];
  };
  /** Whether routers and floating addresses use it. Every project may use an external network so, and none may put servers on it. One
   * that is not external is its owner's alone. */
  readonly external: boolean;
  readonly nameServers: readonly string[];
}

/** A network that exists outside OpenStack, and the part of its addresses that Neutron may give out. */
export class ProviderNetwork extends Construct {
  readonly network: NetworkingNetworkV2;
  readonly subnet: NetworkingSubnetV2;

  constructor(scope: Construct, id: string, props: ProviderNetworkProps) {
    super(scope, id);
    const { name, description, external } = props;
    const tags = [...props.tags];
    this.network = new NetworkingNetworkV2(this, MAIN, {
      name,
      description,
      tags,
      adminStateUp: true,
      external,
      shared: false,
      segments: [
        {
          physicalNetwork: props.physicalNetwork,
          networkType: props.type,
          ...(props.segment === undefined ? {} : { segmentationId: props.segment }),
        },
      ],
    });
    this.subnet = new NetworkingSubnetV2(this, 'subnet', {
      name,
      description,
      tags,
      networkId: attributeOf(this.network),
      cidr: props.cidr,
      ipVersion: 4,
      gatewayIp: props.gateway,
      allocationPool: without(props.allocation, props.allocation.except).map(({ first, last }) => ({
        start: first,
        end: last,
      })),
      // On an external network there are only routers and floating addresses, which ask nobody.
      enableDhcp: !external,
      ...(props.nameServers.length === 0 ? {} : { dnsNameservers: [...props.nameServers] }),
    });
  }
}
