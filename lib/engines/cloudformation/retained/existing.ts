import { z } from 'zod';
import type { Described, Existing } from '../../match-existing.ts';
import { IDENTIFIERS } from './kept.ts';

const resource = z.looseObject({
  LogicalResourceId: z.string(),
  PhysicalResourceId: z.string().optional(),
  ResourceType: z.string(),
  ResourceStatus: z.string().optional(),
});

/** What `aws cloudformation list-stack-resources` or `describe-stack-resources` prints. */
const listSchema = z.union([
  z.looseObject({ StackResourceSummaries: z.array(resource) }).transform((each) => each.StackResourceSummaries),
  z.looseObject({ StackResources: z.array(resource) }).transform((each) => each.StackResources),
]);

/** Resources of another stack that CloudFormation can import. Undefined where the text is no list of resources. */
export function existingIn(text: string): Existing[] | undefined {
  const list = listSchema.safeParse(JSON.parse(text)).data;
  return list?.flatMap(({ LogicalResourceId, PhysicalResourceId, ResourceType: type, ResourceStatus: status = '' }) => {
    const key = IDENTIFIERS[type];
    const isGone = status === 'DELETE_COMPLETE';
    if (key === undefined || PhysicalResourceId === undefined || isGone) return [];
    const attributes = { [key]: PhysicalResourceId };
    return [{ ...{ address: LogicalResourceId, type, id: PhysicalResourceId }, attributes }];
  });
}

const templateSchema = z.looseObject({
  Resources: z
    .record(z.string(), z.looseObject({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) }))
    .default({}),
});

/** What an artefact asks for that can be imported, with the property that identifies it where that is written out. */
export function wantedIn(artefact: string): Described[] {
  const { Resources } = templateSchema.parse(JSON.parse(artefact));
  return Object.entries(Resources).flatMap(([address, { Type: type, Properties }]) => {
    const key = IDENTIFIERS[type];
    if (key === undefined) return [];
    const written = Object.entries(Properties).filter(([name, value]) => name === key && typeof value === 'string');
    return [{ address, type, attributes: Object.fromEntries(written) }];
  });
}
