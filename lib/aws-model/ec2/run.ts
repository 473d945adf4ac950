import type { Tag as SdkTag } from '@aws-sdk/client-ec2';
import { fnv1a } from '../../text/fnv1a.ts';
import type { Context } from '../context.ts';
import type {
  CreateFleetInput,
  CreateFleetOutput,
  FleetOverride,
  LaunchTemplateData,
  Reservation,
  RunInstancesInput,
  Tag,
} from '../ec2-types.ts';
import { dryRun, invalidParameter, missingParameter } from '../faults.ts';
import { drawHex, drawUuid } from '../random.ts';
import type { Shape } from '../shape.ts';
import type { ModelFault } from '../types.ts';
import { imageFault } from './catalogue.ts';
import { type LaunchSpec, launchMachines } from './machines.ts';
import type { MachineTemplate, Purchase, SubnetState } from './state.ts';
import { capacityOf, freeAddresses, needSubnet, roomFor } from './supply.ts';
import { resolveTemplate } from './templates.ts';
import { reservationOf } from './views.ts';

/** Most instances of one RunInstances call: the quota of its resource tokens. */
export function runInstances(context: Context, input: RunInstancesInput): Reservation {
  const { MinCount, MaxCount, LaunchTemplate, SubnetId, Placement, ClientToken, DryRun, ...own } = input;
  const { ec2, random } = context.state;
  if (!(MinCount >= 1) || MaxCount < MinCount)
    throw invalidParameter(`Value (${MinCount}) for parameter minCount is invalid.`);
  const earlier = ClientToken === undefined ? undefined : ec2.clientTokens.get(ClientToken);
  if (earlier !== undefined) return reservationOf(context, earlier);
  const resolved = LaunchTemplate === undefined ? undefined : resolveTemplate(context, LaunchTemplate);
  const data = merge(resolved?.data ?? {}, own);
  const spec = launchSpec(context, {
    data,
    template: resolved?.template,
    subnet: pickSubnet(context, SubnetId, Placement?.AvailabilityZone),
    reservation: `r-${drawHex(random, 17)}`,
  });
  const refusal = imageFault(context, data);
  if (refusal !== undefined) throw refusal;
  const room = roomFor(context, spec);
  // What there is room for, a dry run does not tell.
  if (DryRun === true) throw room.fault().code === 'Unsupported' ? room.fault() : dryRun();
  if (room.count < MinCount) throw room.fault();
  launchMachines(context, spec, Math.min(MaxCount, room.count));
  if (ClientToken !== undefined) ec2.clientTokens.set(ClientToken, spec.reservation);
  return reservationOf(context, spec.reservation);
}

/** A fleet of type `instant`: what it cannot launch it says in `Errors`, and does not try again. */
export function createFleet(context: Context, input: CreateFleetInput): CreateFleetOutput {
  const { random } = context.state;
  const { TargetCapacitySpecification: target } = input;
  if (input.Type !== 'instant')
    throw invalidParameter(`Fleets of type ${input.Type ?? 'maintain'} are not modelled: use instant.`);
  const byDefault = target.DefaultTargetCapacityType === 'spot' ? 'spot' : 'on-demand';
  const rest = target.TotalTargetCapacity - (target.OnDemandTargetCapacity ?? 0) - (target.SpotTargetCapacity ?? 0);
  const wanted: readonly (readonly [Purchase, number])[] = [
    ['on-demand', (target.OnDemandTargetCapacity ?? 0) + (byDefault === 'on-demand' ? rest : 0)],
    ['spot', (target.SpotTargetCapacity ?? 0) + (byDefault === 'spot' ? rest : 0)],
  ];
  const Instances: CreateFleetOutput['Instances'][number][] = [];
  const Errors: CreateFleetOutput['Errors'][number][] = [];
  const FleetId = `fleet-${drawUuid(random)}`;
  for (const [purchase, count] of wanted) {
    const strategy =
      (purchase === 'spot' ? input.SpotOptions : input.OnDemandOptions)?.AllocationStrategy ?? 'lowest-price';
    let missing = count;
    for (const choice of choices(context, input, purchase, strategy)) {
      if (missing === 0) break;
      const { spec, override } = choice;
      const room = roomFor(context, spec);
      const taken = Math.min(missing, room.count);
      const LaunchTemplateAndOverrides = { Overrides: override };
      if (taken > 0) {
        const tags = mergeTags(spec.tags, instanceTags(input));
        const made = launchMachines(context, { ...spec, tags }, taken);
        const InstanceIds = made.map(({ id }) => id);
        Instances.push({ InstanceIds, InstanceType: spec.type, Lifecycle: purchase, LaunchTemplateAndOverrides });
      }
      missing -= taken;
      if (missing > 0) Errors.push(errorOf(room.fault(), purchase, override));
    }
  }
  return { FleetId, Instances, Errors };
}

