import { Stack } from 'aws-cdk-lib';
import { type CfnRouteTable, CfnSecurityGroup, type CfnSubnet, type CfnVPC, CfnVPCEndpoint } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { GATEWAY_ENDPOINTS } from '../config/endpoints.ts';
import type { EndpointName } from '../config/schema/environment-network.ts';
import type { Cidr } from '../net/cidr.ts';
import { endpointPolicy, type PolicyAddition } from './endpoint-policies.ts';
import { nameTag } from './name-tag.ts';

export interface NetworkEndpointsProps {
  readonly name: string;
  readonly vpc: CfnVPC;
  /** Addresses that may use the endpoints. */
  readonly cidr: Cidr;
  readonly subnets: readonly CfnSubnet[];
  readonly routeTables: readonly CfnRouteTable[];
  /** Interface endpoints cost about 8 USD a month for each zone; `s3` and `dynamodb` nothing. */
  readonly services: readonly EndpointName[];
  /** What may pass besides what workers need.
   * @default - nothing */
  readonly additions?: readonly PolicyAddition[];
}

/** VPC endpoints: AWS services are reached without leaving the network. */
export class NetworkEndpoints extends Construct {
  /** Allows HTTPS from the network's own addresses. */
  readonly securityGroup: CfnSecurityGroup;
  readonly byName: ReadonlyMap<EndpointName, CfnVPCEndpoint>;

  constructor(scope: Construct, id: string, props: NetworkEndpointsProps) {
    super(scope, id);
    const { region, account } = Stack.of(this);
    const { vpc, name } = props;
    this.securityGroup = new CfnSecurityGroup(this, 'Group', {
      vpcId: vpc.attrVpcId,
      groupDescription: 'Interface endpoints, for this network only',
      securityGroupIngress: [
        {
          ipProtocol: 'tcp',
          fromPort: 443,
          toPort: 443,
          cidrIp: props.cidr.toString(),
          description: 'HTTPS from this network',
        },
      ],
      // Endpoints open no connections. An empty list would become the default rule, which allows all; this one matches nothing.
      securityGroupEgress: [
        { ipProtocol: 'icmp', fromPort: 252, toPort: 86, cidrIp: '255.255.255.255/32', description: 'Nothing' },
      ],
      tags: [nameTag(`${name}-endpoints`)],
    });
    const byName = new Map<EndpointName, CfnVPCEndpoint>();
    for (const service of props.services) {
      byName.set(
        service,
        new CfnVPCEndpoint(this, service, {
          vpcId: vpc.attrVpcId,
          serviceName: `com.amazonaws.${region}.${service}`,
          policyDocument: endpointPolicy(service, { region, account, additions: props.additions ?? [] }),
          tags: [nameTag(`${name}-${service}`)],
          ...(GATEWAY_ENDPOINTS.has(service)
            ? { vpcEndpointType: 'Gateway', routeTableIds: props.routeTables.map((table) => table.attrRouteTableId) }
            : {
                vpcEndpointType: 'Interface',
                privateDnsEnabled: true,
                subnetIds: props.subnets.map((subnet) => subnet.attrSubnetId),
                securityGroupIds: [this.securityGroup.attrGroupId],
              }),
        }),
      );
    }
    this.byName = byName;
  }
}
