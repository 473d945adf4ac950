import type { CfnAutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import type { Architecture } from '../aws-model/ec2/type-names.ts';

/** Instance types of a fleet, and their purchase options. */
export interface InstanceChoice {
  /** Types of one architecture, preferred ones first; or what any current type must have. */
  readonly types: readonly string[] | InstanceRequirements;
  readonly architecture: Architecture;
  /** Instances that are always on demand.
   * @default - 0 */
  readonly onDemandBase?: number;
  /** Share of Spot above the base, in percent.
   * @default - 0
   * @remarks CAUTION: Spot instances are interrupted with two minutes' notice, several at once. */
  readonly spotSharePercent?: number;
}

export interface InstanceRequirements {
  readonly minimumVcpus: number;
  readonly maximumVcpus: number;
  readonly minimumMemoryGiB: number;
}

type Override = CfnAutoScalingGroup.LaunchTemplateOverridesProperty;

/** @param imageId in each: the strategy of a refresh that replaces root volumes takes it from there */
export function overrides({ types, architecture }: InstanceChoice, imageId: string): Override[] {
  if (!isRequirements(types)) return types.map((instanceType) => ({ imageId, instanceType }));
  return [
    {
      imageId,
      instanceRequirements: {
        vCpuCount: { min: types.minimumVcpus, max: types.maximumVcpus },
        memoryMiB: { min: types.minimumMemoryGiB * 1024 },
        cpuManufacturers: architecture === 'arm64' ? ['amazon-web-services'] : ['intel', 'amd'],
        instanceGenerations: ['current'],
        bareMetal: 'excluded',
        burstablePerformance: 'excluded',
        // A Spot type at the on-demand price would save nothing.
        maxSpotPriceAsPercentageOfOptimalOnDemandPrice: 100,
      },
    },
  ];
}

export function instancesDistribution(choice: InstanceChoice): CfnAutoScalingGroup.InstancesDistributionProperty {
  return {
    onDemandBaseCapacity: choice.onDemandBase ?? 0,
    onDemandPercentageAboveBaseCapacity: 100 - (choice.spotSharePercent ?? 0),
    // A list has an order of preference; attributes have none.
    onDemandAllocationStrategy: isRequirements(choice.types) ? 'lowest-price' : 'prioritized',
    // The cheapest of the pools least likely to be interrupted soon.
    spotAllocationStrategy: 'price-capacity-optimized',
  };
}

function isRequirements(types: InstanceChoice['types']): types is InstanceRequirements {
  return !Array.isArray(types);
}
