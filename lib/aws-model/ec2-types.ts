import type { InstanceStateName, Time } from './types.ts';

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

export interface Filter {
  readonly Name: string;
  /** `*` and `?` match as EC2 does it. */
  readonly Values: readonly string[];
}

interface Page {
  readonly MaxResults?: number | undefined;
  readonly NextToken?: string | undefined;
}

export interface TagSpecification {
  readonly ResourceType: string;
  readonly Tags: readonly Tag[];
}

/** What of a launch template the model knows; everything else is kept and given back. */
export interface LaunchTemplateData {
  readonly ImageId?: string | undefined;
  readonly InstanceType?: string | undefined;
  readonly KeyName?: string | undefined;
  readonly UserData?: string | undefined;
  readonly IamInstanceProfile?: { readonly Name?: string | undefined; readonly Arn?: string | undefined } | undefined;
  readonly SecurityGroupIds?: readonly string[] | undefined;
  readonly NetworkInterfaces?: readonly { readonly NetworkInterfaceId?: string | undefined }[] | undefined;
  readonly InstanceMarketOptions?: { readonly MarketType?: string | undefined } | undefined;
  readonly DisableApiTermination?: boolean | undefined;
  readonly TagSpecifications?: readonly TagSpecification[] | undefined;
  readonly [other: string]: unknown;
}

export interface LaunchTemplateSpecification {
  readonly LaunchTemplateId?: string | undefined;
  readonly LaunchTemplateName?: string | undefined;
  /** A number, `$Default` or `$Latest`. */
  readonly Version?: string | undefined;
}

export interface RunInstancesInput extends LaunchTemplateData {
  readonly MinCount: number;
  readonly MaxCount: number;
  readonly SubnetId?: string | undefined;
  readonly LaunchTemplate?: LaunchTemplateSpecification | undefined;
  readonly ClientToken?: string | undefined;
  readonly DryRun?: boolean | undefined;
  readonly Placement?: { readonly AvailabilityZone?: string | undefined } | undefined;
}

export interface FleetOverride {
  readonly InstanceType?: string | undefined;
  readonly SubnetId?: string | undefined;
  readonly AvailabilityZone?: string | undefined;
  readonly ImageId?: string | undefined;
  readonly Priority?: number | undefined;
}

/** CreateFleet of type `instant`. */
export interface CreateFleetInput {
  readonly Type?: string | undefined;
  readonly LaunchTemplateConfigs: readonly {
    readonly LaunchTemplateSpecification: LaunchTemplateSpecification;
    readonly Overrides?: readonly FleetOverride[] | undefined;
  }[];
  readonly TargetCapacitySpecification: {
    readonly TotalTargetCapacity: number;
    readonly OnDemandTargetCapacity?: number | undefined;
    readonly SpotTargetCapacity?: number | undefined;
    readonly DefaultTargetCapacityType?: string | undefined;
  };
  readonly SpotOptions?: { readonly AllocationStrategy?: string | undefined } | undefined;
  readonly OnDemandOptions?: { readonly AllocationStrategy?: string | undefined } | undefined;
  readonly TagSpecifications?: readonly TagSpecification[] | undefined;
}

export interface CreateFleetOutput {
  readonly FleetId: string;
  readonly Errors: readonly {
    readonly ErrorCode: string;
    readonly ErrorMessage: string;
    readonly Lifecycle: 'spot' | 'on-demand';
    readonly LaunchTemplateAndOverrides: { readonly Overrides: FleetOverride };
  }[];
  readonly Instances: readonly {
    readonly InstanceIds: readonly string[];
    readonly InstanceType: string;
    readonly Lifecycle: 'spot' | 'on-demand';
    readonly LaunchTemplateAndOverrides: { readonly Overrides: FleetOverride };
  }[];
}

