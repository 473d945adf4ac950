import { counted } from '../../text/plural.ts';
import { isResource } from '../is-resource.ts';
import type { Change } from '../model.ts';

/** Types that hold data, in words, what is missed most first. */
const HOLDERS: readonly (readonly [type: RegExp, one: string, many?: string])[] = [
  [/^openstack_blockstorage_volume_v\d$|^AWS::EC2::Volume$/, 'volume'],
  [/^openstack_db_instance_v1$|^AWS::(?:RDS|DocDB|Neptune)::DB(?:Instance|Cluster)$/, 'database'],
  [/^AWS::DynamoDB::(?:Global)?Table$/, 'table'],
  [/^AWS::S3::Bucket$|^openstack_objectstorage_container_v1$/, 'bucket'],
  [/^openstack_sharedfilesystem_share_v2$|^AWS::EFS::FileSystem$/, 'file system'],
  [/^AWS::SQS::Queue$|^AWS::Kinesis::Stream$/, 'queue'],
  [/^AWS::KMS::Key$/, 'key'],
  [/^AWS::SecretsManager::Secret$|^openstack_keymanager_secret_v1$/, 'secret'],
  [/^AWS::ElastiCache::|^AWS::OpenSearchService::Domain$/, 'cache or index', 'caches and indexes'],
  [/^openstack_dns_zone_v2$|^AWS::Route53::HostedZone$/, 'zone'],
  [/^openstack_images_image_v2$/, 'image'],
  [/^AWS::Logs::LogGroup$/, 'log group'],
  [/^openstack_compute_instance_v2$|^AWS::EC2::Instance$/, 'server'],
];

/** `117 resources, 5 volumes and 12 servers with data`: how many, and what of them holds data. @param around - Said around what holds data */
export function describeHolders(
  changes: readonly Change[],
  around: readonly [string, string] = ['', ' with data'],
): string {
  const resources = changes.filter(isResource);
  const holders = HOLDERS.flatMap(([type, one, many]) => {
    const count = resources.filter((change) => type.test(change.type)).length;
    return count > 0 ? [counted(count, one, many)] : [];
  });
  const last = holders.pop();
  const all = counted(resources.length, 'resource');
  if (last === undefined) return all;
  return `${all}, ${around[0]}${holders.length > 0 ? `${holders.join(', ')} and ` : ''}${last}${around[1]}`;
}
