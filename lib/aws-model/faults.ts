import { ModelFault } from './types.ts';

// EC2: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html

export const noSuchInstances = (ids: readonly string[]): ModelFault =>
  new ModelFault(
    'InvalidInstanceID.NotFound',
    ids.length === 1
      ? `The instance ID '${ids.join('')}' does not exist`
      : `The instance IDs '${ids.join(', ')}' do not exist`,
  );

export const malformedInstance = (id: string): ModelFault =>
  new ModelFault('InvalidInstanceID.Malformed', `Invalid id: "${id}"`);

export const terminationProtected = (id: string): ModelFault =>
  new ModelFault(
    'OperationNotPermitted',
    `The instance '${id}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`,
  );

export const wrongInstanceState = (id: string, verb: string): ModelFault =>
  new ModelFault('IncorrectInstanceState', `The instance '${id}' is not in a state from which it can be ${verb}.`);

export const spotCannotStop = (id: string): ModelFault =>
  new ModelFault(
    'UnsupportedOperation',
    `You can't stop the Spot Instance '${id}' because it is associated with a one-time Spot Instance request. You can only stop Spot Instances associated with persistent Spot Instance requests.`,
  );

export const noCapacity = (type: string, zone: string): ModelFault =>
  new ModelFault(
    'InsufficientInstanceCapacity',
    `We currently do not have sufficient ${type} capacity in the Availability Zone you requested (${zone}). Our system will be working on provisioning additional capacity. You can currently get ${type} capacity by not specifying an Availability Zone in your request or choosing another one.`,
    500,
  );

export const overVcpus = (vcpus: number): ModelFault =>
  new ModelFault(
    'VcpuLimitExceeded',
    `You have requested more vCPU capacity than your current vCPU limit of ${vcpus} allows for the instance bucket that the specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit.`,
  );

export const overSpot = (): ModelFault =>
  new ModelFault('MaxSpotInstanceCountExceeded', 'Max spot instance count exceeded');

export const noAddresses = (subnet: string): ModelFault =>
  new ModelFault(
    'InsufficientFreeAddressesInSubnet',
    `The specified subnet does not have enough free addresses to satisfy the request: ${subnet}.`,
  );

export const noSuchInterface = (id: string): ModelFault =>
  new ModelFault('InvalidNetworkInterfaceID.NotFound', `The networkInterface ID '${id}' does not exist`);

export const interfaceInUse = (id: string): ModelFault =>
  new ModelFault('InvalidNetworkInterface.InUse', `Interface: [${id}] in use.`);

export const elsewhere = (id: string, subnet: string): ModelFault =>
  new ModelFault('InvalidParameterValue', `The networkInterface '${id}' is not in the subnet '${subnet}'`);

export const notOffered = (type: string, zone: string): ModelFault =>
  new ModelFault(
    'Unsupported',
    `Your requested instance type (${type}) is not supported in your requested Availability Zone (${zone}). Please retry your request by not specifying an Availability Zone or choosing another one.`,
  );

/** A dry run that found nothing to refuse. */
export const dryRun = (): ModelFault =>
  new ModelFault('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412);

export const noSuchImage = (id: string): ModelFault =>
  new ModelFault('InvalidAMIID.NotFound', `The image id '[${id}]' does not exist`);

export const unavailableImage = (id: string): ModelFault =>
  new ModelFault('InvalidAMIID.Unavailable', `The image ID '${id}' is not available`);

export const wrongArchitecture = (ofType: string, ofImage: string): ModelFault =>
  invalidParameter(
    `The architecture '${ofType}' of the specified instance type does not match the architecture '${ofImage}' of the specified AMI. Specify an instance type and an AMI that have matching architectures, and try again.`,
  );

export const volumeTooSmall = (size: number, least: number): ModelFault =>
  new ModelFault(
    'InvalidBlockDeviceMapping',
    `Volume of size ${size}GB is smaller than the snapshot of the image, expect size >= ${least}GB`,
  );

export const noSuchSubnet = (id: string): ModelFault =>
  new ModelFault('InvalidSubnetID.NotFound', `The subnet ID '${id}' does not exist`);

export const noSuchTemplate = (name: string, by: 'id' | 'name'): ModelFault =>
  by === 'id'
    ? new ModelFault(
        'InvalidLaunchTemplateId.NotFound',
        `The specified launch template, with template ID ${name}, does not exist.`,
      )
    : new ModelFault(
        'InvalidLaunchTemplateName.NotFoundException',
        `The specified launch template, with template name ${name}, does not exist.`,
      );

export const noSuchTemplateVersion = (version: string): ModelFault =>
  new ModelFault(
    'InvalidLaunchTemplateId.VersionNotFound',
    `Could not find the specified version ${version} for the launch template.`,
  );

export const templateExists = (name: string): ModelFault =>
  new ModelFault('InvalidLaunchTemplateName.AlreadyExistsException', `Launch template name already in use: ${name}.`);

export const invalidParameter = (message: string): ModelFault => new ModelFault('InvalidParameterValue', message);

export const missingParameter = (name: string): ModelFault =>
  new ModelFault('MissingParameter', `The request must contain the parameter ${name}`);

export const parameterCombination = (message: string): ModelFault =>
  new ModelFault('InvalidParameterCombination', message);

export const invalidNextToken = (): ModelFault => new ModelFault('InvalidNextToken', 'The token is not valid.');

// Auto Scaling: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/CommonErrors.html and the errors of each call

export const validation = (message: string): ModelFault => new ModelFault('ValidationError', message);

export const groupNotFound = (name: string): ModelFault =>
  validation(`AutoScalingGroup name not found - AutoScalingGroup '${name}' not found`);

export const memberNotFound = (id: string): ModelFault =>
  validation(`Instance Id not found - No managed instance found for instance ID: ${id}`);

export const alreadyExists = (message: string): ModelFault => new ModelFault('AlreadyExists', message);

export const limitExceeded = (message: string): ModelFault => new ModelFault('LimitExceeded', message);

export const scalingInProgress = (activity: string): ModelFault =>
  new ModelFault('ScalingActivityInProgress', `Scaling activity ${activity} is in progress and blocks this action`);

export const resourceInUse = (message: string): ModelFault => new ModelFault('ResourceInUse', message);

export const refreshInProgress = (id: string): ModelFault =>
  new ModelFault(
    'InstanceRefreshInProgress',
    `An Instance Refresh is already in progress and blocks the execution of this Instance Refresh: ${id}`,
  );

export const noActiveRefresh = (group: string): ModelFault =>
  new ModelFault(
    'ActiveInstanceRefreshNotFound',
    `No in progress or pending Instance Refresh found for Auto Scaling group ${group}`,
  );

export const irreversibleRefresh = (message: string): ModelFault =>
  new ModelFault('IrreversibleInstanceRefresh', message);

// CloudWatch

export const alarmNotFound = (name: string): ModelFault =>
  new ModelFault('ResourceNotFound', `Alarm ${name} does not exist`, 404);

export const invalidMetricParameter = (message: string): ModelFault => new ModelFault('InvalidParameterValue', message);
