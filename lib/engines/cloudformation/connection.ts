import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { AwsConnection, AwsTarget } from '../../aws-api/connection.ts';
import { ATTEMPTS, connect } from '../../aws-api/session.ts';

/** An account and Region with CloudFormation's client. */
export interface CloudFormationConnection extends AwsConnection {
  readonly cloudFormation: CloudFormationClient;
}

/** @throws TandemError `wrong-account`, `wrong-region`, `wrong-role`, `no-aws-credentials`, `aws-…` */
export async function connectCloudFormation(
  target: AwsTarget,
  environment: NodeJS.ProcessEnv,
  operator: string,
): Promise<CloudFormationConnection> {
  const connection = await connect(target, environment, operator);
  const { region, credentials } = connection;
  return { ...connection, cloudFormation: new CloudFormationClient({ region, credentials, maxAttempts: ATTEMPTS }) };
}