export interface Instance {
  readonly InstanceId: string;
  readonly ImageId: string;
  readonly InstanceType: string;
  readonly LaunchTime: Time;
  readonly State: { readonly Code: number; readonly Name: InstanceStateName };
  readonly StateTransitionReason: string;
  readonly StateReason?: { readonly Code: string; readonly Message: string };
  readonly Placement: { readonly AvailabilityZone: string; readonly Tenancy: 'default' };
  readonly SubnetId: string;
  readonly VpcId: string;
  readonly PrivateIpAddress: string;
  /** Only of Spot instances. */
  readonly InstanceLifecycle?: 'spot';
  readonly IamInstanceProfile?: { readonly Arn: string };
  readonly SecurityGroups: readonly { readonly GroupId: string }[];
  readonly Tags: readonly Tag[];
}

export interface Reservation {
  readonly ReservationId: string;
  readonly OwnerId: string;
  /** Who launched: Auto Scaling names itself. */
  readonly RequesterId?: string;
  readonly Instances: readonly Instance[];
}

export interface StateChange {
  readonly InstanceId: string;
  readonly CurrentState: Instance['State'];
  readonly PreviousState: Instance['State'];
}

interface Ids {
  readonly InstanceIds: readonly string[];
}

type Check = 'ok' | 'impaired' | 'initializing' | 'not-applicable' | 'insufficient-data';

export interface InstanceStatus {
  readonly InstanceId: string;
  readonly AvailabilityZone: string;
  readonly InstanceState: Instance['State'];
  readonly InstanceStatus: { readonly Status: Check };
  readonly SystemStatus: { readonly Status: Check };
  readonly Events: readonly { readonly Code: string; readonly Description: string; readonly NotBefore: Time }[];
}

export interface ReplaceRootVolumeTask {
  readonly ReplaceRootVolumeTaskId: string;
  readonly InstanceId: string;
  readonly TaskState: 'pending' | 'in-progress' | 'failing' | 'succeeded' | 'failed' | 'failed-detached';
  readonly ImageId?: string;
  readonly StartTime: Time;
  readonly CompleteTime?: Time;
}

export interface LaunchTemplate {
  readonly LaunchTemplateId: string;
  readonly LaunchTemplateName: string;
  readonly CreateTime: Time;
  readonly DefaultVersionNumber: number;
  readonly LatestVersionNumber: number;
}

export interface LaunchTemplateVersion {
  readonly LaunchTemplateId: string;
  readonly LaunchTemplateName: string;
  readonly VersionNumber: number;
  readonly VersionDescription?: string;
  readonly CreateTime: Time;
  readonly DefaultVersion: boolean;
  readonly LaunchTemplateData: LaunchTemplateData;
}

export interface Image {
  readonly ImageId: string;
  readonly Architecture: string;
  readonly State: string;
  readonly ImageType: 'machine';
  readonly VirtualizationType: 'hvm';
  readonly Public: boolean;
  readonly RootDeviceName: string;
  readonly RootDeviceType: 'ebs';
  readonly BlockDeviceMappings: readonly {
    readonly DeviceName: string;
    readonly Ebs: { readonly VolumeSize: number; readonly DeleteOnTermination: boolean };
  }[];
}

export interface Subnet {
  readonly SubnetId: string;
  readonly AvailabilityZone: string;
  readonly VpcId: string;
  readonly CidrBlock: string;
  readonly AvailableIpAddressCount: number;
}

