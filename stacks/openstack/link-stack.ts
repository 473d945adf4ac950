import { ComputeInstanceV2 } from '@cdktf/provider-openstack/lib/compute-instance-v2';
import { ComputeServergroupV2 } from '@cdktf/provider-openstack/lib/compute-servergroup-v2';
import { TerraformVariable } from 'cdktf';
import type { Construct } from 'constructs';
import { BOOT_TOKEN } from '../../lib/bring-up/boot-token.ts';
import { bringUpMetadata } from '../../lib/bring-up/metadata.ts';
import type { TierSoftware } from '../../lib/bring-up/tier-software.ts';
import { bringUpUserData } from '../../lib/bring-up/user-data.ts';
import { type ServerSecrets, secretsOf } from '../../lib/components/boot-secrets.ts';
import { GATEWAY_TIER, linkGatewayMetadata, linkGatewaySoftware } from '../../lib/components/link-gateway/software.ts';
import { TUNNELS_PER_GATEWAY, tunnelsOf } from '../../lib/config/link/tunnels.ts';
import { GATEWAYS, type Link } from '../../lib/config/schema/link.ts';
import { attributeOf, variableOf } from '../../lib/openstack/expression.ts';
import { keepsWhatItWasMadeFrom } from '../../lib/openstack/pinned.ts';
import { addProjectProvider } from '../../lib/openstack/provider.ts';
import { TandemTerraformStack } from '../../lib/openstack/tandem-terraform-stack.ts';
import { accessMetadata, accessScript, joinUserData } from '../../lib/openstack/user-data.ts';
import { cite } from '../../lib/stack/cite.ts';
import { StackId } from '../../lib/stack/id.ts';
import type { Take } from '../../lib/stack/synthesized.ts';
import { addressOf, type LinkContext, type LinkInputs, linkContextOf, PROJECT, portOf } from './link/context.ts';
import { addOutput } from './output.ts';
import { stateLocationOf } from './state-location.ts';
import { withBootSecrets } from './with-boot-secrets.ts';

type Gateway = 1 | 2;

const RESOLVERS = 'resolver_addresses';
/** End points of Route 53's resolver have at least two addresses. */
const RESOLVER_ADDRESSES = [0, 1];
const tunnelAddressOf = (gateway: number, index: number): string => `tunnel_${gateway}${index}_address`;

/** Values that gateways are made with, which one cloud or the other tells first. Pure. */
export function linkTakes(cloud: string, environment: string, link: Pick<Link, 'names'>): Take[] {
  const [addresses, aws] = [StackId.linkAddresses(cloud), StackId.awsLink(environment)];
  const gateways = Array.from({ length: GATEWAYS }, (_, at) => at + 1);
  const own = [
    { name: PROJECT, what: 'project' },
    ...gateways.flatMap((gateway) => [
      { name: portOf(gateway), what: 'ports of the gateways' },
      { name: addressOf(gateway), what: 'addresses of the gateways' },
    ]),
  ];
  const far = gateways.flatMap((gateway) =>
    Array.from({ length: TUNNELS_PER_GATEWAY }, (_, at) => ({
      name: tunnelAddressOf(gateway, at + 1),
      output: `TunnelAddress${gateway}${at + 1}`,
      what: 'addresses of the tunnels',
    })),
  );
  const names =
    link.names === undefined
      ? []
      : [{ name: RESOLVERS, output: 'ResolverAddresses', what: 'addresses of the resolver' }];
  return [
    ...own.map((each): Take => ({ ...each, from: addresses, output: each.name })),
    ...[...far, ...names].map((each): Take => ({ ...each, from: aws })),
  ];
}

/** The gateways of a link, on ports that outlive them. */
export class LinkStack extends TandemTerraformStack {
  readonly #bootSecrets: Record<string, ServerSecrets> = {};

  constructor(scope: Construct, inputs: LinkInputs) {
    super(scope, StackId.link(inputs.cloud.name), stateLocationOf(inputs.organisation.value));
    const { cloud, environment, link } = inputs;
    const context = linkContextOf(inputs, this.stackId);
    cite(this, context.refs.link);
    for (const { name } of linkTakes(cloud.name, environment.name, link.value))
      new TerraformVariable(this, `Variable-${name.replaceAll('_', '-')}`, { type: 'string' }).overrideLogicalId(name);
    const { authUrl, region } = cloud.value.endpoint;
    const provider = addProjectProvider(this, { authUrl, region, projectId: variableOf(PROJECT) });
    cite(provider, context.refs.cloud.at('endpoint'));
    const software = linkGatewaySoftware(link, cloud, environment);
    const group = new ComputeServergroupV2(this, 'server-group', {
      provider,
      name: context.name,
      policies: ['anti-affinity'],
      lifecycle: { ignoreChanges: ['name'] },
    });
    const { flavor, image } = context.link.gateways;
    const userData = joinUserData([
      bringUpUserData(software),
      accessScript(cloud.value.images[image]?.user ?? 'debian'),
    ]);
    for (const gateway of [1, 2] as const) {
      const zone = context.link.gateways.zones[gateway - 1];
      const instance = new ComputeInstanceV2(this, `gateway-${gateway}`, {
        provider,
        name: serverName(context, gateway),
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
      this.#bootSecrets[serverName(context, gateway)] = keysOf(inputs, software, gateway);
    }
  }

  override toTerraform(): unknown {
    return withBootSecrets(super.toTerraform() as Record<string, unknown>, this.#bootSecrets);
  }
}

function serverName({ name }: LinkContext, gateway: Gateway): string {
  return `${name}-${GATEWAY_TIER}-${gateway}`;
}

function metadataOf({ link }: LinkInputs, context: LinkContext, software: TierSoftware, gateway: Gateway) {
  const peers = context.addresses.gateways.map((address, at) => ({
    name: serverName(context, at === 0 ? 1 : 2),
    address,
  }));
  const facts = { index: gateway, name: serverName(context, gateway), volumes: {} };
  const given = {
    address: variableOf(addressOf(gateway)),
    tunnelAddresses: [variableOf(tunnelAddressOf(gateway, 1)), variableOf(tunnelAddressOf(gateway, 2))] as const,
    resolverAddresses: link.value.names === undefined ? [] : RESOLVER_ADDRESSES.map((at) => variableOf(RESOLVERS, at)),
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
