import { fieldFilter } from '../../../lib/aws-model/ec2/filters.ts';
import { architectureOf, vcpusBySize } from '../../../lib/aws-model/ec2/type-names.ts';
import type { Filter } from '../../../lib/aws-model/ec2-types.ts';
import { paginate } from '../../../lib/aws-model/pages.ts';
import { ModelFault } from '../../../lib/aws-model/types.ts';
import { MODELS } from '../api/models.ts';
import { modelOf } from '../model/model.ts';
import type { Realm, StoreKey } from '../world.ts';

/** Every type that AWS's published model names: a Region of the emulator knows all of them. */
const TYPES = MODELS.ec2.shapes['InstanceType']?.enum ?? [];

/** What zones do not offer, `zone/type`. */
const KEY: StoreKey<Set<string>> = { name: 'offerings', create: () => new Set() };

interface Input {
  readonly InstanceTypes?: readonly string[];
  readonly LocationType?: string;
  readonly Filters?: readonly Filter[];
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

/** Whether a zone offers a type, from now on. */
export function setOffering(realm: Realm, zone: string, type: string, offered: boolean): void {
  const store = realm.store(KEY);
  if (offered) store.delete(`${zone}/${type}`);
  else store.add(`${zone}/${type}`);
  modelOf(realm).world.setOffering({ zone, type, offered });
}

/** AWSEC2/latest/APIReference/API_DescribeInstanceTypes.html. What a type is beyond processors is left out. */
export function instanceTypes(realm: Realm, { InstanceTypes: asked, Filters, MaxResults = 100, NextToken }: Input) {
  const { vcpus = {} } = realm.world.options.model;
  const unknown = asked?.filter((type) => !TYPES.includes(type)) ?? [];
  if (unknown.length > 0)
    throw new ModelFault(
      'InvalidInstanceType',
      `The following supplied instance types do not exist: [${unknown.join(', ')}]`,
    );
  const passes = fieldFilter<string>(
    { 'instance-type': (type) => type, 'processor-info.supported-architecture': architectureOf },
    Filters,
  );
  const { items, ...page } = paginate((asked ?? TYPES).filter(passes), NextToken, MaxResults);
  const InstanceTypes = items.map((InstanceType) => ({
    InstanceType,
    SupportedUsageClasses: ['on-demand', 'spot'],
    VCpuInfo: { DefaultVCpus: vcpus[InstanceType] ?? vcpusBySize(InstanceType) },
    ProcessorInfo: { SupportedArchitectures: [architectureOf(InstanceType)] },
  }));
  return { InstanceTypes, ...page };
}

/** AWSEC2/latest/APIReference/API_DescribeInstanceTypeOfferings.html, by Region or zone. */
export function offerings(realm: Realm, zones: readonly string[], input: Input) {
  const { LocationType = 'region', Filters, MaxResults = 1000, NextToken } = input;
  if (LocationType !== 'region' && LocationType !== 'availability-zone')
    throw new ModelFault('InvalidParameterValue', `lab/aws has no offerings by ${LocationType}`);
  const unoffered = realm.store(KEY);
  const isOffered = (zone: string, type: string): boolean => !unoffered.has(`${zone}/${type}`);
  const all = TYPES.flatMap((InstanceType) =>
    (LocationType === 'region'
      ? zones.some((zone) => isOffered(zone, InstanceType))
        ? [realm.region]
        : []
      : zones.filter((zone) => isOffered(zone, InstanceType))
    ).map((Location) => ({ InstanceType, LocationType, Location })),
  );
  const passes = fieldFilter<(typeof all)[number]>(
    { 'instance-type': ({ InstanceType }) => InstanceType, location: ({ Location }) => Location },
    Filters,
  );
  const { items, ...page } = paginate(all.filter(passes), NextToken, MaxResults);
  return { InstanceTypeOfferings: items, ...page };
}
