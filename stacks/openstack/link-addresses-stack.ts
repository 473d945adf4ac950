import { DataOpenstackNetworkingNetworkV2 } from '@cdktf/provider-openstack/lib/data-openstack-networking-network-v2';
import { NetworkingFloatingipV2 } from '@cdktf/provider-openstack/lib/networking-floatingip-v2';
import { NetworkingNetworkV2 } from '@cdktf/provider-openstack/lib/networking-network-v2';
import { NetworkingPortV2 } from '@cdktf/provider-openstack/lib/networking-port-v2';
import { NetworkingRouterInterfaceV2 } from '@cdktf/provider-openstack/lib/networking-router-interface-v2';
import { NetworkingRouterRouteV2 } from '@cdktf/provider-openstack/lib/networking-router-route-v2';
import { NetworkingRouterV2 } from '@cdktf/provider-openstack/lib/networking-router-v2';
import { NetworkingSubnetV2 } from '@cdktf/provider-openstack/lib/networking-subnet-v2';
import type { TerraformProvider } from 'cdktf';
import type { Construct } from 'constructs';
import { CONSUL_VOLUME } from '../../lib/config/link/discovery.ts';
import { GATEWAYS, MOST_CONSUL_SERVERS } from '../../lib/config/schema/link.ts';
import { Cidr } from '../../lib/net/cidr.ts';
import { attributeOf } from '../../lib/openstack/expression.ts';
import { keepsWhatItWasMadeFrom } from '../../lib/openstack/pinned.ts';
import { ProjectWithQuotas } from '../../lib/openstack/project-with-quotas.ts';
import { addProjectProvider, addProvider } from '../../lib/openstack/provider.ts';
import type { ProjectQuotas } from '../../lib/openstack/quotas.ts';
import { TandemTerraformStack } from '../../lib/openstack/tandem-terraform-stack.ts';
import { cite } from '../../lib/stack/cite.ts';
import { StackId } from '../../lib/stack/id.ts';
import { LINK_PROJECT } from '../../lib/stack/ownership.ts';
import { consulAccess } from './link/consul-access.ts';
import { type LinkContext, type LinkInputs, linkContextOf } from './link/context.ts';
import { addressOf, NETWORK, PROJECT, portOf, SUBNET } from './link/takes.ts';
import { addOutput } from './output.ts';
import { stateLocationOf } from './state-location.ts';

/**
 * What stands before a link has gateways: their network, the router between it and dev environments, and the addresses that the other side
 * is told. They outlive every gateway.
 */
export class LinkAddressesStack extends TandemTerraformStack {
  readonly #context: LinkContext;
  readonly #provider: TerraformProvider;

  constructor(scope: Construct, inputs: LinkInputs) {
    super(scope, StackId.linkAddresses(inputs.cloud.name), stateLocationOf(inputs.organisation.value));
    const context = linkContextOf(inputs, this.stackId);
    this.#context = context;
    const { cloud, refs } = context;
    cite(this, refs.link);
    cite(addProvider(this, cloud.endpoint), refs.cloud.at('endpoint'));
    const project = this.#addProject();
    const { authUrl, region } = cloud.endpoint;
    this.#provider = addProjectProvider(this, { authUrl, region, projectId: project.workableProjectId });
    const { network, subnet } = this.#addNetwork();
    const routerInterface = this.#addRouter(subnet);
    addOutput(this, PROJECT, 'Id of the project of the gateways', attributeOf(project.project));
    addOutput(this, NETWORK, 'Id of their network', attributeOf(network));
    addOutput(this, SUBNET, 'Id of its subnet', attributeOf(subnet));
    for (let gateway = 1; gateway <= GATEWAYS; gateway += 1) {
      const { port, floating } = this.#addGateway(gateway, network, subnet, routerInterface);
      addOutput(this, portOf(gateway), `Id of the port of gateway ${gateway}`, attributeOf(port));
      addOutput(this, addressOf(gateway), `Address of gateway ${gateway}`, attributeOf(floating, 'address'));
    }
  }

  #addProject(): ProjectWithQuotas {
    const { cloud, describe, tags, refs } = this.#context;
    const project = new ProjectWithQuotas(this, 'project', {
      name: LINK_PROJECT,
      domain: cloud.endpoint.domain,
      description: describe('gateways of the link'),
      tags,
      users: [],
      quotas: quotasOf(this.#context),
    });
    cite(project.quotas.compute, refs.link.at('gateways', 'flavor'));
    return project;
  }

  #addNetwork() {
    const { name, link, cloud, addresses, describe, tags, refs } = this.#context;
    const common = { provider: this.#provider, name, description: describe('network'), tags: [...tags] };
    const network = new NetworkingNetworkV2(this, 'network', {
      ...common,
      mtu: cloud.tenantMtu,
      adminStateUp: true,
      portSecurityEnabled: true,
    });
    const range = Cidr.parse(link.network);
    const given = addresses.consul.map((address) => range.offsetOf(address) ?? 0);
    const subnet = new NetworkingSubnetV2(this, 'subnet', {
      ...common,
      networkId: attributeOf(network),
      cidr: range.toString(),
      ipVersion: 4,
      gatewayIp: addresses.router,
      // Neutron takes an address for itself, and none of those that are given here.
      allocationPool: [{ start: range.address(Math.max(...given) + 1), end: range.address(range.size - 2) }],
    });
    cite(network, refs.link.at('network'), { mtu: refs.cloud.at('tenantMtu') });
    cite(subnet, refs.link.at('network'), { cidr: refs.link.at('network') });
    return { network, subnet };
  }

