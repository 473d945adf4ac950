import { CreateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import {
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeInstanceTypeOfferingsCommand,
  DescribeInstanceTypesCommand,
  DescribeSubnetsCommand,
  paginateDescribeInstanceTypes,
  RunInstancesCommand,
  type RunInstancesCommandInput,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { CreateServiceLinkedRoleCommand, GetRoleCommand } from '@aws-sdk/client-iam';
import { GetAWSDefaultServiceQuotaCommand, GetServiceQuotaCommand } from '@aws-sdk/client-service-quotas';
import { GetParameterCommand } from '@aws-sdk/client-ssm';
import { expect } from 'vitest';
import { refused, rule, type Target } from '../rule.ts';
import { group, named, run, running, template } from '../scene.ts';

const api = (call: string): string => `AWSEC2/latest/APIReference/API_${call}.html`;
const ERRORS = 'AWSEC2/latest/APIReference/errors-overview.html';
const NOBODY = 'ami-0ffffffffffffffff';

/** The image that AWS publishes for an architecture. */
async function published(t: Target, architecture: 'arm64' | 'x86_64'): Promise<string> {
  const Name = `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${architecture}`;
  return (await t.ssm.send(new GetParameterCommand({ Name }))).Parameter!.Value!;
}

async function tryRun(t: Target, more: Partial<RunInstancesCommandInput>): Promise<void> {
  const ImageId = more.ImageId ?? (await published(t, 'arm64'));
  const one = {
    InstanceType: 'm6g.large',
    MinCount: 1,
    MaxCount: 1,
    SubnetId: t.subnets[0]!.id,
    DryRun: true,
  } as const;
  await t.ec2.send(new RunInstancesCommand({ ...one, ...more, ImageId }));
}

/** What a deployment looks at before it makes a fleet: images, types, offers, roles, quotas, and a launch that is only tried. */
export const catalogueRules = [
  rule('DescribeImages tells architecture, state and size of the root volume', api('DescribeImages'), async (t) => {
    for (const architecture of ['arm64', 'x86_64'] as const) {
      const ImageIds = [await published(t, architecture)];
      const { Images: [image] = [] } = await t.ec2.send(new DescribeImagesCommand({ ImageIds }));
      expect([image?.ImageId, image?.Architecture, image?.State]).toEqual([ImageIds[0], architecture, 'available']);
      const root = image?.BlockDeviceMappings?.find(({ DeviceName }) => DeviceName === image.RootDeviceName);
      expect(root?.Ebs?.VolumeSize).toBeGreaterThan(0);
    }
  }),
  rule('DescribeImages refuses an id that is not there', ERRORS, (t) =>
    refused(t.ec2.send(new DescribeImagesCommand({ ImageIds: [NOBODY] })), 'InvalidAMIID.NotFound'),
  ),
  rule('RunInstances refuses an image that is not there', ERRORS, (t) =>
    refused(tryRun(t, { ImageId: NOBODY, DryRun: false }), 'InvalidAMIID.NotFound'),
  ),
  rule(
    'RunInstances refuses an image of another architecture than the type',
    'AWSEC2/latest/UserGuide/ComponentsAMIs.html',
    async (t) => {
      const ImageId = await published(t, 'x86_64');
      await refused(tryRun(t, { ImageId, DryRun: false }), 'InvalidParameterValue', /architecture/);
    },
  ),
  rule('RunInstances refuses a root volume below the image’s snapshot', ERRORS, async (t) => {
    const BlockDeviceMappings = [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 1 } }];
    await refused(tryRun(t, { BlockDeviceMappings, DryRun: false }), 'InvalidBlockDeviceMapping', /smaller than/);
  }),
  rule('a dry run of a launch that would succeed says so, and launches nothing', api('RunInstances'), async (t) => {
    await refused(tryRun(t, {}), 'DryRunOperation');
    const { Reservations = [] } = await t.ec2.send(new DescribeInstancesCommand({}));
    expect(Reservations).toEqual([]);
  }),
  rule('a dry run of a launch tells what is wrong with it', api('RunInstances'), async (t) => {
    await refused(tryRun(t, { ImageId: NOBODY }), 'InvalidAMIID.NotFound');
    await refused(tryRun(t, { SubnetId: 'subnet-0ffffffffffffffff' }), 'InvalidSubnetID.NotFound');
  }),
  rule('a dry run of TerminateInstances ends nothing', api('TerminateInstances'), async (t) => {
    const InstanceIds = await running(t, 1);
    await refused(t.ec2.send(new TerminateInstancesCommand({ InstanceIds, DryRun: true })), 'DryRunOperation');
    const { Reservations: [first] = [] } = await t.ec2.send(new DescribeInstancesCommand({ InstanceIds }));
    expect(first?.Instances?.[0]?.State?.Name).toBe('running');
  }),
  rule(
    'a group whose launch template names no image that there is is refused',
    'autoscaling/ec2/userguide/ts-as-launch-template.html',
    async (t) => {
      await template(t, { ImageId: NOBODY });
      const made = new CreateAutoScalingGroupCommand({
        ...{ ...named, MinSize: 0, MaxSize: 1, VPCZoneIdentifier: t.subnets[0]!.id },
        LaunchTemplate: { LaunchTemplateName: named.AutoScalingGroupName },
      });
      await refused(t.autoscaling.send(made), 'ValidationError', /valid fully-formed launch template.*does not exist/);
    },
  ),
  rule('DescribeInstanceTypes tells vCPUs and architectures', api('DescribeInstanceTypes'), async (t) => {
    const Values = ['c7g.xlarge', 'm6i.large'];
    const asked = new DescribeInstanceTypesCommand({ Filters: [{ Name: 'instance-type', Values }] });
    const { InstanceTypes = [] } = await t.ec2.send(asked);
    const told = InstanceTypes.map(({ InstanceType, VCpuInfo, ProcessorInfo }) => [
      ...[InstanceType, VCpuInfo?.DefaultVCpus, ProcessorInfo?.SupportedArchitectures],
    ]);
    expect(told.sort()).toEqual([
      ['c7g.xlarge', 4, ['arm64']],
      ['m6i.large', 2, ['x86_64']],
    ]);
  }),
  rule(
    'DescribeInstanceTypes leaves out a type that the Region lacks, if filtered',
    api('DescribeInstanceTypes'),
    async (t) => {
      const Filters = [{ Name: 'instance-type', Values: ['z9.none'] }];
      expect((await t.ec2.send(new DescribeInstanceTypesCommand({ Filters }))).InstanceTypes).toEqual([]);
    },
  ),
  rule('DescribeInstanceTypes gives pages of at most 100', api('DescribeInstanceTypes'), async (t) => {
    const found = new Set<string | undefined>();
    let pages = 0;
    for await (const { InstanceTypes = [] } of paginateDescribeInstanceTypes({ client: t.ec2, pageSize: 100 }, {})) {
      expect(InstanceTypes.length).toBeLessThanOrEqual(100);
      for (const { InstanceType } of InstanceTypes) found.add(InstanceType);
      pages += 1;
    }
    expect(found.size).toBeGreaterThan(100);
    expect(pages).toBe(Math.ceil(found.size / 100));
  }),
  rule('zones offer instance types', api('DescribeInstanceTypeOfferings'), async (t) => {
    const Filters = [{ Name: 'instance-type', Values: ['m6g.large'] }];
    const byZone = { LocationType: 'availability-zone', Filters } as const;
    const { InstanceTypeOfferings = [] } = await t.ec2.send(new DescribeInstanceTypeOfferingsCommand(byZone));
    for (const each of InstanceTypeOfferings)
      expect([each.InstanceType, each.LocationType]).toEqual(['m6g.large', 'availability-zone']);
    const zones = InstanceTypeOfferings.map(({ Location }) => Location);
    expect(zones.sort()).toEqual(t.subnets.map(({ zone }) => zone));
    const { InstanceTypeOfferings: ofRegion } = await t.ec2.send(new DescribeInstanceTypeOfferingsCommand({ Filters }));
    expect(ofRegion).toEqual([{ InstanceType: 'm6g.large', LocationType: 'region', Location: zones[0]?.slice(0, -1) }]);
  }),
  rule('a subnet tells the addresses that are left', 'vpc/latest/userguide/subnet-sizing.html', async (t) => {
    const SubnetIds = [t.subnets[0]!.id];
    const free = async () =>
      (await t.ec2.send(new DescribeSubnetsCommand({ SubnetIds }))).Subnets?.[0]?.AvailableIpAddressCount;
    const before = (await free())!;
    await run(t, 3);
    expect(await free()).toBe(before - 3);
  }),
  rule(
    'an account has no service-linked role of Auto Scaling before its first group, and has one afterwards',
    'autoscaling/ec2/userguide/autoscaling-service-linked-role.html',
    async (t) => {
      const look = () => t.iam.send(new GetRoleCommand({ RoleName: 'AWSServiceRoleForAutoScaling' }));
      await refused(look(), /^NoSuchEntity/);
      await group(t);
      expect((await look()).Role?.Path).toBe('/aws-service-role/autoscaling.amazonaws.com/');
    },
  ),
  rule(
    'a service-linked role can be made beforehand, and once',
    'IAM/latest/APIReference/API_CreateServiceLinkedRole.html',
    async (t) => {
      const make = () => t.iam.send(new CreateServiceLinkedRoleCommand({ AWSServiceName: 'spot.amazonaws.com' }));
      expect((await make()).Role?.RoleName).toBe('AWSServiceRoleForEC2Spot');
      await refused(make(), /^InvalidInput/, /has been taken/);
    },
  ),
  rule('GetRole refuses a role that is not there', 'IAM/latest/APIReference/API_GetRole.html', (t) =>
    refused(t.iam.send(new GetRoleCommand({ RoleName: 'nobody' })), /^NoSuchEntity/),
  ),
  rule(
    'a quota that is not there is refused, applied or by default',
    'servicequotas/2019-06-24/apireference/API_GetServiceQuota.html',
    async (t) => {
      const none = { ServiceCode: 'ec2', QuotaCode: 'L-00000000' };
      await refused(t.quotas.send(new GetServiceQuotaCommand(none)), 'NoSuchResourceException');
      await refused(t.quotas.send(new GetAWSDefaultServiceQuotaCommand(none)), 'NoSuchResourceException');
    },
  ),
];
