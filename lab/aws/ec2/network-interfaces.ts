import { AwsError } from '../aws-error.ts';
import type { Realm } from '../world.ts';

/** Interfaces that Resolver end points have; those of instances are not told. */
export function describeNetworkInterfaces(realm: Realm, input: Readonly<Record<string, unknown>>): object {
  const all = realm.ofType('AWS::Route53Resolver::ResolverEndpoint').flatMap(({ physicalId, properties, attributes }) =>
    (attributes['Interfaces'] as unknown as readonly { Id: string; Ip: string; SubnetId: string }[]).map((each) => ({
      ...{ NetworkInterfaceId: each.Id, PrivateIpAddress: each.Ip, SubnetId: each.SubnetId, Status: 'in-use' },
      ...{ InterfaceType: 'interface', RequesterManaged: true, OwnerId: realm.account },
      Description: `Route 53 Resolver: ${physicalId}`,
      Groups: (properties['SecurityGroupIds'] as readonly string[]).map((GroupId) => ({ GroupId })),
    })),
  );
  const given = (input['Filters'] ?? []) as readonly { readonly Name?: string; readonly Values?: readonly string[] }[];
  return {
    NetworkInterfaces: all.filter((each) =>
      given.every(({ Name = '', Values = [] }) => {
        if (Name === 'group-id') return each.Groups.some(({ GroupId }) => Values.includes(GroupId));
        if (Name === 'subnet-id') return Values.includes(each.SubnetId);
        throw new AwsError('InvalidParameterValue', `lab/aws does not support the filter '${Name}'`);
      }),
    ),
  };
}
