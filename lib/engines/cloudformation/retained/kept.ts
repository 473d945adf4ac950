import type { ResourceToImport } from '@aws-sdk/client-cloudformation';
import { z } from 'zod';
import type { Change } from '../../../plan/model.ts';
import { isRecord } from '../../../text/json.ts';

/**
 * By type that keeps data, the property that identifies one to import, whose value is the physical id. Others stay in the account too,
 * and are made anew beside. Source: the primary identifiers of the types' schemas,
 * AWSCloudFormation/latest/UserGuide/resource-import-supported-resources.html
 */
export const IDENTIFIERS: Readonly<Record<string, string>> = {
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::EC2::Volume': 'VolumeId',
  'AWS::ECR::Repository': 'RepositoryName',
  'AWS::EFS::FileSystem': 'FileSystemId',
  'AWS::KMS::Key': 'KeyId',
  'AWS::Kinesis::Stream': 'Name',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::RDS::DBCluster': 'DBClusterIdentifier',
  'AWS::RDS::DBInstance': 'DBInstanceIdentifier',
  'AWS::S3::Bucket': 'BucketName',
  'AWS::SecretsManager::Secret': 'Id',
  'AWS::SNS::Topic': 'TopicArn',
  'AWS::SQS::Queue': 'QueueUrl',
};

export function isImportable(type: string): boolean {
  return IDENTIFIERS[type] !== undefined;
}

/** What stayed in the account when its stack was destroyed. */
export const keptSchema = z.strictObject({
  format: z.literal('tandem.kept/1'),
  /** When it was destroyed, ISO 8601. */
  at: z.string(),
  resources: z.array(z.strictObject({ address: z.string(), type: z.string(), physicalId: z.string() })),
});

export type Kept = z.output<typeof keptSchema>;
export type KeptResource = Kept['resources'][number];

export const NOTHING_KEPT: Pick<Kept, 'at' | 'resources'> = { at: '', resources: [] };

/** Of what was kept, what an artefact asks for again: the same logical id and type. Pure. */
export function wantedAgain(kept: Kept | undefined, artefact: string): typeof NOTHING_KEPT {
  const { Resources } = JSON.parse(artefact) as { readonly Resources?: unknown };
  if (kept === undefined || !isRecord(Resources)) return NOTHING_KEPT;
  const resources = kept.resources.filter(({ address, type }) => {
    const wanted = Resources[address];
    return isRecord(wanted) && wanted['Type'] === type && isImportable(type);
  });
  return { at: kept.at, resources };
}

/** Changes that create a stack, where some of it is there already. Pure. */
export function withImports(changes: readonly Change[], { at, resources }: typeof NOTHING_KEPT): Change[] {
  const ids = new Map(resources.map(({ address, physicalId }) => [address, physicalId]));
  return changes.map((change) => {
    const id = ids.get(change.address);
    if (id === undefined || change.action !== 'create') return change;
    const where = at === '' ? 'exists already' : `was kept when the stack was destroyed on ${at.slice(0, 10)}`;
    const why = `${id} ${where}: it is imported, and becomes what the configuration says`;
    return { ...change, action: 'import', reasons: [...change.reasons, why] };
  });
}

type Template = Readonly<Record<string, unknown>> & { readonly Resources: Readonly<Record<string, object>> };

/**
 * The part of an artefact that an import may have: nothing but what is imported, and no outputs; each resource says what becomes of it
 * with the stack. Pure. Source: AWSCloudFormation/latest/UserGuide/import-resources-manually.html
 */
export function importTemplate(artefact: string, kept: readonly KeptResource[]): string {
  const { Outputs: _, ...template } = JSON.parse(artefact) as Template;
  const ids = new Set(kept.map(({ address }) => address));
  const resources = Object.entries(template.Resources).filter(([address]) => ids.has(address));
  return JSON.stringify({
    ...template,
    Resources: Object.fromEntries(resources.map(([address, each]) => [address, { DeletionPolicy: 'Retain', ...each }])),
  });
}

export function toImport({ address, type, physicalId }: KeptResource): ResourceToImport {
  const ResourceIdentifier = { [IDENTIFIERS[type] ?? '']: physicalId };
  return { ResourceType: type, LogicalResourceId: address, ResourceIdentifier };
}
