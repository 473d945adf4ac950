import type { BareChange } from '../model.ts';
import { interruptionsOf } from './interruptions.ts';

/** What is lost with a resource of these types. */
const LOST: Readonly<Record<string, string>> = {
  openstack_compute_instance_v2: 'everything on the root disk of the server',
  openstack_blockstorage_volume_v3: 'the data on the volume',
  openstack_objectstorage_container_v1: 'the objects in the container',
  openstack_sharedfilesystem_share_v2: 'the files on the share',
  openstack_db_instance_v1: 'the data in the database',
  openstack_keymanager_secret_v1: 'the secret',
  openstack_identity_project_v3: 'everything that the project owns',
  openstack_dns_zone_v2: 'every record of the zone',
  openstack_images_image_v2: 'the image, which servers may have to be built from again',
  'AWS::S3::Bucket': 'the objects in the bucket',
  'AWS::DynamoDB::Table': 'the items of the table',
  'AWS::DynamoDB::GlobalTable': 'the items of the table',
  'AWS::RDS::DBInstance': 'the data in the database',
  'AWS::RDS::DBCluster': 'the data in the database',
  'AWS::EFS::FileSystem': 'the files on the file system',
  'AWS::EC2::Volume': 'the data on the volume',
  'AWS::SQS::Queue': 'the messages in the queue',
  'AWS::KMS::Key': 'everything that is encrypted with the key',
  'AWS::SecretsManager::Secret': 'the secret',
  'AWS::Logs::LogGroup': 'the logs in the group',
  'AWS::ElastiCache::ReplicationGroup': 'the data in the cache',
  'AWS::OpenSearchService::Domain': 'the data in the domain',
  'AWS::Kinesis::Stream': 'the records of the stream',
  'AWS::Route53::HostedZone': 'every record of the zone',
};

/** What of value is in resources of a type; undefined where they can be made again as they were. */
export function heldBy(type: string): string | undefined {
  return LOST[type];
}

/** How a reason starts that nobody may overlook. */
export const CAUTION = 'CAUTION: ';

/** Says what data goes with a change that destroys, and what an update in place stops or wipes, which makes it an interruption. */
export function withCaution<T extends BareChange>(change: T): T {
  const interruptions = interruptionsOf(change).map((effect) => `${CAUTION}${effect}`);
  if (interruptions.length > 0)
    return { ...change, action: 'interrupt', reasons: [...new Set([...interruptions, ...change.reasons])] };
  const lost = LOST[change.type];
  const destroys = change.action === 'delete' || change.action === 'replace';
  if (lost === undefined || !destroys || change.reasons.includes(RETAINED)) return change;
  return { ...change, reasons: [`${CAUTION}it takes ${lost} with it`, ...change.reasons] };
}

/** Said of a resource whose old copy stays in the account. */
export const RETAINED = 'the old one stays in the account, outside any stack';
