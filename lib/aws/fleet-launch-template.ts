import { Fn } from 'aws-cdk-lib';
import { CfnLaunchTemplate, CfnSecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { CfnInstanceProfile } from 'aws-cdk-lib/aws-iam';
import type { aws_ec2 } from 'aws-cdk-lib/interfaces';
import { Construct } from 'constructs';
import { nameTag } from './name-tag.ts';

export interface FleetLaunchTemplateProps {
  readonly name: string;
  readonly vpc: aws_ec2.IVPCRef;
  readonly profile: CfnInstanceProfile;
  /** Id of the machine image. */
  readonly imageId: string;
  readonly rootVolumeGiB: number;
  /** 1 or 2. */
  readonly metadataHopLimit: number;
  /** Shell script of the first boot; never a secret. */
  readonly userData: string;
  readonly ipv6: boolean;
  /** Of the template, volumes and interfaces, which CloudFormation does not tag by itself. */
  readonly tags: Readonly<Record<string, string>>;
  /** Ports that instances of the network reach each other on, besides HTTPS to the endpoints.
   * @default - none: nothing in */
  readonly among?: readonly PortAmong[] | undefined;
}

/** A port that instances reach on each other. */
export interface PortAmong {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  /** Whether instances answer on it too, and not only ask.
   * @default - they only ask */
  readonly isAnswered?: boolean;
  /** Range of addresses. */
  readonly cidr: string;
  readonly description: string;
}

/** Rules of a security group for ports among instances. */
export function rulesAmong(ports: readonly PortAmong[]) {
  const rule = ({ protocol, port, cidr, description }: PortAmong) => ({
    ...{ ipProtocol: protocol, fromPort: port, toPort: port, cidrIp: cidr, description },
  });
  return { ingress: ports.filter(({ isAnswered }) => isAnswered === true).map(rule), egress: ports.map(rule) };
}

/** What a security review asks of every instance: the second version of the metadata service alone, an encrypted root volume of gp3. */
export function hardened({
  metadataHopLimit,
  rootVolumeGiB,
}: Pick<FleetLaunchTemplateProps, 'metadataHopLimit' | 'rootVolumeGiB'>) {
  return {
    metadataOptions: {
      httpEndpoint: 'enabled',
      httpTokens: 'required',
      httpPutResponseHopLimit: metadataHopLimit,
      httpProtocolIpv6: 'disabled',
      instanceMetadataTags: 'disabled',
    },
    blockDeviceMappings: [
      {
        deviceName: '/dev/xvda',
        ebs: { volumeType: 'gp3', volumeSize: rootVolumeGiB, encrypted: true, deleteOnTermination: true },
      },
    ],
  };
}

/**
 * How an instance is launched. What a security review asks for is fixed: IMDSv2 only, encrypted gp3, no key pair, no public address, no
 * inbound traffic.
 */
export class FleetLaunchTemplate extends Construct {
  readonly template: CfnLaunchTemplate;
  readonly securityGroup: CfnSecurityGroup;

  constructor(scope: Construct, id: string, props: FleetLaunchTemplateProps) {
    super(scope, id);
    const { name } = props;
    const out = { ipProtocol: 'tcp', fromPort: 443, toPort: 443 };
    const { ingress, egress } = rulesAmong(props.among ?? []);
    this.securityGroup = new CfnSecurityGroup(this, 'Group', {
      vpcId: props.vpc.vpcRef.vpcId,
      // A change of the description would replace the group.
      groupDescription: `Instances of ${name}: nothing in, HTTPS out`,
      ...(ingress.length === 0 ? {} : { securityGroupIngress: ingress }),
      // To anywhere, because the gateway endpoints of S3 and DynamoDB answer from public addresses that change. What is reachable
      // is the network's choice: without egress, it has a route to the endpoints and to nothing else.
      securityGroupEgress: [
        { ...out, cidrIp: '0.0.0.0/0', description: 'HTTPS as far as the network has routes' },
        ...(props.ipv6 ? [{ ...out, cidrIpv6: '::/0', description: 'HTTPS as far as the network has routes' }] : []),
        ...egress,
      ],
      tags: [nameTag(name)],
    });
    const tags = [nameTag(name), ...Object.entries(props.tags).map(([key, value]) => ({ key, value }))];
    this.template = new CfnLaunchTemplate(this, 'Template', {
      launchTemplateData: {
        imageId: props.imageId,
        iamInstanceProfile: { arn: props.profile.attrArn },
        ...hardened(props),
        networkInterfaces: [
          {
            deviceIndex: 0,
            associatePublicIpAddress: false,
            deleteOnTermination: true,
            groups: [this.securityGroup.attrGroupId],
          },
        ],
        // A shutdown from inside ends the instance.
        instanceInitiatedShutdownBehavior: 'terminate',
        userData: Fn.base64(props.userData),
        // Instances get theirs from the group.
        tagSpecifications: ['volume', 'network-interface'].map((resourceType) => ({ resourceType, tags })),
      },
      tagSpecifications: [{ resourceType: 'launch-template', tags }],
    });
  }
}
