import { ComputeInstanceV2 } from '@cdktf/provider-openstack/lib/compute-instance-v2';
import { ComputeServergroupV2 } from '@cdktf/provider-openstack/lib/compute-servergroup-v2';
import type { Construct } from 'constructs';
import { BOOT_TOKEN } from '../../lib/bring-up/boot-token.ts';
import { bringUpMetadata } from '../../lib/bring-up/metadata.ts';
import type { TierSoftware } from '../../lib/bring-up/tier-software.ts';
import { type ServerSecrets, secretsOf } from '../../lib/components/boot-secrets.ts';
import {
  GATEWAY_TIER,
  gatewayServerName,
  linkGatewayMetadata,
  linkGatewaySoftware,
} from '../../lib/components/link-gateway/software.ts';
import { tunnelsOf } from '../../lib/config/link/tunnels.ts';
import { RESOLVER_ADDRESSES } from '../../lib/config/link/zones.ts';
import { attributeOf, variableOf } from '../../lib/openstack/expression.ts';
import { keepsWhatItWasMadeFrom } from '../../lib/openstack/pinned.ts';
import { accessMetadata } from '../../lib/openstack/user-data.ts';
import { cite } from '../../lib/stack/cite.ts';
import { StackId } from '../../lib/stack/id.ts';
import type { LinkContext, LinkInputs } from './link/context.ts';
import { LinkServersStack } from './link/link-servers-stack.ts';
import { addressOf, linkTakes, portOf, RESOLVERS, tunnelAddressOf } from './link/takes.ts';
import { addOutput } from './output.ts';

type Gateway = 1 | 2;

/** The gateways of a link, on ports that outlive them. */
export class LinkStack extends LinkServersStack {
  constructor(scope: Construct, inputs: LinkInputs) {
    const { cloud, environment, link } = inputs;
    super(scope, StackId.link(cloud.name), inputs, linkTakes(cloud.name, environment.name, link.value));
    const { context, provider } = this;
    const software = linkGatewaySoftware(link, cloud, environment);
    const group = new ComputeServergroupV2(this, 'server-group', {
      provider,
      name: context.name,
      policies: ['anti-affinity'],
      lifecycle: { ignoreChanges: ['name'] },
    });
    const { flavor, image, zones } = link.value.gateways;
    const userData = this.userDataOf(software);
    const bootSecrets: Record<string, ServerSecrets> = {};
    for (const gateway of [1, 2] as const) {
      const name = gatewayServerName(link.name, gateway);
      const zone = zones[gateway - 1];
      const instance = new ComputeInstanceV2(this, `gateway-${gateway}`, {
        provider,
        name,
        network: [{ port: variableOf(portOf(gateway)) }],
        flavorName: flavor,
        imageName: image,
        userData,
        metadata: metadataOf(inputs, context, software, gateway),
        schedulerHints: [{ group: attributeOf(group) }],
        lifecycle: keepsWhatItWasMadeFrom(
          ComputeInstanceV2.tfResourceType,
          'availability_zone',
          // Handed out after the stack is applied, by `deploy`.
          `metadata["${BOOT_TOKEN}"]`,
        ),
        ...(zone === undefined ? {} : { availabilityZone: zone }),
      });
      const from = context.refs.link.at('gateways');
      cite(instance, from, {
        flavor_name: from.at('flavor'),
        image_name: from.at('image'),
        availability_zone: from.at('zones', gateway - 1),
        user_data: from,
        metadata: context.refs.link.at('tunnels'),
      });
      // By it, whoever logs in knows the host keys that its console shows.
      addOutput(this, `gateway_${gateway}_server`, `Id of gateway ${gateway}`, attributeOf(instance));
      bootSecrets[name] = keysOf(inputs, software, gateway);
    }
    this.bootSecrets = bootSecrets;
  }
}

function metadataOf({ link }: LinkInputs, context: LinkContext, software: TierSoftware, gateway: Gateway) {
  const peers = context.addresses.gateways.map((address, at) => ({
    name: gatewayServerName(link.name, at + 1),
    address,
  }));
  const facts = { index: gateway, name: gatewayServerName(link.name, gateway), volumes: {} };
  const given = {
    address: variableOf(addressOf(gateway)),
    tunnelAddresses: [variableOf(tunnelAddressOf(gateway, 1)), variableOf(tunnelAddressOf(gateway, 2))] as const,
    resolverAddresses:
      link.value.names === undefined
        ? []
        : Array.from({ length: RESOLVER_ADDRESSES }, (_, at) => variableOf(RESOLVERS, at)),
  };
  return {
    ...context.metadata,
    ...bringUpMetadata(software, { ...facts, servers: { [GATEWAY_TIER]: peers } }),
    ...linkGatewayMetadata(link, gateway, given),
    ...accessMetadata(link.value.gateways.sshKeys),
  };
}

/** A gateway has the keys of its own two tunnels, which the other cloud has too. */
function keysOf({ link }: LinkInputs, software: TierSoftware, gateway: Gateway): ServerSecrets {
  const names = new Map(
    tunnelsOf(link.name, link.value)
      .filter((tunnel) => tunnel.gateway === gateway)
      .map(({ index, keyName }) => [`tunnel-${index}`, `secret:${keyName}`]),
  );
  return Object.fromEntries(
    Object.entries(secretsOf(software)).map(([component, secrets]) => [
      component,
      Object.fromEntries(
        Object.entries(secrets).map(([name, secret]) => [name, { ...secret, reference: names.get(name) }]),
      ),
    ]),
  );
}
