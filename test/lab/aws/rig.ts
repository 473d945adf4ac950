import {
  CloudFormationClient,
  CreateChangeSetCommand,
  CreateStackCommand,
  DescribeChangeSetCommand,
  type DescribeChangeSetOutput,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  type ResourceToImport,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { type AwsEndpoint, type AwsEndpointOptions, labCredentials, startAwsEndpoint } from '../../../lab/aws/index.ts';

export const ACCOUNT = '111122223333';
export const REGION = 'eu-west-3';

export interface Rig {
  readonly endpoint: AwsEndpoint;
  readonly cfn: CloudFormationClient;
  /** For any other client: endpoint, Region, keys, no retries. */
  readonly config: ReturnType<typeof clientConfig>;
}

export async function rig(options: AwsEndpointOptions = {}): Promise<Rig> {
  const endpoint = await startAwsEndpoint({ stepMilliseconds: 0, ...options });
  const config = clientConfig(endpoint.url);
  return { endpoint, config, cfn: new CloudFormationClient(config) };
}

export function clientConfig(endpoint: string, account = ACCOUNT) {
  return { endpoint, region: REGION, credentials: labCredentials(account), maxAttempts: 1 };
}

export const body = (template: object): string => JSON.stringify(template);

/** The stack at rest. */
export async function settled(cfn: CloudFormationClient, name: string): Promise<Stack> {
  for (;;) {
    const { Stacks } = await cfn.send(new DescribeStacksCommand({ StackName: name }));
    const stack = Stacks?.[0];
    if (stack?.StackStatus?.endsWith('_IN_PROGRESS') === false) return stack;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** Creates a stack and waits for it; by its id, so that a deleted one is found too. */
export async function create(cfn: CloudFormationClient, name: string, template: object): Promise<Stack> {
  const { StackId } = await cfn.send(
    new CreateStackCommand({ StackName: name, TemplateBody: body(template), Capabilities: ['CAPABILITY_NAMED_IAM'] }),
  );
  return settled(cfn, StackId ?? name);
}

/** `LOGICAL STATUS`, oldest first. */
export async function events(cfn: CloudFormationClient, name: string): Promise<string[]> {
  const { StackEvents = [] } = await cfn.send(new DescribeStackEventsCommand({ StackName: name }));
  return StackEvents.reverse().map((event) => `${event.LogicalResourceId ?? ''} ${event.ResourceStatus ?? ''}`);
}

/** A change set once it is worked out. */
export async function changeSet(
  cfn: CloudFormationClient,
  name: string,
  template: object,
  kind: 'CREATE' | 'UPDATE' | 'IMPORT' = 'UPDATE',
  ResourcesToImport?: ResourceToImport[],
): Promise<DescribeChangeSetOutput> {
  const { Id } = await cfn.send(
    new CreateChangeSetCommand({
      StackName: name,
      ChangeSetName: `c${performance.now().toFixed(3).replace('.', '-')}`,
      ChangeSetType: kind,
      ...(ResourcesToImport === undefined ? {} : { ResourcesToImport }),
      TemplateBody: body(template),
      Capabilities: ['CAPABILITY_NAMED_IAM'],
    }),
  );
  for (;;) {
    const found = await cfn.send(new DescribeChangeSetCommand({ ChangeSetName: Id, IncludePropertyValues: true }));
    if (found.Status !== 'CREATE_IN_PROGRESS') return found;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

export function importSet(cfn: CloudFormationClient, name: string, template: object, resources: ResourceToImport[]) {
  return changeSet(cfn, name, template, 'IMPORT', resources);
}

export const queue = (properties: object = {}): object => ({ Type: 'AWS::SQS::Queue', Properties: properties });