  /** Leads to dev environments by ports in their networks, and to the environment by whichever gateway is well. */
  #addRouter(subnet: NetworkingSubnetV2): NetworkingRouterInterfaceV2 {
    const { name, external, addresses, prefixes, describe, tags, refs } = this.#context;
    const provider = this.#provider;
    const outside = new DataOpenstackNetworkingNetworkV2(this, 'external-network', { name: external, external: true });
    const router = new NetworkingRouterV2(this, 'router', {
      provider,
      name,
      description: describe('router'),
      tags: [...tags],
      adminStateUp: true,
      externalNetworkId: attributeOf(outside),
      lifecycle: keepsWhatItWasMadeFrom(NetworkingRouterV2.tfResourceType),
    });
    cite(outside, refs.cloud.at('networks', external));
    cite(router, refs.link, { external_network_id: refs.cloud.at('networks', external) });
    const own = { provider, routerId: attributeOf(router) };
    const routerInterface = new NetworkingRouterInterfaceV2(this, 'router-interface', {
      ...own,
      subnetId: attributeOf(subnet),
    });
    const route = new NetworkingRouterRouteV2(this, 'route', {
      ...own,
      destinationCidr: prefixes.environment,
      nextHop: addresses.vip,
      dependsOn: [routerInterface],
    });
    cite(route, refs.link.at('environment'), { next_hop: refs.link.at('network') });
    return routerInterface;
  }

  #addGateway(
    gateway: number,
    network: NetworkingNetworkV2,
    subnet: NetworkingSubnetV2,
    routerInterface: NetworkingRouterInterfaceV2,
  ) {
    const { name, external, addresses, describe, tags, refs } = this.#context;
    const common = { provider: this.#provider, description: describe(`gateway ${gateway}`), tags: [...tags] };
    const port = new NetworkingPortV2(this, `port-${gateway}`, {
      ...common,
      name: `${name}-gateway-${gateway}`,
      adminStateUp: true,
      networkId: attributeOf(network),
      fixedIp: [{ subnetId: attributeOf(subnet), ipAddress: addresses.gateways[gateway - 1] ?? '' }],
      // Connection tracking would drop what goes by one gateway and comes back by the other (decision 0091): the gateway itself filters.
      portSecurityEnabled: false,
      noSecurityGroups: true,
    });
    const floating = new NetworkingFloatingipV2(this, `floating-address-${gateway}`, {
      ...common,
      pool: external,
      portId: attributeOf(port),
      lifecycle: keepsWhatItWasMadeFrom(NetworkingFloatingipV2.tfResourceType),
      dependsOn: [routerInterface],
    });
    cite(port, refs.link.at('network'));
    cite(floating, refs.link.at('gateways'), { pool: refs.link.at('gateways', 'network') });
    return { port, floating };
  }
}

/**
 * Two gateways, Consul's servers and their network; nobody else has anything to make here. The servers count whether there are any or not:
 * nothing orders a lower quota after they are gone, and Nova and Cinder refuse one below what is used.
 */
function quotasOf(context: LinkContext): ProjectQuotas {
  const { cloud, link } = context;
  const none = { vcpus: 0, memoryMiB: 0 };
  const gateway = cloud.flavors[link.gateways.flavor] ?? none;
  const consul = cloud.flavors[link.discovery?.flavor ?? link.gateways.flavor] ?? none;
  const instances = GATEWAYS + MOST_CONSUL_SERVERS;
  return {
    instances,
    vcpus: GATEWAYS * gateway.vcpus + MOST_CONSUL_SERVERS * consul.vcpus,
    memoryMiB: GATEWAYS * gateway.memoryMiB + MOST_CONSUL_SERVERS * consul.memoryMiB,
    ...{ serverGroups: 2, serverGroupMembers: MOST_CONSUL_SERVERS },
    ...{ volumes: MOST_CONSUL_SERVERS, volumeGiB: MOST_CONSUL_SERVERS * CONSUL_VOLUME.sizeGiB },
    ...{ networks: 1, subnets: 1, routers: 1 },
    // Of servers, the router, and what Neutron itself has in a network; twice, for one that is made anew before the other goes.
    ports: 2 * (instances + 3),
    ...{ floatingAddresses: GATEWAYS, loadBalancers: 0, members: 0 },
    // Neutron's own group with its four rules, and that of Consul's servers with one that lets them out.
    securityGroups: 2,
    securityGroupRules: 4 + 1 + consulAccess(context, { name: 'any', cidr: '' }).length,
  };
}
