import type {
  CreateFleetRequest,
  FleetLaunchTemplateOverridesRequest,
  RequestLaunchTemplateData,
  RunInstancesRequest,
  Filter as SdkFilter,
  LaunchTemplateSpecification as SdkLaunchTemplateSpecification,
} from '@aws-sdk/client-ec2';
import type { Shape } from './shape.ts';
import type { InstanceStateName, Time } from './types.ts';

/** `*` and `?` in its values match as EC2 does it. */
export type Filter = Shape<SdkFilter>;
export type LaunchTemplateData = Shape<RequestLaunchTemplateData>;
/** Its version is a number, `$Default` or `$Latest`. */
export type LaunchTemplateSpecification = Shape<SdkLaunchTemplateSpecification>;
export type RunInstancesInput = Shape<RunInstancesRequest>;
export type FleetOverride = Shape<FleetLaunchTemplateOverridesRequest>;
export type CreateFleetInput = Shape<CreateFleetRequest>;

export interface Tag {
  readonly Key: string;
  readonly Value: string;
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
