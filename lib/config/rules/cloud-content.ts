import { externalNetworksOf } from '../choices.ts';
import type { Problem } from '../diagnostic.ts';
import type { Entity } from '../project.ts';
import type { Cloud } from '../schema/cloud.ts';
import { reservedName } from './reserved-name.ts';
import type { RuleInput } from './rule.ts';
import { unknownName } from './unknown-name.ts';

/** What a cloud offers: images from one place each, flavors that some host can run, sources whose names are free. */
export function checkCloudContent({ clouds }: RuleInput): Problem[] {
  return [...clouds.values()].flatMap((cloud) => [
    ...images(cloud),
    ...flavors(cloud),
    ...sources(cloud),
    ...volumeTypes(cloud),
    ...externalNetwork(cloud),
    ...bootSecrets(cloud),
  ]);
}

function bootSecrets({ value, origin }: Entity<Cloud>): Problem[] {
  const { bootSecrets: said } = value;
  if (said === undefined || (said.service === 'vault') === (said.url !== undefined)) return [];
  const at = origin.at('bootSecrets', said.url === undefined ? 'service' : 'url');
  const why = "got %; Vault has an address of its own, and Barbican that of the cloud's catalogue";
  return said.url === undefined
    ? [at.problem('boot-secrets-address', why.replace('%', 'vault'), 'write barbican, which needs no url')]
    : [at.problem('boot-secrets-address', why.replace('%', said.url), 'remove it, or write service: vault')];
}

function images({ value, origin }: Entity<Cloud>): Problem[] {
  return Object.entries(value.images).flatMap(([name, image]) => {
    const at = origin.at('images', name);
    if (image.file !== undefined && image.url !== undefined) {
      return [
        at
          .at('url')
          .problem(
            'image-with-two-sources',
            'got both file and url; an image has one source',
            'remove it, or remove file',
            { key: true },
          ),
      ];
    }
    if (image.file !== undefined || image.url !== undefined) return [];
    return [
      at.problem('image-without-source', 'got neither file nor url; an image has one source', 'write file or url', {
        key: true,
      }),
    ];
  });
}

/** The least that the schema accepts. */
const LEAST = { vcpus: 1, memoryMiB: 64 } as const;

function flavors({ value, origin }: Entity<Cloud>): Problem[] {
  const hardware = Object.values(value.hosts)
    .filter((host) => host.roles.includes('compute'))
    .map((host) => value.hardware[host.hardware]);
  // Unknown hardware is told where it is named; what a flavor fits on is then not known.
  const known = hardware.filter((each) => each !== undefined);
  if (known.length === 0 || known.length < hardware.length) return [];
  return Object.entries(value.flavors).flatMap(([name, flavor]) => {
    const at = origin.at('flavors', name);
    const limits = [
      ['vcpus', Math.max(...known.map((each) => each.vcpus)), 'hardware threads'],
      [
        'memoryMiB',
        Math.max(...known.map((each) => (each.memoryGiB - each.reservedMemoryGiB) * 1024)),
        'MiB of memory for instances',
      ],
    ] as const;
    return limits
      .filter(([key, limit]) => flavor[key] > limit)
      .map(([key, limit, what]) =>
        at
          .at(key)
          .problem(
            'flavor-too-large',
            `got ${flavor[key]}; the largest compute host has ${limit} ${what}`,
            limit >= LEAST[key] ? `write ${limit} or less` : 'correct the hardware of the compute hosts',
          ),
      );
  });
}

function sources({ value, origin }: Entity<Cloud>): Problem[] {
  return Object.keys(value.sources).flatMap((name) => reservedName(origin.at('sources', name), name));
}

function volumeTypes({ value, origin }: Entity<Cloud>): Problem[] {
  const { defaultVolumeType, volumeTypes: types } = value.storage;
  const names = Object.keys(types);
  if (defaultVolumeType !== undefined && !names.includes(defaultVolumeType))
    return [unknownName(origin.at('storage', 'defaultVolumeType'), 'volume type', defaultVolumeType, names)];
  if (names.length > 1 && defaultVolumeType === undefined) {
    const message = `got ${names.join(', ')}, and no defaultVolumeType; a volume that names no type needs one`;
    const fix = `write defaultVolumeType: ${names[0] ?? ''}, or another of them`;
    return [origin.at('storage', 'volumeTypes').problem('open-choice', message, fix, { key: true })];
  }
  if (names.length > 0) return [];
  return [
    origin
      .at('storage', 'volumeTypes')
      .problem('no-volume-type', 'got none; the cloud needs a volume type', 'write at least one, such as standard: {}'),
  ];
}

function externalNetwork({ value, origin }: Entity<Cloud>): Problem[] {
  const names = externalNetworksOf(value.networks);
  if (value.externalNetwork !== undefined)
    return names.includes(value.externalNetwork)
      ? []
      : [unknownName(origin.at('externalNetwork'), 'external network', value.externalNetwork, names)];
  if (names.length < 2) return [];
  const message = `got ${names.join(', ')}, all external, and no externalNetwork; dev environments go out by one of them`;
  const fix = `write externalNetwork: ${names[0] ?? ''}, or another of them`;
  return [origin.at('networks').problem('open-choice', message, fix, { key: true })];
}
