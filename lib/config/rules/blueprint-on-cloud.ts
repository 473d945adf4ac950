import { tenantPoolFor } from '../choices.ts';
import type { Problem } from '../diagnostic.ts';
import type { Origin } from '../origin.ts';
import { ownEntry } from '../own-entry.ts';
import { cloudNameOf, placedLeases } from '../placed-leases.ts';
import { allBlueprints, type Entity, linkOf } from '../project.ts';
import type { Blueprint, Tier } from '../schema/blueprint.ts';
import type { Cloud } from '../schema/cloud.ts';
import { suggestion } from '../suggest.ts';
import type { RuleInput } from './rule.ts';
import { unknownName } from './unknown-name.ts';

/** Where a blueprint is to run, and what the problem says of it. */
interface Target {
  readonly cloud: Entity<Cloud>;
  readonly where: string;
  /** Whether some lease takes the blueprint's flavor for a tier. */
  readonly usesFlavor: (tier: string) => boolean;
}

/** Images, flavors, volume types and sources exist on every cloud that a lease puts the blueprint on. */
export function checkBlueprintsOnClouds(input: RuleInput): Problem[] {
  return allBlueprints(input).flatMap((blueprint) =>
    targetsOf(input, blueprint).flatMap((target) => [
      ...onCloud(blueprint, target),
      ...linked(blueprint, target, input),
    ]),
  );
}

/** A network is joined to the other side where there is one, and with addresses that it is told of. */
function linked({ value, origin }: Entity<Blueprint>, { cloud, where }: Target, { links }: RuleInput): Problem[] {
  if (!value.link) return [];
  const link = linkOf(links, cloud.name);
  const at = origin.at('link');
  if (link === undefined) {
    const message = `got true; ${where}, it has no other side, for no link is of ${cloud.name}`;
    return [at.problem('no-link', message, `write false, or write a link of ${cloud.name} into config/links/`)];
  }
  const pool = tenantPoolFor(cloud.value.tenants, value.prefixLength);
  const told = link.value.prefixes;
  if (pool === undefined || told === undefined || told.includes(pool)) return [];
  const message = `got true; its network is cut from pool ${pool}, which link ${link.name} does not tell the other side of`;
  return [at.problem('pool-not-linked', message, `add ${pool} to prefixes in ${link.file}`)];
}

/** The clouds of its leases; for one that nobody leases yet, the default cloud. */
function targetsOf(input: RuleInput, blueprint: Entity<Blueprint>): Target[] {
  const leases = placedLeases(input).filter((placed) => placed.blueprint === blueprint);
  const leased = new Map<string, typeof leases>();
  for (const placed of leases) leased.set(placed.cloud.name, [...(leased.get(placed.cloud.name) ?? []), placed]);
  if (leased.size === 0) {
    const isLeased = [...input.leases.values()].some(
      (lease) => lease.value.blueprint === blueprint.name && cloudNameOf(input, lease) !== undefined,
    );
    const cloud = input.clouds.get(input.organisation?.value.defaultCloud ?? '');
    if (isLeased || cloud === undefined) return [];
    return [{ cloud, where: `in cloud ${cloud.name}, the default`, usesFlavor: () => true }];
  }
  return [...leased.values()].flatMap((placed) => {
    const first = placed[0];
    if (first === undefined) return [];
    return {
      cloud: first.cloud,
      where: `in cloud ${first.cloud.name}, where lease ${first.lease.name} puts it`,
      usesFlavor: (tier) =>
        placed.some(
          ({ lease }) => !Object.hasOwn(lease.value.tiers, tier) || lease.value.tiers[tier]?.flavor === undefined,
        ),
    };
  });
}

