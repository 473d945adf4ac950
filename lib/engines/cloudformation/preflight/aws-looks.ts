import {
  type CloudFormationClient,
  ListStacksCommand,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import {
  DescribeImagesCommand,
  DescribeSubnetsCommand,
  EC2Client,
  paginateDescribeInstanceTypeOfferings,
  paginateDescribeInstanceTypes,
  RunInstancesCommand,
  type RunInstancesCommandInput,
} from '@aws-sdk/client-ec2';
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { readFailure } from '../../../aws-api/aws-error.ts';
import { ATTEMPTS } from '../../../aws-api/session.ts';
import type { CloudFormationConnection } from '../connection.ts';
import type { AccountLooks } from './looks.ts';

/** How many deleted stacks of a name are looked into: more are not deleted within a minute. */
const NEWEST_DELETED = 3;

/** The account itself. */
export function awsLooks({ region, credentials, cloudFormation }: CloudFormationConnection): AccountLooks {
  const options = { region, credentials, maxAttempts: ATTEMPTS };
  const ec2 = new EC2Client(options);
  const iam = new IAMClient(options);
  const quotas = new ServiceQuotasClient(options);
  const ssm = new SSMClient(options);
  const s3 = new S3Client({ ...options, forcePathStyle: process.env['AWS_ENDPOINT_URL'] !== undefined });
  const named = (Values: readonly string[]) => [{ Name: 'instance-type', Values: [...Values] }];
  return {
    async instanceTypes(names) {
      const found = new Map<string, { vcpus: number; architectures: readonly string[] }>();
      for await (const { InstanceTypes = [] } of paginateDescribeInstanceTypes(
        { client: ec2 },
        { Filters: named(names) },
      ))
        for (const { InstanceType = '', VCpuInfo, ProcessorInfo } of InstanceTypes) {
          const architectures = ProcessorInfo?.SupportedArchitectures ?? [];
          found.set(InstanceType, { vcpus: VCpuInfo?.DefaultVCpus ?? 0, architectures });
        }
      return found;
    },
    async offerings(names) {
      const zones = new Map<string, Set<string>>();
      const request = { LocationType: 'availability-zone', Filters: named(names) } as const;
      for await (const page of paginateDescribeInstanceTypeOfferings({ client: ec2 }, request))
        for (const { InstanceType = '', Location = '' } of page.InstanceTypeOfferings ?? [])
          zones.set(Location, (zones.get(Location) ?? new Set()).add(InstanceType));
      return zones;
    },
    async quota(ServiceCode, QuotaCode) {
      const asked = { ServiceCode, QuotaCode };
      const own = await unless(/^NoSuchResource/, () => quotas.send(new GetServiceQuotaCommand(asked)));
      const found = own ?? (await quotas.send(new GetAWSDefaultServiceQuotaCommand(asked)));
      return found.Quota?.Value;
    },
    hasRole: async (RoleName) =>
      (await unless(/^NoSuchEntity/, () => iam.send(new GetRoleCommand({ RoleName })))) !== undefined,
    async subnets(ids) {
      const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({ SubnetIds: [...ids] }));
      return Subnets.map(({ SubnetId: id = '', AvailabilityZone: zone = '', AvailableIpAddressCount: free = 0 }) => ({
        ...{ id, zone, free },
      }));
    },
    async parameters(names) {
      const { Parameters = [] } = await ssm.send(new GetParametersCommand({ Names: [...names] }));
      return new Map(Parameters.map(({ Name = '', Value = '' }) => [Name, Value]));
    },
    async image(id) {
      const asked = new DescribeImagesCommand({ ImageIds: [id] });
      const found = await unless(/^InvalidAMIID/, () => ec2.send(asked));
      const [image] = found?.Images ?? [];
      if (image === undefined) return undefined;
      const { Architecture: architecture = '', State: state = '', RootDeviceName, BlockDeviceMappings = [] } = image;
      const root = BlockDeviceMappings.find(({ DeviceName }) => DeviceName === RootDeviceName);
      return { architecture, state, rootGiB: root?.Ebs?.VolumeSize ?? 0 };
    },
    async refusalOf({ imageId, type, subnetId, rootGiB }) {
      const request: RunInstancesCommandInput = {
        ...{ DryRun: true, MinCount: 1, MaxCount: 1, ImageId: imageId, SubnetId: subnetId },
        InstanceType: type as RunInstancesCommandInput['InstanceType'],
        ...(rootGiB === undefined
          ? {}
          : { BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: rootGiB } }] }),
      };
      try {
        await ec2.send(new RunInstancesCommand(request));
        return undefined;
      } catch (error) {
        const { name, message } = readFailure(error);
        if (name === 'DryRunOperation') return undefined;
        // Whoever deploys need not be allowed to launch: Auto Scaling does it, with a role of its own.
        if (/Unauthori[sz]ed|AccessDenied/.test(name)) return undefined;
        if (/^(?:Invalid|Unsupported|Missing|VcpuLimit|MaxSpot|InstanceLimit|Vol)/.test(name))
          return `${name}: ${message}`;
        throw error;
      }
    },
    async isBucketTaken(Bucket) {
      try {
        await s3.send(new HeadBucketCommand({ Bucket }));
        return true;
      } catch (error) {
        const { name, status } = readFailure(error);
        if (status === 404 || name === 'NotFound') return false;
        // Somebody else's.
        if (status === 403 || status === 301) return true;
        throw error;
      }
    },
    queuesDeletedAt: (stackName) => queuesDeletedAt(cloudFormation, stackName),
    close() {
      for (const client of [ec2, iam, quotas, ssm, s3]) client.destroy();
    },
  };
}

async function queuesDeletedAt(client: CloudFormationClient, stackName: string): Promise<Date | undefined> {
  // The newest are told first.
  const { StackSummaries = [] } = await client.send(new ListStacksCommand({ StackStatusFilter: ['DELETE_COMPLETE'] }));
  const own = StackSummaries.filter(({ StackName, DeletionTime }) => StackName === stackName && DeletionTime);
  const times: Date[] = [];
  // A plan of a stack that is new leaves a deleted one without resources behind.
  for (const { StackId } of own.slice(0, NEWEST_DELETED)) {
    const asked = { client };
    for await (const { StackResourceSummaries = [] } of paginateListStackResources(asked, { StackName: StackId }))
      for (const { ResourceType, ResourceStatus, LastUpdatedTimestamp: at } of StackResourceSummaries)
        if (ResourceType === 'AWS::SQS::Queue' && ResourceStatus === 'DELETE_COMPLETE' && at) times.push(at);
  }
  return times.sort((a, b) => b.getTime() - a.getTime())[0];
}

async function unless<T>(expected: RegExp, send: () => Promise<T>): Promise<T | undefined> {
  try {
    return await send();
  } catch (error) {
    if (expected.test(readFailure(error).name)) return undefined;
    throw error;
  }
}
