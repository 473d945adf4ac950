import type { LaunchTemplateOverride, MixedInstancesPolicy } from '../autoscaling-types.ts';
import type { Context } from '../context.ts';
import { imageFault } from '../ec2/catalogue.ts';
import { merge } from '../ec2/run.ts';
import type { MachineTemplate, Purchase } from '../ec2/state.ts';
import { capacityOf } from '../ec2/supply.ts';
import { resolveTemplate } from '../ec2/templates.ts';
import type { LaunchTemplateData, LaunchTemplateSpecification } from '../ec2-types.ts';
import { validation } from '../faults.ts';
import { ModelFault } from '../types.ts';
import type { GroupState, Member } from './state.ts';

export type Configuration = Pick<GroupState, 'launchTemplate' | 'mixedInstancesPolicy'>;

/** One kind of instance that a group may launch. */
export interface Candidate {
  readonly type: string;
  readonly data: LaunchTemplateData;
  readonly template: MachineTemplate;
}

/** What new instances are made by: a running refresh's desired configuration goes before the group's own. */
export function configurationOf(group: GroupState): Configuration {
  const refresh = group.refreshes.at(-1);
  const running = refresh !== undefined && ['Pending', 'InProgress', 'Baking'].includes(refresh.Status);
  const desired = running && !refresh.rollback ? refresh.DesiredConfiguration : undefined;
  if (desired === undefined) return group;
  if (desired.MixedInstancesPolicy === undefined)
    return { launchTemplate: desired.LaunchTemplate, mixedInstancesPolicy: undefined };
  return { launchTemplate: undefined, mixedInstancesPolicy: desired.MixedInstancesPolicy };
}

/** The kinds in the order in which they were written. */
export function candidatesOf(context: Context, { launchTemplate, mixedInstancesPolicy }: Configuration): Candidate[] {
  const base = mixedInstancesPolicy?.LaunchTemplate?.LaunchTemplateSpecification ?? launchTemplate;
  const overrides = mixedInstancesPolicy?.LaunchTemplate?.Overrides ?? [];
  return (overrides.length === 0 ? [{}] : overrides).map((override) => candidate(context, base, override));
}

function candidate(
  context: Context,
  base: LaunchTemplateSpecification | undefined,
  override: LaunchTemplateOverride,
): Candidate {
  if (override.WeightedCapacity !== undefined)
    throw validation('Instance weights (WeightedCapacity) are not modelled: the model counts instances.');
  const specification = override.LaunchTemplateSpecification ?? base;
  if (specification === undefined) throw validation('You must use a valid fully-formed launch template.');
  const { data, template } = resolve(context, specification);
  const merged = merge(data, { InstanceType: override.InstanceType, ImageId: override.ImageId });
  if (merged.ImageId === undefined || merged.InstanceType === undefined)
    throw validation(
      'You must use a valid fully-formed launch template. The request must contain the parameter ImageId and InstanceType',
    );
  const refusal = imageFault(context, merged);
  if (refusal !== undefined) throw malformed(refusal);
  return { type: merged.InstanceType, data: merged, template };
}

/** Refuses a template that does not exist in Auto Scaling's words. */
export function resolve(context: Context, specification: LaunchTemplateSpecification) {
  try {
    return resolveTemplate(context, specification);
  } catch (error) {
    throw error instanceof ModelFault ? malformed(error) : error;
  }
}

function malformed({ message }: ModelFault): ModelFault {
  return validation(`You must use a valid fully-formed launch template. ${message}`);
}

/** On demand until base and percentage are reached, then Spot. A fraction goes to on-demand. */
export function nextPurchase(
  policy: MixedInstancesPolicy | undefined,
  total: number,
  onDemand: number,
): Purchase | undefined {
  const distribution = policy?.InstancesDistribution;
  if (policy === undefined) return undefined;
  return onDemand < onDemandOf(distribution, total + 1) ? 'on-demand' : 'spot';
}

export function onDemandOf(
  {
    OnDemandBaseCapacity: base = 0,
    OnDemandPercentageAboveBaseCapacity: percent = 100,
  }: NonNullable<MixedInstancesPolicy['InstancesDistribution']> = {},
  total: number,
): number {
  const above = Math.max(0, total - base);
  return Math.min(total, base) + Math.ceil((above * percent) / 100);
}

/** Kinds in the order in which a strategy tries them. Prices are not modelled: the first written is the cheapest. */
export function byStrategy(
  context: Context,
  candidates: readonly Candidate[],
  policy: MixedInstancesPolicy | undefined,
  zone: string,
  purchase: Purchase,
): readonly Candidate[] {
  const distribution = policy?.InstancesDistribution;
  const strategy = purchase === 'spot' ? (distribution?.SpotAllocationStrategy ?? 'lowest-price') : 'prioritized';
  if (!strategy.includes('capacity')) return candidates;
  const room = (type: string) => capacityOf(context, { zone, type, purchase });
  return candidates.toSorted((a, b) => {
    const [one, other] = [room(a.type), room(b.type)];
    return one === other ? 0 : other - one;
  });
}

/** Whether an instance is as a configuration would make it. */
export function matches(
  candidates: readonly Candidate[],
  member: Member,
  image: (data: LaunchTemplateData) => string,
): boolean {
  return candidates.some(
    ({ type, template, data }) =>
      type === member.type &&
      template.id === member.template?.id &&
      template.version === member.template.version &&
      image(data) === member.image,
  );
}
