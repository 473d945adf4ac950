import {
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  SuspendProcessesCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  DescribeSecurityGroupsCommand,
  EC2Client,
  type IpPermission,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import { called, calledUnless } from '../../../aws-api/aws-error.ts';
import { ATTEMPTS } from '../../../aws-api/session.ts';
import type { AfterDeployment } from '../../../stack/after-deployment.ts';
import type { CloudFormationConnection } from '../connection.ts';
import { liveResources } from '../stack-state.ts';
import type { Look, Unset } from './look.ts';
import { otherTunnels } from './tunnels.ts';
import { wantedOf } from './wanted.ts';

/** Somebody else may have revoked a rule meanwhile. */
const GONE = /^InvalidPermission\.NotFound$/;

/** What of a stack's settings is not as its artefact says; nothing is asked of a stack that has none. */
export async function unsetOf(
  { region, credentials, cloudFormation }: CloudFormationConnection,
  artefact: string,
  stackId: string,
): Promise<Unset[]> {
  const wanted = wantedOf(artefact);
  if (wanted.length === 0) return [];
  const options = { region, credentials, maxAttempts: ATTEMPTS };
  const live = new Map((await liveResources(cloudFormation, stackId)).map((each) => [each.address, each.physicalId]));
  const found = await Promise.all(
    wanted.map(async ({ address, setting }): Promise<Unset[]> => {
      const physicalId = live.get(address);
      // What is not there yet is set after it is made.
      if (physicalId === undefined) return [];
      const look = await lookAt(options, physicalId, setting);
      return look === undefined ? [] : [{ address, setting, physicalId, ...look }];
    }),
  );
  return found.flat();
}

function lookAt(
  options: ConstructorParameters<typeof EC2Client>[0] & object,
  physicalId: string,
  setting: AfterDeployment,
): Promise<Look | undefined> {
  if ('DefaultSecurityGroup' in setting) return openRules(new EC2Client(options), physicalId);
  if ('TunnelOptions' in setting) return otherTunnels(new EC2Client(options), physicalId, setting.TunnelOptions);
  return running(new AutoScalingClient(options), physicalId, setting);
}

/** Rules of a VPC's default security group. Source: vpc/latest/userguide/default-security-group.html */
async function openRules(ec2: EC2Client, vpc: string): Promise<Look | undefined> {
  const Filters = [
    { Name: 'vpc-id', Values: [vpc] },
    { Name: 'group-name', Values: ['default'] },
  ];
  const { SecurityGroups: [group] = [] } = await called('ec2:DescribeSecurityGroups', () =>
    ec2.send(new DescribeSecurityGroupsCommand({ Filters })),
  );
  const { GroupId, IpPermissions: ingress = [], IpPermissionsEgress: egress = [] } = group ?? {};
  if (ingress.length + egress.length === 0) return undefined;
  return {
    actual: [
      ...ingress.flatMap((rule) => inWords('in from', rule)),
      ...egress.flatMap((rule) => inWords('out to', rule)),
    ],
    async set() {
      if (ingress.length > 0)
        await calledUnless('ec2:RevokeSecurityGroupIngress', GONE, () =>
          ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: ingress })),
        );
      if (egress.length > 0)
        await calledUnless('ec2:RevokeSecurityGroupEgress', GONE, () =>
          ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: egress })),
        );
    },
  };
}

/** `in from 10.0.0.0/8 by tcp 22`, one for each source or destination. */
function inWords(direction: string, rule: IpPermission): string[] {
  const { IpProtocol: protocol = '-1', FromPort: from, ToPort: to } = rule;
  const ports = from === undefined || from === -1 ? '' : ` ${from === to ? from : `${from}-${to ?? ''}`}`;
  const by = protocol === '-1' ? '' : ` by ${protocol}${ports}`;
  const ends = [
    ...(rule.IpRanges ?? []).map(({ CidrIp }) => CidrIp),
    ...(rule.Ipv6Ranges ?? []).map(({ CidrIpv6 }) => CidrIpv6),
    ...(rule.UserIdGroupPairs ?? []).map(({ GroupId }) => GroupId),
    ...(rule.PrefixListIds ?? []).map(({ PrefixListId }) => PrefixListId),
  ];
  return ends.map((end) => `${direction} ${end ?? '?'}${by}`);
}

/** Processes of a group that run and shall not. Others that are suspended are an operation's, and stay so. */
async function running(
  autoScaling: AutoScalingClient,
  AutoScalingGroupName: string,
  { SuspendedProcesses }: Extract<AfterDeployment, { SuspendedProcesses: string[] }>,
): Promise<Look | undefined> {
  const { AutoScalingGroups: [group] = [] } = await called('autoscaling:DescribeAutoScalingGroups', () =>
    autoScaling.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [AutoScalingGroupName] })),
  );
  const suspended = (group?.SuspendedProcesses ?? []).map(({ ProcessName = '' }) => ProcessName);
  const ScalingProcesses = SuspendedProcesses.filter((each) => !suspended.includes(each));
  if (group === undefined || ScalingProcesses.length === 0) return undefined;
  return {
    actual: SuspendedProcesses.filter((each) => suspended.includes(each)),
    async set() {
      await called('autoscaling:SuspendProcesses', () =>
        autoScaling.send(new SuspendProcessesCommand({ AutoScalingGroupName, ScalingProcesses })),
      );
    },
  };
}
