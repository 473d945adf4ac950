import { Lazy } from 'cdktf';
import type { Construct } from 'constructs';
import { BOOT_TOKEN } from '../../lib/bring-up/boot-token.ts';
import { bringUpMetadata } from '../../lib/bring-up/metadata.ts';
import type { TierSoftware } from '../../lib/bring-up/tier-software.ts';
import { secretsByServer } from '../../lib/components/boot-secrets.ts';
import { CONSUL_TIER, linkConsulSoftware } from '../../lib/components/consul/link-servers.ts';
import { defaultVolumeTypeOf } from '../../lib/config/choices.ts';
import { CONSUL_VOLUME, type LinkDiscovery } from '../../lib/config/link/discovery.ts';
import { serverNameOf } from '../../lib/config/server-name.ts';
import { serverZone } from '../../lib/config/server-zone.ts';
import { attributeOf, variableOf } from '../../lib/openstack/expression.ts';
import { type Server, ServerTier } from '../../lib/openstack/server-tier.ts';
import { accessMetadata } from '../../lib/openstack/user-data.ts';
import { cite } from '../../lib/stack/cite.ts';
import { StackId } from '../../lib/stack/id.ts';
import { consulAccess } from './link/consul-access.ts';
import type { LinkContext, LinkInputs } from './link/context.ts';
import { LinkServersStack } from './link/link-servers-stack.ts';
import { linkDiscoveryTakes, NETWORK, SUBNET } from './link/takes.ts';
import { addOutput } from './output.ts';

/** Servers of Consul at fixed addresses in the network of a link: the cloud's data centre, which the one on AWS joins. */
export class LinkDiscoveryStack extends LinkServersStack {
  constructor(scope: Construct, inputs: LinkInputs & { readonly discovery: LinkDiscovery }) {
    const { cloud, link, discovery } = inputs;
    super(scope, StackId.linkDiscovery(cloud.name), inputs, linkDiscoveryTakes(cloud.name));
    const { context, provider } = this;
    const software = linkConsulSoftware(link, cloud, discovery);
    this.bootSecrets = secretsByServer(context.name, new Map([[CONSUL_TIER, software]]));
    const made: ServerTier = new ServerTier(this, CONSUL_TIER, {
      provider,
      name: `${context.name}-${CONSUL_TIER}`,
      description: context.describe('servers of Consul'),
      tags: context.tags,
      metadata: context.metadata,
      network: { networkId: variableOf(NETWORK), subnetId: variableOf(SUBNET) },
      servers: serversOf(context, discovery, software, () => made.servers),
      instance: {
        flavorName: discovery.cloud.flavor,
        imageName: context.link.gateways.image,
        userData: this.userDataOf(software),
      },
      apart: true,
      serverMetadata: accessMetadata(context.link.gateways.sshKeys),
      // Handed out after the stack is applied, by `deploy`.
      foreignMetadata: [BOOT_TOKEN],
      // It outlives its server: what was registered and agreed upon is there after all servers are made anew.
      volumes: [{ ...CONSUL_VOLUME, type: defaultVolumeTypeOf(cloud.value) }],
    });
    for (const [peer, ports] of consulAccess(context, { name: CONSUL_TIER, group: made.securityGroup }))
      cite(made.securityGroup.allow(peer, ports), context.refs.link.at('discovery'));
    this.#cite(made, context);
    for (const [at, { instance }] of made.servers.entries())
      addOutput(this, `${CONSUL_TIER}_${at + 1}_server`, `Id of server ${at + 1} of Consul`, attributeOf(instance));
  }

  #cite(made: ServerTier, { refs }: LinkContext): void {
    const from = refs.link.at('discovery');
    cite(made, from);
    cite(made.securityGroup, from);
    if (made.serverGroup !== undefined) cite(made.serverGroup, from.at('servers'));
    for (const { port, instance, volumes, attachments } of made.servers) {
      cite(port, from.at('servers'), { fixed_ip: refs.link.at('network') });
      cite(instance, from.at('servers'), {
        ...{ flavor_name: from.at('flavor'), image_name: refs.link.at('gateways', 'image'), user_data: from },
        ...{ availability_zone: refs.cloud.at('zones'), metadata: from },
      });
      for (const each of [...volumes, ...attachments]) cite(each, from.at('servers'));
    }
  }
}

function serversOf(
  context: LinkContext,
  { cloud: { addresses } }: LinkDiscovery,
  software: TierSoftware,
  made: () => readonly Server[],
) {
  const zones = Object.keys(context.cloud.zones);
  const peers = addresses.map((address, at) => ({ name: serverNameOf(context.name, CONSUL_TIER, at + 1), address }));
  return peers.map(({ name, address }, at) => {
    const zone = serverZone(zones, context.name, CONSUL_TIER, at + 1);
    const volume = Lazy.stringValue({ produce: () => volumeOf(made()[at]) });
    const facts = { index: at + 1, name, volumes: { [CONSUL_VOLUME.name]: volume } };
    return {
      ...{ name, address, ...(zone === undefined ? {} : { zone }) },
      metadata: bringUpMetadata(software, { ...facts, servers: { [CONSUL_TIER]: peers } }),
    };
  });
}

function volumeOf(server: Server | undefined): string {
  const [volume] = server?.volumes ?? [];
  return volume === undefined ? '' : attributeOf(volume);
}