function onCloud({ value, origin }: Entity<Blueprint>, { cloud, where, usesFlavor }: Target): Problem[] {
  const more = value.link ? ['environment', 'link', 'world'] : ['environment', 'world'];
  const peers = [...Object.keys(value.tiers), ...Object.keys(cloud.value.sources), ...more];
  const sources = [...Object.keys(cloud.value.sources), 'world'];
  const unknownPeers = (from: readonly string[], known: readonly string[], what: string, at: Origin): Problem[] =>
    from.flatMap((peer, index) =>
      known.includes(peer)
        ? []
        : [
            unknownName(
              at.at(index),
              what,
              peer,
              known.filter((each) => !from.includes(each)),
              { where },
            ),
          ],
    );
  const problems =
    value.ssh === undefined ? [] : unknownPeers(value.ssh.from, sources, 'source', origin.at('ssh', 'from'));
  for (const [name, tier] of Object.entries(value.tiers)) {
    const at = origin.at('tiers', name);
    if (Object.hasOwn(cloud.value.sources, name)) {
      const message = `got "${name}"; cloud ${cloud.name} has a source of that name, and rules could not tell them apart`;
      problems.push(at.problem('ambiguous-name', message, 'rename the tier', { key: true }));
    }
    problems.push(
      ...tier.listens.flatMap(({ from }, index) => unknownPeers(from, peers, 'peer', at.at('listens', index, 'from'))),
      ...unknownPeers(tier.loadBalancer?.from ?? [], peers, 'peer', at.at('loadBalancer', 'from')),
      ...Object.entries(tier.runs).flatMap(([component, { clients }]) =>
        unknownPeers(clients, peers, 'peer', at.at('runs', component, 'clients')),
      ),
      ...resources(tier, cloud.value, at, where, usesFlavor(name)),
    );
  }
  return problems;
}

function resources(tier: Tier, cloud: Cloud, at: Origin, where: string, usesFlavor: boolean): Problem[] {
  const problems: Problem[] = [];
  const image = ownEntry(cloud.images, tier.image);
  const flavor = ownEntry(cloud.flavors, tier.flavor);
  if (image === undefined)
    problems.push(unknownName(at.at('image'), 'image', tier.image, Object.keys(cloud.images), { where }));
  if (flavor === undefined && usesFlavor) {
    problems.push(unknownName(at.at('flavor'), 'flavor', tier.flavor, flavorsFor(tier.image, cloud), { where }));
  }
  if (image !== undefined && flavor !== undefined && usesFlavor) {
    problems.push(...tooSmall(at.at('flavor'), tier.flavor, tier.image, cloud));
  }
  for (const [volume, { type }] of Object.entries(tier.volumes)) {
    const types = Object.keys(cloud.storage.volumeTypes);
    if (type !== undefined && !types.includes(type)) {
      problems.push(unknownName(at.at('volumes', volume, 'type'), 'volume type', type, types, { where }));
    }
  }
  return problems;
}

/** A flavor whose disk or memory is below what the image needs; 0 GiB of root disk means the image's own size. */
export function tooSmall(at: Origin, flavorName: string, imageName: string, cloud: Cloud): Problem[] {
  const flavor = cloud.flavors[flavorName];
  const image = cloud.images[imageName];
  if (flavor === undefined || image === undefined) return [];
  const disk = flavor.diskGiB > 0 && flavor.diskGiB < image.minimumDiskGiB;
  if (!disk && flavor.memoryMiB >= image.minimumMemoryMiB) return [];
  const has = disk ? `${flavor.diskGiB} GiB of disk` : `${flavor.memoryMiB} MiB of memory`;
  const needs = disk ? `${image.minimumDiskGiB} GiB` : `${image.minimumMemoryMiB} MiB`;
  const enough = flavorsFor(imageName, cloud);
  const fix = enough.length === 0 ? 'add a larger flavor to the cloud' : suggestion(flavorName, enough);
  return [at.problem('flavor-too-small', `got "${flavorName}" with ${has}; image ${imageName} needs ${needs}`, fix)];
}

/** Flavors that an image fits on; all of them where there is no such image. */
export function flavorsFor(imageName: string, cloud: Cloud): string[] {
  const image = ownEntry(cloud.images, imageName);
  return Object.entries(cloud.flavors)
    .filter(
      ([, { diskGiB, memoryMiB }]) =>
        image === undefined ||
        ((diskGiB === 0 || diskGiB >= image.minimumDiskGiB) && memoryMiB >= image.minimumMemoryMiB),
    )
    .map(([name]) => name);
}
