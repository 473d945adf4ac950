import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CloudFormationClient,
  type CloudFormationClientConfig,
  CreateStackCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { noSuchEnvironment } from '../../aws-api/errors.ts';
import type { Project } from '../../config/project.ts';

export interface RehearsedEnvironment {
  readonly environment: string;
  readonly account: string;
  readonly region: string;
  readonly role: string;
}

/** The environment that is rehearsed: the named one, or the first that may be destroyed again. @throws TandemError `no-such-environment` */
export function rehearsedEnvironment(project: Project, name: string | undefined): RehearsedEnvironment {
  const all = [...project.environments.values()];
  const found =
    name === undefined
      ? (all.find((each) => !each.value.aws.terminationProtection) ?? all[0])
      : project.environments.get(name);
  if (found === undefined)
    throw noSuchEnvironment(
      name ?? '',
      all.map((each) => each.name),
    );
  const { account, region, role } = found.value.aws;
  return { environment: found.name, account, region, role };
}

const TEMPLATE = join(import.meta.dirname, '../../../docs/examples/aws/deploy-role.json');
const STACK = 'tandem-deploy-role';

/** What an account's administrator does once: the role that deploys. Does nothing where it exists. */
export async function createDeployRole(
  config: Pick<CloudFormationClientConfig, 'credentials'> & {
    readonly endpoint: string;
    readonly region: string;
    readonly role: string;
  },
): Promise<void> {
  const { role, ...rest } = config;
  const client = new CloudFormationClient(rest);
  try {
    const parameters = [{ ParameterKey: 'RoleName', ParameterValue: role }];
    await client.send(
      new CreateStackCommand({
        ...{ StackName: STACK, TemplateBody: readFileSync(TEMPLATE, 'utf8'), Parameters: parameters },
        Capabilities: ['CAPABILITY_NAMED_IAM'],
      }),
    );
    for (let status = ''; !status.endsWith('_COMPLETE'); ) {
      const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: STACK }));
      status = Stacks[0]?.StackStatus ?? '';
    }
  } catch (error) {
    if (!(error instanceof Error && error.name.startsWith('AlreadyExists'))) throw error;
  } finally {
    client.destroy();
  }
}