/** EC2's calls, as far as a fleet needs them. Names and shapes are AWS's; times are numbers. */
export interface Ec2Calls {
  runInstances(input: RunInstancesInput): Reservation;
  createFleet(input: CreateFleetInput): CreateFleetOutput;
  terminateInstances(input: Ids): { readonly TerminatingInstances: readonly StateChange[] };
  stopInstances(input: Ids & { readonly Force?: boolean | undefined; readonly Hibernate?: boolean | undefined }): {
    readonly StoppingInstances: readonly StateChange[];
  };
  startInstances(input: Ids): { readonly StartingInstances: readonly StateChange[] };
  rebootInstances(input: Ids): Record<string, never>;
  createReplaceRootVolumeTask(input: {
    readonly InstanceId: string;
    readonly ImageId?: string | undefined;
    readonly SnapshotId?: string | undefined;
    readonly DeleteReplacedRootVolume?: boolean | undefined;
    readonly ClientToken?: string | undefined;
  }): { readonly ReplaceRootVolumeTask: ReplaceRootVolumeTask };
  describeReplaceRootVolumeTasks(
    input: Page & {
      readonly ReplaceRootVolumeTaskIds?: readonly string[] | undefined;
      readonly Filters?: readonly Filter[] | undefined;
    },
  ): { readonly ReplaceRootVolumeTasks: readonly ReplaceRootVolumeTask[]; readonly NextToken?: string };
  describeInstances(
    input: Page & {
      readonly InstanceIds?: readonly string[] | undefined;
      readonly Filters?: readonly Filter[] | undefined;
    },
  ): { readonly Reservations: readonly Reservation[]; readonly NextToken?: string };
  describeInstanceStatus(
    input: Page & {
      readonly InstanceIds?: readonly string[] | undefined;
      readonly Filters?: readonly Filter[] | undefined;
      readonly IncludeAllInstances?: boolean | undefined;
    },
  ): { readonly InstanceStatuses: readonly InstanceStatus[]; readonly NextToken?: string };
  modifyInstanceAttribute(input: {
    readonly InstanceId: string;
    readonly DisableApiTermination?: { readonly Value?: boolean | undefined } | undefined;
  }): Record<string, never>;
  createTags(input: { readonly Resources: readonly string[]; readonly Tags: readonly Tag[] }): Record<string, never>;
  createLaunchTemplate(input: {
    readonly LaunchTemplateName: string;
    readonly LaunchTemplateData: LaunchTemplateData;
    readonly VersionDescription?: string | undefined;
  }): { readonly LaunchTemplate: LaunchTemplate };
  createLaunchTemplateVersion(input: {
    readonly LaunchTemplateId?: string | undefined;
    readonly LaunchTemplateName?: string | undefined;
    readonly SourceVersion?: string | undefined;
    readonly VersionDescription?: string | undefined;
    readonly LaunchTemplateData: LaunchTemplateData;
  }): { readonly LaunchTemplateVersion: LaunchTemplateVersion };
  modifyLaunchTemplate(input: {
    readonly LaunchTemplateId?: string | undefined;
    readonly LaunchTemplateName?: string | undefined;
    readonly DefaultVersion?: string | undefined;
  }): { readonly LaunchTemplate: LaunchTemplate };
  deleteLaunchTemplate(input: {
    readonly LaunchTemplateId?: string | undefined;
    readonly LaunchTemplateName?: string | undefined;
  }): { readonly LaunchTemplate: LaunchTemplate };
  describeLaunchTemplates(
    input: Page & {
      readonly LaunchTemplateIds?: readonly string[] | undefined;
      readonly LaunchTemplateNames?: readonly string[] | undefined;
    },
  ): { readonly LaunchTemplates: readonly LaunchTemplate[]; readonly NextToken?: string };
  describeLaunchTemplateVersions(
    input: Page & {
      readonly LaunchTemplateId?: string | undefined;
      readonly LaunchTemplateName?: string | undefined;
      readonly Versions?: readonly string[] | undefined;
    },
  ): { readonly LaunchTemplateVersions: readonly LaunchTemplateVersion[]; readonly NextToken?: string };
  describeImages(input: {
    readonly ImageIds?: readonly string[] | undefined;
    readonly Filters?: readonly Filter[] | undefined;
  }): { readonly Images: readonly Image[] };
  describeSubnets(
    input: Page & {
      readonly SubnetIds?: readonly string[] | undefined;
      readonly Filters?: readonly Filter[] | undefined;
    },
  ): { readonly Subnets: readonly Subnet[]; readonly NextToken?: string };
}
