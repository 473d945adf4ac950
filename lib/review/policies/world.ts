import { isNew, type Placed, perChange, valuesAfter, valuesBefore } from './changes.ts';
import { openStatements } from './principals.ts';
import { isPublicRange } from './public-range.ts';
import type { ShippedPolicy } from './shipped-policy.ts';

export const opensToWorld: ShippedPolicy = {
  id: 'opens-to-world',
  about:
    'Rules of security groups that let in a range wider than /8 (IPv6: /16) or anybody, on both clouds; public addresses, load balancers and databases of AWS.',
  level: 'warn',
  reason: 'What the whole internet reaches is attacked within minutes.',
  check: perChange('ways in from anywhere', opensOf),
};

function opensOf({ change }: Placed): string[] {
  const after = valuesAfter(change);
  if (change.type === 'openstack_networking_secgroup_rule_v2') return openstackRule(change.action === 'create', after);
  const found = [...after].flatMap(([path, value]) => {
    const name = path.split('.').filter((part) => !/^\d+$/.test(part));
    const last = name.at(-1) ?? '';
    if (/^Cidr(?:Ip|Ipv6|Block)?$|^Ipv6CidrBlock$/.test(last) && isIngress(change.type, name, after))
      return isPublicRange(value) ? [`lets ${String(value)} in`] : [];
    if (PUBLIC_WHEN_TRUE.has(last) && (value === true || value === 'true')) return [`${last} is true`];
    return last === 'Scheme' && value === 'internet-facing' ? ['is an internet-facing load balancer'] : [];
  });
  if (change.type === 'AWS::EC2::EIP' && isNew(change)) found.push('is a public address');
  if (/^AWS::ElasticLoadBalancing/.test(change.type) && isNew(change) && change.type.endsWith('::LoadBalancer'))
    if (!after.has('Scheme') && after.get('Type') !== 'gateway')
      found.push('is internet-facing, which is the default of Scheme');
  return [...new Set(found)];
}

const PUBLIC_WHEN_TRUE: ReadonlySet<string> = new Set([
  'AssociatePublicIpAddress',
  'MapPublicIpOnLaunch',
  'PubliclyAccessible',
]);

function isIngress(type: string, name: readonly string[], after: ReadonlyMap<string, unknown>): boolean {
  if (type === 'AWS::EC2::SecurityGroup') return name[0] === 'SecurityGroupIngress';
  if (type === 'AWS::EC2::SecurityGroupIngress') return true;
  return type === 'AWS::EC2::NetworkAclEntry' && after.get('Egress') !== true && after.get('RuleAction') !== 'deny';
}

/** A rule is made anew whenever any of it changes; one without any peer lets everybody in. */
function openstackRule(isWhole: boolean, after: ReadonlyMap<string, unknown>): string[] {
  if (isWhole && after.get('direction') !== 'ingress') return [];
  const range = after.get('remote_ip_prefix');
  if (range !== undefined) return typeof range === 'string' && isPublicRange(range) ? [`lets ${range} in`] : [];
  const peers = ['remote_group_id', 'remote_address_group_id'];
  return isWhole && !peers.some((peer) => after.has(peer)) ? ['lets everybody in: it names no peer'] : [];
}

export const publicAccess: ShippedPolicy = {
  id: 'public-access',
  about:
    'Buckets without their block of public access or with a public ACL; policies of resources that allow everybody something without a condition on who asks; functions that everybody calls; public containers of OpenStack.',
  level: 'deny',
  reason: 'Data and permissions that everybody has are given away.',
  check: perChange('resources with public access', publicOf),
};

/** What only the network of its own reaches, whatever it allows. */
const PRIVATE_TYPES: ReadonlySet<string> = new Set(['AWS::EC2::VPCEndpoint']);

function publicOf({ change }: Placed): string[] {
  if (PRIVATE_TYPES.has(change.type)) return [];
  const after = valuesAfter(change);
  const before = valuesBefore(change);
  const found = openStatements(change);
  for (const [path, value] of after) {
    const last = path.split('.').at(-1) ?? '';
    if (path.startsWith('PublicAccessBlockConfiguration.') && (value === false || value === 'false'))
      found.push(`${last} is false`);
    if (last === 'AccessControl' && /^(?:Public|Authenticated)/.test(String(value)))
      found.push(`its ACL is ${String(value)}`);
    if (/^container_(?:read|write)$/.test(last) && /(?:^|,)\s*(?:\.r:\*|\*|\*:\*)/.test(String(value)))
      found.push(`${last} is ${String(value)}`);
  }
  if (change.action !== 'create')
    for (const [path, value] of before)
      if (path.startsWith('PublicAccessBlockConfiguration.') && value === true && !after.has(path))
        found.push(`${path.split('.').at(-1) ?? ''} is no longer set`);
  return [...new Set(found)];
}
