import { AwsError } from '../aws-error.ts';
import { text } from '../json.ts';
import type { Realm, StoreKey } from '../world.ts';

/** A rule as EC2 tells it, as far as it is told apart from another. */
interface Rule {
  readonly IpProtocol?: string;
  readonly FromPort?: number;
  readonly ToPort?: number;
  readonly IpRanges?: readonly { readonly CidrIp: string }[];
  readonly Ipv6Ranges?: readonly { readonly CidrIpv6: string }[];
  readonly UserIdGroupPairs?: readonly { readonly GroupId?: string; readonly UserId?: string }[];
}

type Direction = 'ingress' | 'egress';
type Rules = Record<Direction, Rule[]>;

/** Rules of the default groups, by group; what CloudFormation made has its own in the template, and no call here changes them. */
const RULES: StoreKey<Map<string, Rules>> = { name: 'default-security-groups', create: () => new Map() };

/** Of each VPC, the group that comes with it: its members reach each other, and all reach everything (default-security-group.html). */
function defaultGroups(realm: Realm) {
  const store = realm.store(RULES);
  return realm.ofType('AWS::EC2::VPC').map(({ physicalId: VpcId, attributes }) => {
    const GroupId = text(attributes['DefaultSecurityGroup']) ?? '';
    const hasIpv6 = Array.isArray(attributes['Ipv6CidrBlocks']) && attributes['Ipv6CidrBlocks'].length > 0;
    const fresh = (): Rules => ({
      ingress: [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId, UserId: realm.account }] }],
      egress: [
        {
          IpProtocol: '-1',
          IpRanges: [{ CidrIp: '0.0.0.0/0' }],
          ...(hasIpv6 ? { Ipv6Ranges: [{ CidrIpv6: '::/0' }] } : {}),
        },
      ],
    });
    const rules = store.get(GroupId) ?? fresh();
    store.set(GroupId, rules);
    return { GroupId, VpcId, rules };
  });
}

interface Filter {
  readonly Name?: string;
  readonly Values?: readonly string[];
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSecurityGroups.html */
function describeSecurityGroups(realm: Realm, input: Readonly<Record<string, unknown>>) {
  const filters = (input['Filters'] ?? []) as readonly Filter[];
  const ids = input['GroupIds'] as readonly string[] | undefined;
  const made = realm.ofType('AWS::EC2::SecurityGroup').map(({ physicalId, properties }) => ({
    ...{
      GroupId: physicalId,
      VpcId: text(properties['VpcId']) ?? '',
      GroupName: text(properties['GroupName']) ?? physicalId,
    },
    ...{ Description: text(properties['GroupDescription']) ?? '', IpPermissions: [], IpPermissionsEgress: [] },
  }));
  const own = defaultGroups(realm).map(({ GroupId, VpcId, rules }) => ({
    ...{ GroupId, VpcId, GroupName: 'default', Description: 'default VPC security group' },
    ...{ IpPermissions: rules.ingress, IpPermissionsEgress: rules.egress },
  }));
  const all = [...own, ...made].map((group) => ({ ...group, OwnerId: realm.account }));
  for (const id of ids ?? []) if (!all.some(({ GroupId }) => GroupId === id)) throw noSuchGroup(id);
  const fields = { 'group-id': 'GroupId', 'group-name': 'GroupName', 'vpc-id': 'VpcId' } as const;
  const SecurityGroups = all.filter(
    (group) =>
      (ids?.includes(group.GroupId) ?? true) &&
      filters.every(({ Name = '', Values = [] }) => {
        if (!(Name in fields)) throw new AwsError('InvalidParameterValue', `The filter '${Name}' is invalid`);
        return Values.includes(group[fields[Name as keyof typeof fields]]);
      }),
  );
  return { SecurityGroups };
}

/** Rules of a default group that go, each named as it is told. */
function revokeRules(realm: Realm, direction: Direction, input: Readonly<Record<string, unknown>>) {
  const rules = rulesOf(realm, input);
  for (const rule of (input['IpPermissions'] ?? []) as readonly Rule[]) {
    const index = rules[direction].findIndex((each) => keyOf(each) === keyOf(rule));
    if (index < 0)
      throw new AwsError('InvalidPermission.NotFound', 'The specified rule does not exist in this security group.');
    rules[direction].splice(index, 1);
  }
  return { Return: true };
}

/** The same, put in: what somebody does by hand. */
function authorizeRules(realm: Realm, direction: Direction, input: Readonly<Record<string, unknown>>) {
  const rules = rulesOf(realm, input);
  for (const rule of (input['IpPermissions'] ?? []) as readonly Rule[]) {
    if (rules[direction].some((each) => keyOf(each) === keyOf(rule)))
      throw new AwsError('InvalidPermission.Duplicate', 'the specified rule already exists');
    rules[direction].push(rule);
  }
  return { Return: true };
}

function rulesOf(realm: Realm, input: Readonly<Record<string, unknown>>): Rules {
  const id = text(input['GroupId']) ?? '';
  const found = defaultGroups(realm).find(({ GroupId }) => GroupId === id);
  if (found === undefined) throw noSuchGroup(id);
  return found.rules;
}

type Call = (realm: Realm, input: Readonly<Record<string, unknown>>) => object;

/** Calls of security groups, by their names. */
export const SECURITY_GROUPS: Readonly<Record<string, Call>> = {
  DescribeSecurityGroups: describeSecurityGroups,
  AuthorizeSecurityGroupIngress: (realm, input) => authorizeRules(realm, 'ingress', input),
  AuthorizeSecurityGroupEgress: (realm, input) => authorizeRules(realm, 'egress', input),
  RevokeSecurityGroupIngress: (realm, input) => revokeRules(realm, 'ingress', input),
  RevokeSecurityGroupEgress: (realm, input) => revokeRules(realm, 'egress', input),
};

function noSuchGroup(id: string): AwsError {
  return new AwsError('InvalidGroup.NotFound', `The security group '${id}' does not exist`);
}

function keyOf({ IpProtocol, FromPort, ToPort, IpRanges = [], Ipv6Ranges = [], UserIdGroupPairs = [] }: Rule): string {
  const ends = [
    ...IpRanges.map(({ CidrIp }) => CidrIp),
    ...Ipv6Ranges.map(({ CidrIpv6 }) => CidrIpv6),
    ...UserIdGroupPairs.map(({ GroupId }) => GroupId),
  ];
  return JSON.stringify([IpProtocol, FromPort ?? -1, ToPort ?? -1, ends.sort()]);
}
