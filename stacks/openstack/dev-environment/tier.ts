import type { BlockstorageVolumeV3 } from '@cdktf/provider-openstack/lib/blockstorage-volume-v3';
import type { ComputeInstanceV2 } from '@cdktf/provider-openstack/lib/compute-instance-v2';
import { Lazy } from 'cdktf';
import type { Construct } from 'constructs';
import { BOOT_TOKEN } from '../../../lib/bring-up/boot-token.ts';
import { bringUpMetadata } from '../../../lib/bring-up/metadata.ts';
import { knownTiers } from '../../../lib/bring-up/tier-software.ts';
import { bringUpUserData } from '../../../lib/bring-up/user-data.ts';
import { hasSecrets } from '../../../lib/components/boot-secrets.ts';
import { defaultVolumeTypeOf, loginUserOf } from '../../../lib/config/choices.ts';
import type { TierDemand } from '../../../lib/config/demand.ts';
import { ownEntry } from '../../../lib/config/own-entry.ts';
import { serverNameOf } from '../../../lib/config/server-name.ts';
import { serverZone } from '../../../lib/config/server-zone.ts';
import { userDataMissing } from '../../../lib/openstack/errors.ts';
import { attributeOf } from '../../../lib/openstack/expression.ts';
import { type Server, ServerTier, type TierServer } from '../../../lib/openstack/server-tier.ts';
import { accessMetadata, accessScript, joinUserData } from '../../../lib/openstack/user-data.ts';
import { cite } from '../../../lib/stack/cite.ts';
import { attributesOf, type CitedValues, valuesOf } from '../../../lib/stack/cited-values.ts';
import type { Context } from './context.ts';
import type { Environment } from './environment.ts';

/** The servers of a tier, each citing what it was made from. */
export function addTier(
  scope: Construct,
  context: Context,
  environment: Environment,
  demand: TierDemand,
  built: ReadonlyMap<string, ServerTier>,
): ServerTier {
  const { name, tier, count } = demand;
  const instance = instanceArguments(context, demand);
  const options = tierOptions(context, demand, built);
  const volumes = volumesOf(context, demand);
  const made = new ServerTier(scope, name, {
    provider: environment.provider,
    name: `${context.name}-${name}`,
    description: context.describe(`tier ${name}`),
    tags: context.tags,
    metadata: { ...context.metadata, tier: name },
    network: environment.network,
    quotas: environment.project.quotas,
    // Handed out after the stack is applied, by `deploy`.
    foreignMetadata: hasSecrets(context.software.get(name)) ? [BOOT_TOKEN] : [],
    instance: valuesOf(instance),
    ...valuesOf(options),
    volumes: volumes.map((volume) => ({ name: volume.name, ...valuesOf(volume.options) })),
    ...(tier.floatingAddress && count > 0 ? { floatingPool: environment.floatingPool() } : {}),
  });
  const from = context.refs.blueprint.at('tiers', name);
  cite(made, from);
  cite(made.securityGroup, from);
  if (made.serverGroup !== undefined) cite(made.serverGroup, from.at('placement'));
  for (const server of made.servers) {
    cite(server.instance, saidBy(context, demand, 'count'), attributesOf(instance), attributesOf(options));
    cite(server.port, saidBy(context, demand, 'count'));
    if (server.floatingAddress !== undefined) cite(server.floatingAddress, from.at('floatingAddress'));
    for (const [at, volume] of volumes.entries()) {
      const [disk, attachment] = [server.volumes[at], server.attachments[at]];
      if (disk !== undefined) cite(disk, volume.from, attributesOf(volume.options));
      if (attachment !== undefined) cite(attachment, volume.from);
    }
  }
  return made;
}

/** What the provider takes for each server as it is: an option of a blueprint's tier that is no more than that is one entry here. */
function instanceArguments(context: Context, demand: TierDemand) {
  const { refs } = context;
  const { name, tier, flavorName } = demand;
  const from = refs.blueprint.at('tiers', name);
  return {
    flavorName: { value: flavorName, from: saidBy(context, demand, 'flavor'), attribute: 'flavor_name' },
    imageName: { value: tier.image, from: from.at('image'), attribute: 'image_name' },
    userData: {
      value: userDataOf(context, demand),
      from: tier.userData === undefined ? refs.cloud.at('images', tier.image, 'user') : from.at('userData'),
      attribute: 'user_data',
    },
  } satisfies CitedValues<ComputeInstanceV2>;
}

