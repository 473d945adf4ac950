import { parseCidr } from 'cidr-tools';
import { stringifyIp } from 'ip-bigint';
import { AwsError } from '../aws-error.ts';
import { isObject, listOf, text } from '../json.ts';
import { property, simple } from './define.ts';
import type { Making, ResourceType } from './resource-type.ts';

const resolver = (name: string): string => `AWS::Route53Resolver::${name}`;

const withPrefix =
  (prefix: string) =>
  ({ realm }: Making): string =>
    `${prefix}-${realm.world.ids.hex(17)}`;

/** Route53/latest/APIReference/API_route53resolver_CreateResolverEndpoint.html: two addresses at least; quota of six. */
function checkEndpoint({ properties }: Making): void {
  const addresses = listOf(properties['IpAddresses']).filter(isObject);
  if (addresses.length < 2 || addresses.length > 6)
    throw new AwsError('InvalidRequestException', 'Resolver endpoint needs 2 to 6 IP addresses');
  if (!['INBOUND', 'OUTBOUND'].includes(text(properties['Direction']) ?? ''))
    throw new AwsError('InvalidParameterException', 'Direction must be INBOUND or OUTBOUND');
}

/** An address of the subnet for each that was asked for, from its end: the model gives instances those from its beginning. */
function interfaces({ realm, properties }: Making) {
  const taken = realm
    .ofType(resolver('ResolverEndpoint'))
    .flatMap(({ attributes }) => listOf(attributes['Interfaces']).filter(isObject))
    .map(({ Ip }) => Ip);
  return listOf(properties['IpAddresses'])
    .filter(isObject)
    .map((each) => {
      const SubnetId = text(each['SubnetId']) ?? '';
      const block = text(realm.find('AWS::EC2::Subnet', SubnetId)?.properties['CidrBlock']) ?? '';
      let number = parseCidr(block).end - 1n;
      while (taken.includes(stringifyIp({ number, version: 4 }))) number -= 1n;
      const Ip = text(each['Ip']) ?? stringifyIp({ number, version: 4 });
      taken.push(Ip);
      return { Id: `eni-${realm.world.ids.hex(17)}`, Ip, SubnetId };
    });
}

/** Names: private zones, and Resolver's end points and rules. */
export const namesTypes: readonly ResourceType[] = [
  simple('AWS::Route53::HostedZone', {
    id: ({ realm }) => `Z${realm.world.ids.suffix(20)}`,
    attributes: (_, id) => ({ Id: id, NameServers: [] }),
    check: ({ realm, properties }) => {
      const vpcs = listOf(properties['VPCs']).filter(isObject);
      if (vpcs.length === 0) throw new AwsError('ValidationError', 'lab/aws makes private hosted zones only');
      for (const { VPCRegion } of vpcs)
        if (VPCRegion !== realm.region) throw new AwsError('InvalidVPCId', 'The VPC is in another Region');
    },
  }),
  simple(resolver('ResolverEndpoint'), {
    id: (making) => withPrefix(property(making, 'Direction') === 'INBOUND' ? 'rslvr-in' : 'rslvr-out')(making),
    check: checkEndpoint,
    attributes: (making, id) => ({
      ...{ ResolverEndpointId: id, Direction: property(making, 'Direction'), Interfaces: interfaces(making) },
      Arn: making.realm.arn('route53resolver', `resolver-endpoint/${id}`),
    }),
    update: ({ attributes }) => attributes,
  }),
  simple(resolver('ResolverRule'), {
    id: withPrefix('rslvr-rr'),
    attributes: (making, id) => ({ ResolverRuleId: id, DomainName: property(making, 'DomainName') }),
    check: ({ realm, properties }) => {
      const endpoint = realm.find(resolver('ResolverEndpoint'), text(properties['ResolverEndpointId']) ?? '');
      if (endpoint?.properties['Direction'] !== 'OUTBOUND')
        throw new AwsError('InvalidParameterException', 'A rule that forwards needs an outbound endpoint');
      if (listOf(properties['TargetIps']).length === 0)
        throw new AwsError('InvalidParameterException', 'A rule that forwards needs TargetIps');
    },
  }),
  simple(resolver('ResolverRuleAssociation'), {
    id: withPrefix('rslvr-rrassoc'),
    attributes: (_, id) => ({ ResolverRuleAssociationId: id }),
  }),
];
