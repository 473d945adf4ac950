import type { Change } from '../../../plan/model.ts';
import { mapOf } from '../../../text/json.ts';

type Section = Readonly<Record<string, unknown>>;

/** A value that stands in the template, or in a parameter of Systems Manager. */
export interface Reference {
  readonly values: readonly string[];
  readonly parameter: string | undefined;
}

/** A group of instances that a template asks for. */
export interface AskedFleet {
  readonly address: string;
  /** Whether it is made now, and no group of it runs yet. */
  readonly isNew: boolean;
  readonly minimum: number;
  readonly maximum: number;
  /** Instance types by name; empty where they are chosen by requirements. */
  readonly types: readonly string[];
  readonly onDemandBase: number;
  /** Above the base, in percent. */
  readonly onDemandPercent: number;
  readonly subnets: Reference;
  readonly image: Reference;
  /** Size of the root volume; undefined where it is the image's. */
  readonly rootGiB: number | undefined;
}

/** What a change of a stack asks of its account, as far as that can be asked beforehand. */
export interface Asked {
  readonly fleets: readonly AskedFleet[];
  /** Buckets and queues with a name of their own that are made. */
  readonly buckets: readonly { readonly address: string; readonly name: string }[];
  readonly queues: readonly { readonly address: string; readonly name: string }[];
}

/** Reads it off a template and its changes. Pure. */
export function askedOf(text: string, changes: readonly Change[]): Asked {
  const { Resources, Parameters } = JSON.parse(text) as { readonly Resources?: unknown; readonly Parameters?: unknown };
  const [resources, parameters] = [mapOf(Resources), mapOf(Parameters)];
  const made = changes
    .filter(({ action }) => action === 'create' || action === 'replace')
    .map(({ address }) => address);
  const changed = new Set(
    changes.filter(({ noise, action }) => !noise && action !== 'import').map(({ address }) => address),
  );
  const named = (type: string, property: string) =>
    made.flatMap((address) => {
      const { Type, Properties } = mapOf(resources[address]);
      const name = mapOf(Properties)[property];
      return Type === type && typeof name === 'string' ? [{ address, name }] : [];
    });
  const fleets = Object.entries(resources).flatMap(([address, each]): AskedFleet[] => {
    const { Type, Properties } = mapOf(each);
    if (Type !== 'AWS::AutoScaling::AutoScalingGroup') return [];
    const group = mapOf(Properties);
    const template = templateOf(group);
    if (!changed.has(address) && !changed.has(template)) return [];
    const data = mapOf(mapOf(mapOf(resources[template])['Properties'])['LaunchTemplateData']);
    return [fleetOf(address, group, data, parameters, made.includes(address))];
  });
  return { fleets, buckets: named('AWS::S3::Bucket', 'BucketName'), queues: named('AWS::SQS::Queue', 'QueueName') };
}

function fleetOf(address: string, group: Section, data: Section, parameters: Section, isNew: boolean): AskedFleet {
  const mixed = mapOf(group['MixedInstancesPolicy']);
  const distribution = mapOf(mixed['InstancesDistribution']);
  const overrides = list(mapOf(mixed['LaunchTemplate'])['Overrides']).map((each) => mapOf(each)['InstanceType']);
  const own = overrides.length > 0 ? overrides : [data['InstanceType']];
  const size = list(data['BlockDeviceMappings']).map((each) => mapOf(mapOf(each)['Ebs'])['VolumeSize'])[0];
  return {
    ...{ address, isNew },
    minimum: numeric(group['MinSize'], 0),
    maximum: numeric(group['MaxSize'], 0),
    types: own.filter((each) => typeof each === 'string'),
    onDemandBase: numeric(distribution['OnDemandBaseCapacity'], 0),
    onDemandPercent: numeric(distribution['OnDemandPercentageAboveBaseCapacity'], 100),
    subnets: referenceOf(group['VPCZoneIdentifier'], parameters),
    image: referenceOf(data['ImageId'], parameters),
    rootGiB: size === undefined ? undefined : numeric(size, 0),
  };
}

function templateOf(group: Section): string {
  const specification =
    group['LaunchTemplate'] ??
    mapOf(mapOf(group['MixedInstancesPolicy'])['LaunchTemplate'])['LaunchTemplateSpecification'];
  const id = mapOf(mapOf(specification)['LaunchTemplateId']);
  const [target] = list(id['Fn::GetAtt']);
  return word(id['Ref'] ?? target);
}

/** `ami-…`, `resolve:ssm:NAME`, or a parameter whose default names one of Systems Manager. */
function referenceOf(value: unknown, parameters: Section): Reference {
  if (typeof value === 'string') {
    const parameter = /^(?:\{\{)?resolve:ssm:([^:}]+)/.exec(value)?.[1];
    return parameter === undefined ? { values: [value], parameter } : { values: [], parameter };
  }
  if (Array.isArray(value)) return { values: value.filter((each) => typeof each === 'string'), parameter: undefined };
  const { Type, Default } = mapOf(parameters[word(mapOf(value)['Ref'])]);
  const isStored = String(Type).startsWith('AWS::SSM::Parameter::Value') && typeof Default === 'string';
  return { values: [], parameter: isStored ? Default : undefined };
}

function word(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function numeric(value: unknown, otherwise: number): number {
  const number = Number(value ?? otherwise);
  return Number.isFinite(number) ? number : otherwise;
}