/** What the tier makes something of: its props by name, each with the attribute of a server in which it shows. */
function tierOptions(context: Context, demand: TierDemand, built: ReadonlyMap<string, ServerTier>) {
  const { name: environment, refs, lease, cloud } = context;
  const { name, tier, count } = demand;
  const zones = tier.placement === 'spread' ? Object.keys(cloud.zones) : [];
  const told = toldOf(context, demand, built);
  const servers = Array.from({ length: count }, (_, at) => {
    const zone = serverZone(zones, environment, name, at + 1);
    const metadata = told(at + 1);
    return { name: serverNameOf(environment, name, at + 1), ...(zone === undefined ? {} : { zone }), ...metadata };
  });
  return {
    shelved: { value: lease.state === 'frozen', from: refs.lease.at('state'), attribute: 'power_state' },
    serverMetadata: { value: accessMetadata(lease.sshKeys), from: refs.lease.at('sshKeys'), attribute: 'metadata' },
    servers: { value: servers, from: refs.cloud.at('zones'), attribute: 'availability_zone' },
    apart: {
      value: tier.placement === 'spread',
      from: refs.blueprint.at('tiers', name, 'placement'),
      attribute: 'scheduler_hints',
    },
  } satisfies CitedValues<ComputeInstanceV2>;
}

/**
 * What the servers of a tier that runs components are told of themselves and of others, by index; addresses and volumes are filled in when
 * all tiers are there.
 */
function toldOf(
  { name: environment, software, tiers }: Context,
  { name, tier }: TierDemand,
  built: ReadonlyMap<string, ServerTier>,
): (index: number) => Pick<TierServer, 'metadata'> {
  const own = software.get(name);
  if (own === undefined) return () => ({});
  const later = (of: string, at: number, what: (server: Server) => string) =>
    Lazy.stringValue({
      produce: () => {
        const server = built.get(of)?.servers[at];
        return server === undefined ? '' : what(server);
      },
    });
  const known = new Set(knownTiers(own));
  const servers = Object.fromEntries(
    tiers
      .filter(({ name: of }) => known.has(of))
      .map(({ name: of, count }) => [
        of,
        Array.from({ length: count }, (_, at) => ({
          name: serverNameOf(environment, of, at + 1),
          address: later(of, at, ({ address }) => address),
        })),
      ]),
  );
  return (index) => {
    const volumes = Object.keys(tier.volumes).map((volume, place): [string, string] => [
      volume,
      later(name, index - 1, (server) => {
        const found = server.volumes[place];
        return found === undefined ? '' : attributeOf(found);
      }),
    ]);
    const facts = {
      index,
      name: serverNameOf(environment, name, index),
      servers,
      volumes: Object.fromEntries(volumes),
    };
    return { metadata: bringUpMetadata(own, facts) };
  };
}

function volumesOf({ refs, cloud }: Context, { name: tierName, tier }: TierDemand) {
  const defaultType = defaultVolumeTypeOf(cloud);
  return Object.entries(tier.volumes).map(([name, { sizeGiB, type }]) => {
    const from = refs.blueprint.at('tiers', tierName, 'volumes', name);
    const options = {
      sizeGiB: { value: sizeGiB, from: from.at('sizeGiB'), attribute: 'size' },
      type: {
        value: type ?? defaultType,
        from: type === undefined ? refs.cloud.at('storage', 'volumeTypes', defaultType) : from.at('type'),
        attribute: 'volume_type',
      },
    } satisfies CitedValues<BlockstorageVolumeV3>;
    return { name, from, options };
  });
}

/** Where a lease may differ from its blueprint: the line that says it. */
function saidBy({ refs, lease }: Context, { name }: TierDemand, key: 'count' | 'flavor') {
  return ownEntry(lease.tiers, name)?.[key] === undefined
    ? refs.blueprint.at('tiers', name, key)
    : refs.lease.at('tiers', name, key);
}

function userDataOf({ cloud, userData, software }: Context, { name, tier }: TierDemand): string {
  const access = accessScript(loginUserOf(cloud, tier.image));
  const runs = software.get(name);
  const parts = runs === undefined ? [access] : [access, bringUpUserData(runs)];
  if (tier.userData === undefined) return joinUserData(parts);
  const own = ownEntry(userData, tier.userData);
  if (own === undefined) throw userDataMissing(tier.userData);
  return joinUserData([own, ...parts]);
}
