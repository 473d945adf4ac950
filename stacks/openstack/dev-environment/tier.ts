import type { Construct } from 'constructs';
import type { TierDemand } from '../../../lib/config/demand.ts';
import { serverZone } from '../../../lib/config/server-zone.ts';
import { userDataMissing } from '../../../lib/openstack/errors.ts';
import { literal } from '../../../lib/openstack/expression.ts';
import { ServerTier } from '../../../lib/openstack/server-tier.ts';
import { accessMetadata, accessScript, joinUserData } from '../../../lib/openstack/user-data.ts';
import { cite } from '../../../lib/stack/cite.ts';
import { type ConfigRef, refAt } from '../../../lib/stack/config-ref.ts';
import type { Context } from './context.ts';
import type { Environment } from './environment.ts';

/** The servers of a tier, each citing what it was made from. */
export function addTier(scope: Construct, context: Context, environment: Environment, demand: TierDemand): ServerTier {
  const { name, tier, count, flavorName } = demand;
  const { cloud, lease } = context;
  const zones = tier.placement === 'spread' ? Object.keys(cloud.zones) : [];
  const [defaultType = ''] = Object.keys(cloud.storage.volumeTypes);
  const made = new ServerTier(scope, name, {
    provider: environment.provider,
    name: `${context.name}-${name}`,
    description: context.describe(`tier ${name}`),
    tags: context.tags,
    metadata: { ...context.metadata, tier: name },
    network: environment.network,
    quotas: environment.project.quotas,
    servers: Array.from({ length: count }, (_, at) => {
      const zone = serverZone(zones, context.name, name, at + 1);
      return { name: serverName(context, name, at + 1), ...(zone === undefined ? {} : { zone }) };
    }),
    imageName: tier.image,
    flavorName,
    apart: tier.placement === 'spread',
    shelved: lease.state === 'frozen',
    serverMetadata: accessMetadata(lease.sshKeys),
    userData: userDataOf(context, demand),
    volumes: Object.entries(tier.volumes).map(([volume, { sizeGiB, type = defaultType }]) => ({
      name: volume,
      sizeGiB,
      type,
    })),
    ...(tier.floatingAddress && count > 0 ? { floatingPool: environment.floatingPool() } : {}),
  });
  citeTier(made, context, demand);
  return made;
}

function serverName(context: Context, tier: string, index: number): string {
  return `${context.name}-${tier}-${index}`;
}

function userDataOf({ cloud, userData }: Context, { tier }: TierDemand): string {
  const access = accessScript(cloud.images[tier.image]?.user ?? 'debian');
  if (tier.userData === undefined) return literal(access);
  const own = Object.hasOwn(userData, tier.userData) ? userData[tier.userData] : undefined;
  if (own === undefined) throw userDataMissing(tier.userData);
  return literal(joinUserData([own, access]));
}

function citeTier(made: ServerTier, { refs, lease, cloud }: Context, { name, tier }: TierDemand): void {
  const from = refAt(refs.blueprint, 'tiers', name);
  // What the lease says for itself comes before the blueprint.
  const own = Object.hasOwn(lease.tiers, name) ? lease.tiers[name] : undefined;
  const differs = (key: 'count' | 'flavor'): ConfigRef =>
    own?.[key] === undefined ? refAt(from, key) : refAt(refs.lease, 'tiers', name, key);
  const image = refAt(from, 'image');
  const attributes = {
    flavor_name: differs('flavor'),
    image_name: image,
    power_state: refAt(refs.lease, 'state'),
    metadata: refAt(refs.lease, 'sshKeys'),
    availability_zone: refAt(refs.cloud, 'zones'),
    user_data: tier.userData === undefined ? refAt(refs.cloud, 'images', tier.image, 'user') : refAt(from, 'userData'),
    scheduler_hints: refAt(from, 'placement'),
  };
  const count = differs('count');
  cite(made, from);
  cite(made.securityGroup, from);
  if (made.serverGroup !== undefined) cite(made.serverGroup, refAt(from, 'placement'));
  const [firstType = ''] = Object.keys(cloud.storage.volumeTypes);
  for (const server of made.servers) {
    cite(server.instance, count, attributes);
    cite(server.port, count);
    if (server.floatingAddress !== undefined) cite(server.floatingAddress, refAt(from, 'floatingAddress'));
    for (const [at, volume] of Object.keys(tier.volumes).entries()) {
      const wanted = refAt(from, 'volumes', volume);
      const type =
        tier.volumes[volume]?.type === undefined
          ? refAt(refs.cloud, 'storage', 'volumeTypes', firstType)
          : refAt(wanted, 'type');
      const [disk, attachment] = [server.volumes[at], server.attachments[at]];
      if (disk !== undefined) cite(disk, wanted, { size: refAt(wanted, 'sizeGiB'), volume_type: type });
      if (attachment !== undefined) cite(attachment, wanted);
    }
  }
}
