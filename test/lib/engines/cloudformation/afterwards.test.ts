import { AutoScalingClient, ResumeProcessesCommand, SuspendProcessesCommand } from '@aws-sdk/client-auto-scaling';
import {
  AuthorizeSecurityGroupIngressCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
  RevokeSecurityGroupEgressCommand,
} from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AFTER_DEPLOYMENT } from '../../../../lib/stack/after-deployment.ts';
import { digestOf } from '../../../../lib/stack/synthesized.ts';
import { openRig, type Rig, storeStack } from './lifecycle-rig.ts';

const LaunchTemplateData = { ImageId: 'ami-0a1b2c3d4e5f60001', InstanceType: 'c7g.large' };
const stack = storeStack('Delete', {
  Vpc: {
    Type: 'AWS::EC2::VPC',
    Properties: { CidrBlock: '10.0.0.0/16' },
    Metadata: { [AFTER_DEPLOYMENT]: { DefaultSecurityGroup: 'closed' } },
  },
  // Another one, of which nothing was said.
  Other: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.1.0.0/16' } },
  Subnet: {
    Type: 'AWS::EC2::Subnet',
    Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.0.0.0/24', AvailabilityZone: 'eu-west-3a' },
  },
  Template: { Type: 'AWS::EC2::LaunchTemplate', Properties: { LaunchTemplateData } },
  Group: {
    Type: 'AWS::AutoScaling::AutoScalingGroup',
    Properties: {
      AutoScalingGroupName: 'workers',
      MinSize: '0',
      MaxSize: '3',
      VPCZoneIdentifier: [{ Ref: 'Subnet' }],
      LaunchTemplate: {
        LaunchTemplateId: { Ref: 'Template' },
        Version: { 'Fn::GetAtt': ['Template', 'LatestVersionNumber'] },
      },
    },
    Metadata: { [AFTER_DEPLOYMENT]: { SuspendedProcesses: ['AZRebalance'] } },
  },
});

describe('what CloudFormation has no property for', () => {
  let rig: Rig;
  let ec2: EC2Client;
  let autoScaling: AutoScalingClient;
  beforeEach(async () => {
    rig = await openRig();
    const { region, credentials } = rig.connection;
    ec2 = new EC2Client({ region, credentials, endpoint: rig.endpoint.url });
    autoScaling = new AutoScalingClient({ region, credentials, endpoint: rig.endpoint.url });
  });
  afterEach(() => rig.close());

  const groupOf = async (vpc: string) => {
    const Filters = [
      { Name: 'vpc-id', Values: [vpc] },
      { Name: 'group-name', Values: ['default'] },
    ];
    const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({ Filters }));
    expect(SecurityGroups).toHaveLength(1);
    return SecurityGroups[0]!;
  };
  const vpcs = () => rig.ids('AWS::EC2::VPC');
  const open = async (GroupId: string | undefined) =>
    ec2.send(
      new AuthorizeSecurityGroupIngressCommand({
        GroupId,
        IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
      }),
    );
  const named = { AutoScalingGroupName: 'workers' };

  test('is shown by the plan of a creation, set after it, and set once', async () => {
    const frozen = await rig.plan(stack);
    const reasons = (address: string) => frozen.plan.changes.find((each) => each.address === address)?.reasons;
    expect(reasons('Vpc')).toEqual(['afterwards, all rules of its default security group are revoked']);
    expect(reasons('Group')).toEqual(['afterwards, AZRebalance of it is suspended']);
    expect(reasons('Other')).toEqual([]);
    const events = await rig.apply(frozen);
    const [vpc = '', other = ''] = vpcs();
    expect(events.flatMap((event) => (event.kind === 'message' ? event.text : []))).toEqual([
      `revoked all rules of the default security group of ${vpc}`,
      'suspended AZRebalance of workers',
    ]);
    expect(await groupOf(vpc)).toMatchObject({ IpPermissions: [], IpPermissionsEgress: [] });
    expect((await groupOf(other)).IpPermissions).toHaveLength(1);
    expect(await rig.plan(stack)).toMatchObject({ hasEffect: false, plan: { status: 'unchanged', changes: [] } });
  });

  test('is drift where somebody undid it, and is set anew by a deploy that changes nothing else', async () => {
    await rig.deploy(stack);
    expect((await rig.drift(stack)).drift).toEqual([]);
    const { GroupId } = await groupOf(vpcs()[0] ?? '');
    await open(GroupId);
    await autoScaling.send(new ResumeProcessesCommand({ ...named, ScalingProcesses: ['AZRebalance'] }));
    // Somebody else's, which stays.
    await autoScaling.send(new SuspendProcessesCommand({ ...named, ScalingProcesses: ['HealthCheck'] }));
    expect((await rig.drift(stack)).drift).toMatchObject([
      { address: 'Vpc.DefaultSecurityGroup', attributes: [{ before: [], after: ['in from 0.0.0.0/0 by tcp 22'] }] },
      { address: 'Group.SuspendedProcesses', attributes: [{ before: ['AZRebalance'], after: [] }] },
    ]);
    const frozen = await rig.plan(stack);
    expect(frozen.plan).toMatchObject({
      status: 'changed',
      changes: [
        { address: 'Vpc.DefaultSecurityGroup', attributes: [{ before: ['in from 0.0.0.0/0 by tcp 22'], after: [] }] },
        { address: 'Group.SuspendedProcesses', attributes: [{ before: [], after: ['AZRebalance'] }] },
      ],
    });
    await rig.apply(frozen);
    expect((await rig.drift(stack)).drift).toEqual([]);
    expect((await groupOf(vpcs()[0] ?? '')).IpPermissions).toEqual([]);
  });

  test('is set by the next run, where a run was killed between stack and settings', async () => {
    rig.endpoint.faults.failCall({
      call: 'ec2:RevokeSecurityGroupEgress',
      code: 'UnauthorizedOperation',
      message: 'no',
      times: 9,
    });
    await expect(rig.deploy(stack)).rejects.toMatchObject({ code: 'aws-forbidden' });
    rig.endpoint.faults.clear();
    expect((await rig.plan(stack)).plan.changes.map(({ address }) => address)).toEqual([
      'Vpc.DefaultSecurityGroup',
      'Group.SuspendedProcesses',
    ]);
    await rig.deploy(stack);
    expect((await rig.plan(stack)).hasEffect).toBe(false);
  });

  test('is set though somebody revoked a rule at the same time', async () => {
    const frozen = await rig.plan(stack);
    rig.endpoint.faults.failCall({
      call: 'ec2:RevokeSecurityGroupIngress',
      code: 'InvalidPermission.NotFound',
      message: 'gone',
      times: 1,
    });
    await rig.apply(frozen);
    const { GroupId, IpPermissionsEgress } = await groupOf(vpcs()[0] ?? '');
    expect(IpPermissionsEgress).toEqual([]);
    const all = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
    await expect(ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: all }))).rejects.toMatchObject(
      { name: 'InvalidPermission.NotFound' },
    );
  });

  test('fails where the artefact says what nobody knows', async () => {
    const text = stack.text.replace('"closed"', '"open"');
    await expect(rig.plan({ ...stack, text, digest: digestOf(text) })).rejects.toThrow(/closed/);
  });
});
