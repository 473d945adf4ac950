import type { Change } from '../../plan/model.ts';
import { ownershipMap } from '../../stack/ownership.ts';
import { isNew, perChange, valuesAfter, valuesBefore } from './changes.ts';
import type { ShippedPolicy } from './shipped-policy.ts';

/** What nobody may lack: whose a resource is. */
const KEYS = Object.keys(ownershipMap({ organisation: '', owner: '', environment: '', stack: 'a/b' }));

/** Types that have tags, and are worth one: what is paid for, or holds data. */
const TAGGED =
  /^(?:AWS::(?:EC2::(?:Instance|Volume|VPC|Subnet|NatGateway|EIP|SecurityGroup)|S3::Bucket|SQS::Queue|SNS::Topic|DynamoDB::Table|KMS::Key|RDS::DB(?:Instance|Cluster)|Lambda::Function|EFS::FileSystem|ECS::(?:Cluster|Service)|ElasticLoadBalancingV2::LoadBalancer|Logs::LogGroup|Kinesis::Stream|SecretsManager::Secret)|openstack_compute_instance_v2|openstack_blockstorage_volume_v3|openstack_networking_(?:network|router|port|floatingip|secgroup)_v2)$/;

export const untagged: ShippedPolicy = {
  id: 'untagged',
  about: 'What is paid for or holds data, and lacks a tag of `organisation`, `owner`, `environment` and `stack`.',
  level: 'warn',
  reason: 'What says not whose it is can be neither paid by anybody nor cleaned up.',
  check: perChange('resources without their owner’s tags', ({ change }) => {
    const missing = TAGGED.test(change.type) ? missingOf(change) : [];
    return missing.length === 0 ? [] : [`has no tag ${missing.join(', ')}`];
  }),
};

function missingOf(change: Change): string[] {
  const after = keysIn(change, valuesAfter(change));
  if (isNew(change)) return isOwnedByText(change) ? [] : KEYS.filter((key) => !after.has(key));
  const before = keysIn(change, valuesBefore(change));
  return KEYS.filter((key) => before.has(key) && !after.has(key) && !isMoved(change, key));
}

/** Keys of tags in the forms that there are: a list of `Key` and `Value`, a map, a list of `key=value`. */
function keysIn({ type }: Pick<Change, 'type'>, values: ReadonlyMap<string, unknown>): Set<string> {
  const found = new Set<string>();
  for (const [path, value] of values) {
    const [, rest] = /^(?:Tags|tags|all_tags|metadata|FileSystemTags|HostedZoneTags)\.(.+)$/.exec(path) ?? [];
    if (rest === undefined) continue;
    if (/^\d+\.Key$/.test(rest)) found.add(String(value));
    else if (/^\d+$/.test(rest)) found.add(String(value).split('=')[0] ?? '');
    else if (!rest.includes('.')) found.add(rest);
    else if (type.startsWith('openstack_')) found.add(rest);
  }
  return found;
}

/** Whether it says whose it is in a description, for want of tags. */
function isOwnedByText({ attributes }: Change): boolean {
  return attributes.some(({ path, after }) => path === 'description' && /\(.+, .+, .+@.+, .+\)$/.test(String(after)));
}

/** A tag whose value alone changes keeps its key, which then is in no attribute. */
function isMoved({ attributes }: Change, key: string): boolean {
  return attributes.some(({ path, before, after }) => before !== null && after !== null && path.includes(`.${key}`));
}