function errorOf(
  fault: ModelFault,
  Lifecycle: Purchase,
  Overrides: FleetOverride,
): CreateFleetOutput['Errors'][number] {
  return { ErrorCode: fault.code, ErrorMessage: fault.message, Lifecycle, LaunchTemplateAndOverrides: { Overrides } };
}

/** Overrides in the order in which the strategy tries them. Prices are not modelled: the first written is the cheapest. */
function choices(context: Context, input: CreateFleetInput, purchase: Purchase, strategy: string) {
  const all = input.LaunchTemplateConfigs.flatMap(({ LaunchTemplateSpecification, Overrides }) => {
    const { data, template } = resolveTemplate(context, LaunchTemplateSpecification ?? {});
    return (Overrides ?? [{}]).map((override) => ({
      override,
      spec: launchSpec(context, {
        data: merge(data, { InstanceType: override.InstanceType, ImageId: override.ImageId }),
        template,
        purchase,
        subnet: pickSubnet(context, override.SubnetId, override.AvailabilityZone),
        reservation: `r-${drawHex(context.state.random, 17)}`,
      }),
    }));
  });
  if (strategy.includes('prioritized')) all.sort((a, b) => (a.override.Priority ?? 0) - (b.override.Priority ?? 0));
  if (strategy.includes('capacity'))
    all.sort((a, b) => less(capacityOf(context, pool(b.spec)), capacityOf(context, pool(a.spec))));
  return all;
}

const pool = ({ subnet, type, purchase }: LaunchSpec) => ({ zone: subnet.zone, type, purchase });

/** Infinity less Infinity is 0 here. */
const less = (a: number, b: number): number => (a === b ? 0 : a - b);

/** What a launch is made of, from resolved data. */
export function launchSpec(
  context: Context,
  from: {
    readonly data: LaunchTemplateData;
    readonly template?: MachineTemplate | undefined;
    readonly subnet: SubnetState;
    readonly purchase?: Purchase | undefined;
    readonly reservation: string;
  },
): LaunchSpec {
  const { data, subnet, template, reservation } = from;
  if (data.ImageId === undefined) throw missingParameter('ImageId');
  if (data.InstanceType === undefined) throw missingParameter('InstanceType');
  const { Arn, Name } = data.IamInstanceProfile ?? {};
  return {
    subnet,
    template,
    reservation,
    image: imageOf(data),
    type: data.InstanceType,
    purchase: from.purchase ?? (data.InstanceMarketOptions?.MarketType === 'spot' ? 'spot' : 'on-demand'),
    profile:
      Arn ??
      (Name === undefined ? undefined : `arn:aws:iam::${context.state.settings.account}:instance-profile/${Name}`),
    networkInterface: data.NetworkInterfaces?.[0]?.NetworkInterfaceId,
    securityGroups: data.SecurityGroupIds ?? [],
    protected: data.DisableApiTermination ?? false,
    tags: mergeTags([], instanceTags(data)),
  };
}

/** The image that data mean; a parameter of Systems Manager stands for an image of its own. */
export function imageOf({ ImageId = '' }: LaunchTemplateData): string {
  if (!ImageId.startsWith('resolve:ssm:')) return ImageId;
  return `ami-0${fnv1a(ImageId).toString(16).padStart(16, '0')}`;
}

/** The later data win, key by key. */
export function merge(base: LaunchTemplateData, over: LaunchTemplateData): LaunchTemplateData {
  return { ...base, ...Object.fromEntries(Object.entries(over).filter(([, value]) => value !== undefined)) };
}

function instanceTags({ TagSpecifications = [] }: Pick<LaunchTemplateData, 'TagSpecifications'>) {
  return TagSpecifications.flatMap(({ ResourceType, Tags = [] }) => (ResourceType === 'instance' ? Tags : []));
}

export function mergeTags(base: readonly Tag[], over: readonly Shape<SdkTag>[]): Tag[] {
  return [...new Map([...base, ...over].map(({ Key = '', Value = '' }) => [Key, { Key, Value }])).values()];
}

/** The subnet that is named, or of a zone the one with most addresses. */
function pickSubnet(context: Context, id: string | undefined, zone: string | undefined): SubnetState {
  if (id !== undefined) return needSubnet(context, id);
  const [most] = [...context.state.ec2.subnets.values()]
    .filter((subnet) => zone === undefined || subnet.zone === zone)
    .toSorted((a, b) => freeAddresses(b) - freeAddresses(a));
  if (most === undefined) throw missingParameter('SubnetId');
  return most;
}
