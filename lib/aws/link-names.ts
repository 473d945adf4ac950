import { Stack } from 'aws-cdk-lib';
import { CfnSecurityGroup, type CfnSecurityGroupProps } from 'aws-cdk-lib/aws-ec2';
import { CfnHostedZone } from 'aws-cdk-lib/aws-route53';
import { CfnResolverEndpoint, CfnResolverRule, CfnResolverRuleAssociation } from 'aws-cdk-lib/aws-route53resolver';
import { Construct } from 'constructs';
import { LOOKED_UP_OUTPUTS, type LookedUpOutputs } from '../stack/looked-up-outputs.ts';
import { nameTag } from './name-tag.ts';

export interface LinkNamesProps {
  /** `acme-prod`: part of the names of all. */
  readonly name: string;
  readonly vpcId: string;
  /** Where the end points have their addresses, one in each: two, in zones of their own. */
  readonly subnetIds: readonly string[];
  /** Private zone of the VPC, e.g. `prod.acme.example.org`. */
  readonly zone: string;
  /** Zones whose names the other side knows; the kind is part of logical ids. */
  readonly forwarded: readonly { readonly zone: string; readonly kind: string }[];
  /** Range that the other side asks from. */
  readonly askers: string;
  /** Addresses of the other side's resolvers. */
  readonly resolvers: readonly string[];
}

/** Each side's names on the other: a private zone, an end point that answers for it, and one that asks for what the other side knows. */
export class LinkNames extends Construct {
  readonly hostedZone: CfnHostedZone;
  readonly inboundGroup: CfnSecurityGroup;
  readonly inbound: CfnResolverEndpoint;
  readonly outbound: CfnResolverEndpoint;
  readonly rules: readonly CfnResolverRule[];

  constructor(scope: Construct, id: string, props: LinkNamesProps) {
    super(scope, id);
    const { name, vpcId, zone } = props;
    this.hostedZone = new CfnHostedZone(this, 'Zone', {
      name: zone,
      vpcs: [{ vpcId, vpcRegion: Stack.of(this).region }],
      hostedZoneConfig: { comment: `Names of ${name}` },
    });
    this.inboundGroup = this.#group('InboundGroup', 'in', props, {
      securityGroupIngress: dns(props.askers, 'Questions of the other side'),
      // End points that answer open no connections; an empty list would be the default rule, which allows all.
      securityGroupEgress: [
        { ipProtocol: 'icmp', fromPort: 252, toPort: 86, cidrIp: '255.255.255.255/32', description: 'Nothing' },
      ],
    });
    this.inboundGroup.addMetadata(LOOKED_UP_OUTPUTS, {
      InterfaceAddresses: 'ResolverAddresses',
    } satisfies LookedUpOutputs);
    this.inbound = this.#endpoint('Inbound', 'INBOUND', this.inboundGroup, props);
    const outboundGroup = this.#group('OutboundGroup', 'out', props, {
      securityGroupEgress: props.resolvers.flatMap((each) => dns(`${each}/32`, 'Questions to the other side')),
    });
    this.outbound = this.#endpoint('Outbound', 'OUTBOUND', outboundGroup, props);
    this.rules = props.forwarded.map((each) => this.#forward(each, props));
  }

  #group(
    id: string,
    direction: 'in' | 'out',
    { name, vpcId }: LinkNamesProps,
    rules: Pick<CfnSecurityGroupProps, 'securityGroupEgress' | 'securityGroupIngress'>,
  ): CfnSecurityGroup {
    return new CfnSecurityGroup(this, id, {
      vpcId,
      groupDescription:
        direction === 'in' ? 'Resolver that answers the other side' : 'Resolver that asks the other side',
      ...rules,
      tags: [nameTag(`${name}-resolver-${direction}`)],
    });
  }

  #endpoint(id: string, direction: 'INBOUND' | 'OUTBOUND', group: CfnSecurityGroup, props: LinkNamesProps) {
    return new CfnResolverEndpoint(this, id, {
      direction,
      name: `${props.name}-${id.toLowerCase()}`,
      ipAddresses: props.subnetIds.map((subnetId) => ({ subnetId })),
      securityGroupIds: [group.attrGroupId],
      resolverEndpointType: 'IPV4',
    });
  }

  #forward(
    { zone: domainName, kind }: LinkNamesProps['forwarded'][number],
    { name, vpcId, resolvers }: LinkNamesProps,
  ): CfnResolverRule {
    const id = kind.charAt(0).toUpperCase() + kind.slice(1);
    const rule = new CfnResolverRule(this, `Forward${id}`, {
      ruleType: 'FORWARD',
      name: `${name}-${domainName.replaceAll('.', '-')}`.slice(0, 64),
      domainName,
      resolverEndpointId: this.outbound.attrResolverEndpointId,
      targetIps: resolvers.map((ip) => ({ ip, port: '53' })),
    });
    new CfnResolverRuleAssociation(this, `Association${id}`, {
      vpcId,
      resolverRuleId: rule.attrResolverRuleId,
    });
    return rule;
  }
}

function dns(cidrIp: string, description: string) {
  return ['udp', 'tcp'].map((ipProtocol) => ({ ipProtocol, fromPort: 53, toPort: 53, cidrIp, description }));
}
